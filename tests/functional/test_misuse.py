"""Third parties on a member's account: stop, relief, release of the debt wherever it stands."""

import numpy as np
import pytest

from models.arrays import Ints
from models.members.misuse import User
from sim.engine.agenda import Task
from sim.engine.state.portfolio import PurchaseStatus, Stop
from sim.engine.state.script import Script
from tests.functional.conftest import Story, Tell
from tests.functional.losses import report_loss

ALWAYS = {"relief_share": 1.0, "exclusion_share": 0.0, "credentials_liable_share": 0.0}
NEVER = {"relief_share": 0.0, "credentials_liable_share": 1.0, "card_liable_share": 1.0}


def stolen(story: Story, date: str, yen: int, user: User = User.THIEF) -> Story:
    """Let a third party use the account of member 0."""
    story.buys(date, yen)
    story.world.purchases.user[story.world.purchases.size - 1] = user
    return story


def noticed(story: Story, date: str, user: User = User.THIEF) -> Story:
    """Let the member tell the lender on a day that is still to be closed."""
    script = story.world.script or Script()

    def deed(day: int, rows: Ints) -> None:
        report_loss(story.world, day, rows, user)

    script.deeds.setdefault(story.day(date), []).append(deed)
    story.world.script = script
    story.world.agenda.schedule(Task.TOLD, np.array([story.day(date)]), np.array([0]))
    return story


@pytest.mark.clause("NP-33.2", "NP-33.3", "NP-32.3")
def test_a_notice_stops_all_use_for_the_days_of_the_inquiry(tell: Tell) -> None:
    story = tell(policy={"relief": {"stop_days": 14}})
    stolen(story, "2026-01-05", 9_000)
    noticed(story, "2026-01-10").buys("2026-01-20", 500).buys("2026-01-26", 600)
    story.through("2026-01-15")
    assert story.world.members.stops[0] == Stop.FRAUD
    story.through("2026-01-31")
    assert story.dates("misuse_suspected") == ["2026-01-11"]
    assert story.dates("misuse_stop_ended") == ["2026-01-25"]
    assert story.dates("declined_overdue") == ["2026-01-20"]
    assert [yen for _, _, yen in story.happened("purchase_authorised")] == [9_000, 600]


@pytest.mark.clause("NP-33.1", "LEN-07")
def test_a_relieved_use_on_the_open_bill_is_taken_off_and_bears_no_fee(tell: Tell) -> None:
    story = stolen(tell(policy={"relief": ALWAYS}), "2026-01-03", 9_000).buys("2026-01-04", 2_000)
    noticed(story, "2026-01-08").through("2026-02-28")
    assert story.lines("exempted") == [("2026-01-22", "exempted", 9_000)]
    assert story.total("principal_paid", "principal_netted") == 0
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 2_248)]
    assert story.total("merchant_paid", "merchant_discount") == 11_000
    assert story.residuals() == {}


@pytest.mark.clause("NP-33.1", "NP-29.3")
def test_a_relieved_use_leaves_the_closed_bill_with_its_fee(tell: Tell) -> None:
    story = stolen(tell(policy={"relief": ALWAYS}), "2026-01-20", 9_000).buys("2026-01-21", 2_000)
    noticed(story, "2026-01-25").through("2026-02-28")
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 11_496)]
    assert story.total("exempted") == 9_000
    assert story.total("exempted_fee", "exempted_fee_tax") == 248
    dues = story.world.dues
    assert (dues.price_yen[0], dues.fee_yen[0]) == (2_000, 248)
    assert story.residuals() == {}


@pytest.mark.clause("NP-33.1", "NP-29.3", "NP-28.10")
def test_a_relieved_use_that_is_paid_already_becomes_a_credit(tell: Tell) -> None:
    story = tell(policy={"relief": ALWAYS | {"stop_days": 1}})
    stolen(story, "2026-01-20", 9_000).member(0, pay_method=3)
    noticed(story, "2026-03-02").through("2026-03-15")
    assert story.total("principal_paid") == 9_000
    assert story.total("exempted_paid") == 9_000
    assert story.total("exempted_fee_paid", "exempted_fee_tax_paid") == 99
    assert story.world.members.credit_yen[0] == 9_099
    assert story.residuals() == {}


@pytest.mark.clause("NP-33.1", "LEN-07", "NP-30.1")
def test_what_is_released_is_no_longer_dunned_and_its_late_damages_go_with_it(tell: Tell) -> None:
    ladder = ({"day": 2, "action": "message"}, {"day": 20, "action": "letter"})
    story = tell(policy={"relief": ALWAYS}, collections={"ladder": ladder})
    stolen(story, "2026-01-20", 9_000)
    noticed(story, "2026-02-05").through("2026-04-30")
    assert story.dates("payment_missed") == ["2026-02-10"]
    assert story.total("late_damages") == story.total("exempted_late_damages") > 0
    assert story.dates("contact_sent") == ["2026-02-12"]
    assert story.dates("use_released") == ["2026-02-20"]
    assert story.world.members.overdue_since[0] == -1
    assert story.residuals() == {}


