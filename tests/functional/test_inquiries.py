"""Inquiries into uses: the bill stays due, dunning may wait, the merchant may return the price."""

from typing import Any

import numpy as np
import pytest

from sim.engine.uses.kinds import mark
from tests.functional.conftest import Story, Tell


def on_ground(ground: int, **terms: object) -> dict[str, Any]:
    """Give a policy by which every use is looked into on one ground."""
    shares = tuple(float(number == ground) for number in range(1, 14))
    return {"inquiries": {"shares": shares, "within_days": 1, **terms}}


def bought(story: Story, date: str, yen: int) -> Story:
    """Buy something; what is planned for a use is drawn as for any other."""
    story.buys(date, yen)
    mark(story.world, np.array([story.world.purchases.size - 1]))
    return story


@pytest.mark.clause("NP-31.2", "NP-28.7", "NP-29.3", "LEN-05")
def test_a_charge_back_after_the_closing_leaves_the_bill_and_becomes_a_credit(tell: Tell) -> None:
    story = bought(tell(policy=on_ground(9, charge_back_share=1.0)), "2026-01-20", 6_000)
    story.through("2026-02-22")
    assert story.dates("inquiry_opened") == ["2026-01-23"]
    assert story.world.members.disputed_until[0] == story.day("2026-02-22")
    assert story.dates("charged_back") == ["2026-02-22"]
    assert story.total("purchase_returned") == story.total("merchant_refunded") + 180 == 6_000
    story.buys("2026-03-05", 8_000).through("2026-03-31")
    assert story.total("principal_netted") == 5_752
    assert story.residuals() == {}


@pytest.mark.clause("NP-31.2", "NP-28.7", "C-26")
@pytest.mark.parametrize(("ground", "share"), [(8, 0.0), (2, 1.0), (10, 1.0), (11, 1.0)])
def test_without_a_charge_back_the_claim_stands_as_billed(
    tell: Tell, ground: int, share: float
) -> None:
    policy = on_ground(ground, charge_back_share=share)
    story = bought(tell(policy=policy), "2026-01-20", 6_000).member(0, pay_method=3)
    story.through("2026-03-31")
    assert story.dates("inquiry_closed") == ["2026-02-22"]
    assert story.lines("principal_paid") == [("2026-02-27", "principal_paid", 6_000)]


@pytest.mark.clause("NP-28.6", "NP-28.7")
def test_a_bill_falls_due_while_the_question_is_open(tell: Tell) -> None:
    story = bought(tell(policy=on_ground(8, days=60)), "2026-01-20", 6_000)
    story.everybody(carelessness=1).through("2026-02-11")
    assert story.dates("payment_missed") == ["2026-02-10"]
    assert story.world.members.disputed_until[0] > story.day("2026-02-11")


@pytest.mark.clause("NP-31.2")
@pytest.mark.parametrize(("pauses", "first"), [(True, "2026-03-25"), (False, "2026-02-12")])
def test_dunning_waits_for_the_end_if_the_lender_waits(
    tell: Tell, *, pauses: bool, first: str
) -> None:
    ladder = ({"day": 2, "action": "message"},)
    policy = on_ground(8, days=60, charge_back_share=0.0, pauses_dunning=pauses)
    story = bought(tell(policy=policy, collections={"ladder": ladder}), "2026-01-20", 6_000)
    story.world.persons.never_pays[:] = True
    story.through("2026-04-30")
    assert story.dates("contact_sent") == [first]


@pytest.mark.clause("NP-31.2")
@pytest.mark.parametrize(("day", "sent"), [(41, "2026-03-25"), (42, "2026-03-25")])
def test_dunning_begins_on_the_morning_after_the_inquiry(tell: Tell, day: int, sent: str) -> None:
    # Due on 10 February; the inquiry of 23 January ends with 24 March, day 42 past due.
    ladder = ({"day": day, "action": "message"},)
    policy = on_ground(8, days=60, charge_back_share=0.0)
    story = bought(tell(policy=policy, collections={"ladder": ladder}), "2026-01-20", 6_000)
    story.world.persons.never_pays[:] = True
    story.through("2026-04-30")
    assert story.dates("inquiry_closed") == ["2026-03-24"]
    assert story.dates("contact_sent") == [sent]


@pytest.mark.clause("NP-31.2", "NP-9.1", "NP-7.1")
@pytest.mark.parametrize("ground", [1, 4, 5, 7])
def test_a_proven_breach_stops_the_account(tell: Tell, ground: int) -> None:
    story = bought(tell(policy=on_ground(ground, breach_share=1.0)), "2026-01-05", 6_000)
    story.through("2026-02-28")
    assert story.dates("breach_found") == ["2026-02-07"]
    assert story.dates("member_suspended") == ["2026-02-08"]


@pytest.mark.clause("NP-31.2", "NP-24.5")
def test_a_mistaken_order_is_taken_off_the_open_bill_where_it_may_be_charged_back(
    tell: Tell,
) -> None:
    policy = on_ground(3, charge_back_share=1.0, charge_back_grounds=(3,), days=5)
    story = bought(tell(policy=policy), "2026-01-05", 6_000).through("2026-02-28")
    assert story.total("purchase_cancelled") == 6_000
    assert story.lines("service_fee") == []
