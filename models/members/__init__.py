"""The synthetic population and its behaviour."""
