"""What is written down while a pass runs: postings, events, tallies, and their sums."""
