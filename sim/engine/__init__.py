"""Clock, nightly posting, drivers, cases and desks."""
