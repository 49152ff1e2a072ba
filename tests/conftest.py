"""What holds for all tests."""

from hypothesis import settings

# The same examples each time, however long one takes: nothing here is random or timed.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")
