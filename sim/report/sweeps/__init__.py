"""The report of a sweep: its page, its tables, its figures."""
