"""Scripts of au PAY Atobarai written as text, and the lines of the accounts that they make."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.account import Account, load_script, play

ACCOUNTS = Path(__file__).parents[2] / "configs" / "accounts"
SCRIPT = """
product: au_pay
start: 2025-07-01
until: 2026-06-30
"""
MEMBER = "member: {limit: 500000, course: fixed, course_yen: 10000}\n"
REVOLVING = (
    MEMBER + "events:\n  - {on: 2025-07-20, purchase: 100000, plan: revolving, name: sofa}\n"
)


def account_of(tmp_path: Path, text: str) -> Account:
    """Play a script given as text."""
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT + text, encoding="utf-8")
    return play(*load_script(path))


def account_with(
    tmp_path: Path,
    terms: Mapping[str, Any],
    *events: str,
    course: str = "fixed",
    start: str = "2025-07-01",
    limit: int = 500_000,
) -> Account:
    """Play events, inner text of YAML mappings, under terms of au PAY; half a year and more."""
    first = dt.date.fromisoformat(start)
    script = {
        "product": "au_pay",
        "start": start,
        "until": f"{first.year + 1}-{first.month:02}-28",
        "member": {"limit": limit, "course": course, "course_yen": 10_000},
        "config": {"products": {"au_pay": terms}},
    }
    lines = [f"{name}: {json.dumps(value)}" for name, value in script.items()]
    path = tmp_path / "script.yaml"
    path.write_text("\n".join([*lines, "events:", *(f"  - {{{e}}}" for e in events)]), "utf-8")
    return play(*load_script(path))


def shipped(name: str) -> Account:
    """Play a shipped script."""
    return play(*load_script(ACCOUNTS / f"{name}.yaml"))


def lines_of(account: Account, *kinds: str) -> list[dict[str, Any]]:
    """Give the lines of some kinds."""
    return [row for row in account.rows() if row["kind"] in kinds]


def paid(account: Account, kind: str = "bill_paid") -> list[tuple[str, int]]:
    """Give date and yen of what was paid."""
    return [(str(row["date"]), int(row["yen"])) for row in lines_of(account, kind)]
