"""One pass: the clock, the agenda, the night and its steps, the two drivers, pausing."""
