"""The one error that means: what the user gave cannot be used."""


class InputError(ValueError):
    """Input that cannot be used; the message names the place, the value and what is allowed."""
