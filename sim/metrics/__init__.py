"""From integer facts to tables."""
