"""Scarce people: desks, the work that waits at them, who is there and when."""
