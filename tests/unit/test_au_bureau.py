"""The credit bureau: what is registered, for how long, and who sees it."""

import datetime as dt

import numpy as np
import pytest
from pydantic import ValidationError

from models.policy.bureau import (
    NEVER,
    NOTHING,
    Bureau,
    BureauUse,
    Files,
    View,
    expiry_days,
    is_reportable,
    months_later,
    query,
)

START = dt.date(2026, 1, 1)
BUREAU = Bureau()


def files(inquired: int = -1, opened: int = -1, ended: int = -1, arrears: int = -1) -> Files:
    """Give the files of one person."""
    return Files(*(np.array([day]) for day in (inquired, opened, ended, arrears)))


def view(known: Files, day: int, asks: BureauUse = BUREAU.au) -> View:
    """Ask for one person's files at au Financial Service."""
    return query(BUREAU, asks, BUREAU.au, START, known, day)


def day(date: str) -> int:
    """Give the index of a date."""
    return (dt.date.fromisoformat(date) - START).days


def test_months_are_clipped_to_short_ones() -> None:
    found = months_later(START, np.array([day("2026-08-31"), day("2026-01-15"), -1]), 6)
    assert found.tolist() == [day("2027-02-28"), day("2026-07-15"), day("2026-06-30")]


@pytest.mark.clause("AUX-CIC(2)", "AU-18.1")
def test_an_application_is_seen_for_six_months_refused_or_not() -> None:
    asked = files(inquired=day("2026-03-10"))
    assert view(asked, day("2026-09-10")).has_inquiry.tolist() == [True]
    assert view(asked, day("2026-09-11")).has_inquiry.tolist() == [False]
    assert view(asked, day("2026-03-09")).has_inquiry.tolist() == [False]


@pytest.mark.clause("AUX-CIC(3)", "AUX-CIC(4)")
def test_contract_and_arrears_are_kept_for_five_years_after_the_end() -> None:
    ended = files(opened=10, ended=day("2026-06-15"), arrears=day("2026-04-01"))
    last, after = view(ended, day("2031-06-15")), view(ended, day("2031-06-16"))
    assert (last.has_contract.tolist(), last.is_derogatory.tolist()) == ([True], [True])
    assert (after.has_contract.tolist(), after.is_derogatory.tolist()) == ([False], [False])


@pytest.mark.clause("AUX-CIC(3)", "AUX-CIC(4)")
def test_nothing_expires_while_the_contract_lasts() -> None:
    last = expiry_days(BUREAU.cic, START, files(opened=3, arrears=90))
    assert [int(day[0]) for day in last] == [NOTHING, NEVER, NEVER]


@pytest.mark.clause("AUX-CIC(1)")
def test_identity_data_are_kept_with_any_other_item() -> None:
    assert view(files(inquired=5), 6).has_identity.tolist() == [True]
    assert view(files(), 6).has_identity.tolist() == [False]


@pytest.mark.clause("AU-15.1", "AUX-CIC-P", "ART-08", "C-43")
def test_the_np_products_ask_nothing_and_report_nothing() -> None:
    bad = files(inquired=5, opened=5, arrears=70)
    assert not any(flag.any() for flag in view(bad, 100, asks=BUREAU.np))
    assert not any(flag.any() for flag in query(BUREAU, BUREAU.au, BUREAU.np, START, bad, 100))
    assert view(bad, 100).is_derogatory.tolist() == [True]


@pytest.mark.clause("AU-15.2", "C-43")
def test_who_reports_nothing_has_no_files() -> None:
    changed = Bureau(au=BureauUse(report=False))
    bad = files(opened=5, arrears=70)
    assert query(changed, changed.au, changed.au, START, bad, 90).is_derogatory.tolist() == [False]


@pytest.mark.clause("ART-08", "C-43")
@pytest.mark.parametrize("use", [{"inquiry": True}, {"report": True}])
def test_net_protections_cannot_be_made_to_ask_or_report(use: dict[str, bool]) -> None:
    with pytest.raises(ValidationError, match="neither asks nor reports"):
        Bureau.model_validate({"np": {"inquiry": False, "report": False, **use}})


@pytest.mark.clause("AUX-CIC(4)")
def test_arrears_are_reported_from_day_61_or_at_a_graver_event() -> None:
    days = np.array([60, 61, 1, 1, 1])
    events = (np.arange(5) == position for position in (2, 3, 4))
    assert is_reportable(BUREAU.cic, days, *events).tolist() == [False, True, True, True, True]
