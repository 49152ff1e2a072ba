"""What a replication hands back: one long table of integers, and how the state becomes its rows."""
