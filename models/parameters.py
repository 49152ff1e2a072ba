"""The form of every configurable parameter: frozen, documented, checked at the door.

A section of the configuration is a subclass of `Parameters`; a field is declared with
`parameter`, which asks for the unit and the source (a clause id such as ``NP-30.1``, a section
of the fact base such as ``facts 6.1``, or the word ``assumption``) beside the default.
"""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    WithJsonSchema,
)


class Parameters(BaseModel):
    """A frozen section of the configuration; unknown keys and wrong types are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, allow_inf_nan=False
    )


def parameter(default: Any, doc: str, *, unit: str, source: str, **bounds: Any) -> Any:
    """Declare one parameter.

    Parameters
    ----------
    default
        Value used when the configuration is silent.
    doc
        One sentence: what the parameter means.
    unit
        Unit of the value ("yen", "days", "share", "-", ...).
    source
        Clause id, fact section or "assumption"; several are separated by "; ".
    **bounds
        Limits as pydantic knows them (``ge``, ``gt``, ``le``, ``lt``, ``min_length``, ...).
    """
    extra: dict[str, JsonValue] = {"unit": unit, "source": source}
    return Field(default, description=doc, json_schema_extra=extra, **bounds)


def _fraction(value: object) -> Fraction:
    """Read an exact rate from two integers."""
    match value:
        case Fraction():
            rate = value
        case [int(numerator), int(denominator)] if denominator > 0 and not (
            isinstance(numerator, bool) or isinstance(denominator, bool)
        ):
            rate = Fraction(numerator, denominator)
        case _:
            raise ValueError(
                "a rate is written [numerator, denominator], two integers, denominator above 0"
            )
    if not 0 <= rate <= 1:
        raise ValueError(f"the rate {rate} lies outside 0 to 1")
    return rate


Rate = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    PlainSerializer(lambda rate: [rate.numerator, rate.denominator]),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 2,
            "maxItems": 2,
            "description": "exact rate as [numerator, denominator]",
        }
    ),
]
"""An exact rate from 0 to 1, written ``[numerator, denominator]`` in a configuration."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A probability or share between 0 and 1."""
