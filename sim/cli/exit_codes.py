"""Exit codes of the command ``tsuke``."""

UNUSABLE = 2
"""What a user gave wrong, or what cannot be written."""
FAILED = 1
"""Replications or points of a sweep that failed."""
INTERRUPTED = 130
"""Ctrl-C."""