@pytest.mark.clause("NP-33.1", "COLL-11")
def test_a_debt_given_up_before_turns_into_a_loss_by_fraud(tell: Tell) -> None:
    story = tell(
        policy={"relief": ALWAYS | {"window_days": 365}},
        collections={"write_off": {"day": 40, "quiet_days": 0}},
    )
    stolen(story, "2026-01-20", 9_000)
    story.everybody(carelessness=1)
    story.world.persons.never_pays[:] = True
    noticed(story, "2026-04-05").through("2026-05-31")
    written_off = story.total(
        "principal_written_off", "fee_written_off", "late_damages_written_off"
    )
    assert story.total("exempted_written_off") == written_off > 9_248
    assert story.residuals() == {}


@pytest.mark.reading("policy.relief.inclusive")
@pytest.mark.clause("NP-33.1", "C-09")
@pytest.mark.parametrize(
    ("inclusive", "date", "released"),
    [(False, "2026-01-30", 5_000), (False, "2026-01-29", 0), (True, "2026-01-30", 0)],
)
def test_only_uses_within_the_window_are_released(
    tell: Tell, *, inclusive: bool, date: str, released: int
) -> None:
    story = tell(policy={"relief": ALWAYS | {"inclusive": inclusive}})
    noticed(stolen(story, date, 5_000), "2026-03-31").through("2026-04-30")
    assert story.total("exempted", "exempted_paid") == released


@pytest.mark.clause("NP-34.1", "NP-34.2", "NP-54.1", "NP-54.2")
@pytest.mark.parametrize(
    ("user", "kind"),
    [(User.ID_THIEF, "id_use_exempted"), (User.CARD_THIEF, "card_use_exempted")],
)
def test_credentials_and_card_numbers_have_no_window_but_grounds_of_liability(
    tell: Tell, user: User, kind: str
) -> None:
    free = {**ALWAYS, "card_liable_share": 0.0, "relief_share": 0.0}
    for terms, events in ((free, 1), (NEVER, 0)):
        story = stolen(tell(policy={"relief": terms}), "2026-01-10", 5_000, user)
        noticed(story, "2026-03-31", user).through("2026-04-30")
        assert len(story.dates(kind)) == events
        assert len(story.dates("member_liable")) == 1 - events
        assert story.total("exempted", "exempted_paid") == 5_000 * events


@pytest.mark.reading("policy.relief.regime")
@pytest.mark.clause("NP-33.1", "NP-34.1", "C-72")
@pytest.mark.parametrize(("regime", "released"), [("by_cause", 0), ("member_friendly", 5_000)])
def test_a_lost_device_falls_under_its_own_rule_or_under_that_of_credentials(
    tell: Tell, regime: str, released: int
) -> None:
    terms = {"regime": regime, "relief_share": 0.0, "credentials_liable_share": 0.0}
    story = stolen(tell(policy={"relief": terms}), "2026-01-10", 5_000)
    noticed(story, "2026-01-12").through("2026-02-28")
    assert story.total("exempted", "exempted_paid") == released


@pytest.mark.clause("NP-34.3", "NP-54.3", "NP-29.1", "NP-14.2")
@pytest.mark.parametrize(
    ("user", "kind"),
    [(User.ID_THIEF, "misuse_damage_claimed"), (User.CARD_THIEF, "card_damage_claimed")],
)
def test_further_damage_is_claimed_if_the_lender_does_so_and_paid_first(
    tell: Tell, user: User, kind: str
) -> None:
    story = tell(policy={"relief": NEVER | {"extra_damage": True, "damage_yen": 700}})
    noticed(stolen(story, "2026-01-10", 5_000, user), "2026-01-12", user).through("2026-01-31")
    assert story.total(kind) == 700
    assert story.world.dues.cost_yen[0] == 700
    story.through("2026-04-30")
    assert story.residuals() == {}


@pytest.mark.clause("LEN-07", "LEN-05")
def test_a_charge_back_takes_the_loss_off_the_lender(tell: Tell) -> None:
    story = tell(policy={"relief": ALWAYS | {"charge_back_share": 1.0}})
    noticed(stolen(story, "2026-01-03", 9_000), "2026-01-25").through("2026-03-31")
    assert story.total("exempted_charged_back") == 9_000
    assert story.total("merchant_paid") == story.total("merchant_refunded") == 9_000 - 270
    assert story.residuals() == {}


@pytest.mark.clause("NP-33.1", "NP-26")
def test_the_fee_stays_if_only_the_price_is_released(tell: Tell) -> None:
    story = tell(policy={"relief": ALWAYS | {"scope": "price"}})
    noticed(stolen(story, "2026-01-20", 9_000), "2026-01-25").through("2026-02-28")
    assert story.world.dues.fee_yen[0] == 248
    assert story.total("exempted_fee") == 0


@pytest.mark.clause("NP-33.1", "NP-34.1", "NP-54.1")
def test_hazards_let_third_parties_buy_until_the_notice(tell: Tell) -> None:
    story = tell(
        population={"members": 200},
        behaviour={"misuse": {"loss_per_month": 0.3, "credentials_per_month": 0.3}},
        policy={"relief": ALWAYS},
    )
    story.through("2026-06-30")
    assert len(story.dates("misuse_began")) > 200
    assert len(story.dates("use_exempted")) > 50
    assert len(story.dates("id_use_exempted")) > 50
    table = story.world.purchases
    exempted = table.status[: table.size] == PurchaseStatus.EXEMPTED
    assert (table.user[: table.size][exempted] >= User.THIEF).all()
    assert story.residuals() == {}
