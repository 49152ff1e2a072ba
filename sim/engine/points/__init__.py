"""NP points: earned, held in lots that expire, and paid with."""
