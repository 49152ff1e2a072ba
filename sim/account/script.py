"""The script of an account: who the member is, and what happens on which day.

A YAML file flows in, a validated `Script` and the configuration it runs under flow out. A script
is data: it names purchases, payments and notices, never code.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, model_validator

from models.errors import InputError
from models.parameters import Parameters
from models.products.au_pay.plan_terms import PrepayWayName
from models.products.catalogue import PayMethodName
from sim.config import Config
from sim.config_loading import validate
from sim.yaml_source import KeyPath, Place, Value, YamlSource, read_yaml

DEEDS = (
    "purchase",
    "pay",
    "prepay",
    "return_",
    "switch",
    "payment_stop",
    "top_up",
    "empty_account",
    "withdraw",
)
"""Keys of an event of which it has exactly one (a reference to a purchase beside `prepay`)."""

Yen = Annotated[int, Field(ge=1, le=100_000_000)]
Reference = Annotated[int | str, Field(description="name of a purchase, or its number from 1")]


class Member(Parameters):
    """The member of a script."""

    limit: Annotated[int, Field(ge=0, le=10_000_000)] = 50_000
    pay_method: PayMethodName | None = None
    course: Literal["standard", "long", "fixed"] | None = None
    course_yen: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    all_revolving: bool = False
    age: Annotated[int, Field(ge=0, le=120)] = 40
    monthly_net_yen: Annotated[int, Field(ge=0, le=100_000_000)] = 250_000


class Event(Parameters):
    """One thing that happens: a day and exactly one deed."""

    on: dt.date
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "12:00"
    name: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    purchase: Yen | str | None = None
    plan: (
        Literal["one_time", "two_time", "bonus", "revolving", "instalments", "atone_instalments"]
        | None
    ) = None
    times: Annotated[int, Field(ge=2, le=36)] | None = None
    pay: Yen | Literal["due"] | None = None
    prepay: Yen | Literal["all"] | None = None
    way: PrepayWayName = "bank_transfer"
    agreed: bool = True
    return_: Reference | None = Field(None, alias="return")
    switch: Reference | None = None
    payment_stop: Reference | None = None
    top_up: Yen | None = None
    empty_account: Literal[True] | None = None
    withdraw: Literal[True] | None = None

    @property
    def deed(self) -> str:
        """Name what happens."""
        return next(name for name in _deeds_of(self))

    @model_validator(mode="after")
    def _is_one_deed(self) -> Self:
        deeds = _deeds_of(self)
        if len(deeds) != 1:
            found = ", ".join(name.rstrip("_") for name in deeds) or "none"
            allowed = ", ".join(name.rstrip("_") for name in DEEDS)
            raise ValueError(f"an event has exactly one deed, got {found}; allowed: {allowed}")
        if deeds == ["purchase"] and not isinstance(self.purchase, int):
            raise ValueError(f"purchase: got {self.purchase!r}; allowed: the price in yen")
        if self.switch is not None and self.plan not in ("revolving", "instalments"):
            raise ValueError(f"plan: got {self.plan!r}; allowed: revolving, instalments")
        if self.plan == "instalments" and self.times is None:
            raise ValueError("times: an instalment plan needs the number of payments")
        return self


def _deeds_of(event: Event) -> list[str]:
    """List the deeds that an event names; a purchase beside a prepayment is a reference."""
    deeds = [name for name in DEEDS if getattr(event, name) is not None]
    if "prepay" in deeds and "purchase" in deeds:
        deeds.remove("purchase")
    return deeds


class Script(Parameters):
    """One account from its first day to its last."""

    product: Literal["atone", "np_atobarai", "au_pay"]
    start: dt.date
    until: dt.date
    member: Member = Member()
    config: dict[str, JsonValue] = Field({}, description="what differs from the terms' defaults")
    events: Annotated[tuple[Event, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.until < self.start:
            raise ValueError(f"until: got {self.until}; allowed: {self.start} or later")
        for number, event in enumerate(self.events):
            if not self.start <= event.on <= self.until:
                raise ValueError(
                    f"events.{number}.on: got {event.on}; allowed: {self.start} to {self.until}"
                )
        return self


def load_script(path: str | Path) -> tuple[Script, Config]:
    """Read a script and the configuration that its account runs under.

    Parameters
    ----------
    path
        YAML file.

    Raises
    ------
    InputError
        If anything in it cannot be used; every problem is named with file and line.
    """
    source = read_yaml(path)
    script = validate(Script, source)
    quiet = quiet_config(script)
    changes = source.data.get("config", {})
    data = _merged(quiet, changes if isinstance(changes, dict) else {})
    return script, validate(Config, YamlSource(data, _places(source, Place(str(path)))))


def quiet_config(script: Script) -> dict[str, Value]:
    """Give the configuration in which nothing happens to the one member that is not told."""
    last = script.until
    months = (last.year - script.start.year) * 12 + last.month - script.start.month + 1
    never: dict[str, Value] = {"uses_per_year": 0.0}
    no_holds: dict[str, Value] = {"hold": {"share": 0.0, "new_member_share": 0.0}}
    no_letters: dict[str, Value] = {"ladder": [], "reminder_days": 0}
    return {
        "name": "account",
        "start": script.start.replace(day=1).isoformat(),
        "months": months,
        "population": {"members": 1},
        "products": {
            "atone": {"enabled": script.product != "au_pay"},
            "au_pay": {
                "enabled": script.product == "au_pay",
                "card": {"security_code_wrong_share": 0.0, "held_share": 0.0},
            },
        },
        "lenders": {
            "au": {"spending": never, "screening": no_holds, "collections": no_letters},
        },
        "behaviour": {
            "spending": never,
            "repayment": {"paid_twice_share": 0.0},
            "hardship": {"per_month": 0.0},
            "new_method_share": 0.0,
        },
        "screening": no_holds,
        "collections": no_letters,
        "macro": {"rho": 0.0},
        "output": {"events": "all"},
    }


def _merged(base: Mapping[str, Value], changes: Mapping[str, Any]) -> dict[str, Value]:
    """Lay changes over nested mappings."""
    result = dict(base)
    for key, value in changes.items():
        below = base.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        result[key] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return result


def _places(source: YamlSource, place: Place) -> dict[KeyPath, Place]:
    """Give the places of what a script changes in the configuration."""
    inner = {path[1:]: at for path, at in source.places.items() if path[:1] == ("config",)}
    return {(): place} | inner


def number_of(script: Script, reference: int | str, event: Event) -> int:
    """Find the purchase that an event refers to, counted from 0.

    Raises
    ------
    InputError
        If there is no such purchase before the event.
    """
    purchases = [e for e in script.events if e.deed == "purchase"]
    for number, purchase in enumerate(purchases):
        if reference in (purchase.name, number + 1) and purchase.on <= event.on:
            return number
    names = ", ".join(e.name or str(n) for n, e in enumerate(purchases, 1)) or "none"
    raise InputError(
        f"event on {event.on}: purchase {reference!r} is not known; allowed: {names}, made by then"
    )
