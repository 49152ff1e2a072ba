"""Admission at Net Protections told case by case: grounds, identifiers, identity checks, guests."""

from typing import TYPE_CHECKING, Any

import pytest

from sim.engine.state.portfolio import Status

if TYPE_CHECKING:
    from tests.functional.conftest import Story, Tell

GROUNDS = (
    "false_data",
    "another_person",
    "minor_without_consent",
    "antisocial",
    "earlier_breach",
    "not_resident",
    "for_profit",
    "no_email",
    "duplicate",
    "conduct",
    "unsuitable",
)


def membership(**sections: object) -> dict[str, Any]:
    """Give the products section with membership terms."""
    return {"np_membership": sections}


def status_of(story: "Story", member: int = 0) -> Status:
    """Give the state of a member."""
    return Status(int(story.world.members.status[member]))


@pytest.mark.clause("NP-2.4", "NP-2.4(1)", "NP-2.4(11)")
@pytest.mark.parametrize(("number", "ground"), list(enumerate(GROUNDS, start=1)))
@pytest.mark.parametrize("kind", ["exists", "feared"])
def test_each_ground_that_exists_or_is_feared_refuses_an_applicant(
    tell: "Tell", number: int, ground: str, kind: str
) -> None:
    admission = {ground: {kind: 1.0}, "seen_at_screening": 1.0, "age_of_majority": 30}
    story = tell(products=membership(admission=admission)).member(0, age=18)
    story.applies("2026-01-05").through("2026-01-06")
    assert status_of(story) == Status.REJECTED
    refusals = story.events.filter(story.events["activity"] == "admission_refused")
    assert refusals["reference"].to_list() == [number]
    assert refusals["clause"].to_list() == ["NP-2.4"]


@pytest.mark.clause("NP-2.4")
def test_a_ground_that_does_not_count_refuses_nobody(tell: "Tell") -> None:
    admission = {"for_profit": {"exists": 1.0, "counts": False}, "seen_at_screening": 1.0}
    story = tell(products=membership(admission=admission))
    story.applies("2026-01-05").through("2026-05-05")
    assert status_of(story) == Status.ACTIVE


@pytest.mark.clause("NP-2.4")
@pytest.mark.parametrize("kind", ["exists", "feared"])
def test_later_only_a_ground_that_exists_revokes_an_approval(tell: "Tell", kind: str) -> None:
    admission = {
        "false_data": {kind: 1.0 if kind == "exists" else 0.0},
        "seen_at_screening": 0.0,
        "found_later": 1.0,
        "found_within_days": 60,
    }
    story = tell(products=membership(admission=admission))
    story.applies("2026-01-05").through("2026-03-10")
    revoked = story.dates("approval_revoked")
    assert status_of(story) == (Status.CANCELLED if kind == "exists" else Status.ACTIVE)
    assert [date for date in revoked if "2026-01-05" < date <= "2026-03-06"] == revoked
    assert len(revoked) == (kind == "exists")


@pytest.mark.clause("NP-2.4")
@pytest.mark.parametrize(("age", "status"), [(17, Status.REJECTED), (18, Status.ACTIVE)])
def test_consent_is_needed_below_the_age_of_majority_only(
    tell: "Tell", age: int, status: Status
) -> None:
    admission = {"minor_without_consent": {"exists": 1.0}, "seen_at_screening": 1.0}
    story = tell(products=membership(admission=admission)).member(0, age=age)
    story.applies("2026-01-05").through("2026-01-06")
    assert status_of(story) == status


@pytest.mark.clause("NP-2.1")
def test_an_incomplete_application_is_not_accepted(tell: "Tell") -> None:
    story = tell(products=membership(admission={"incomplete_share": 1.0}))
    story.applies("2026-01-05").through("2026-01-06")
    assert status_of(story) == Status.REJECTED
    assert story.dates("application_incomplete") == ["2026-01-05"]


@pytest.mark.clause("NP-2.2", "NP-2.3")
def test_membership_begins_when_the_approval_is_sent(tell: "Tell") -> None:
    story = tell(products=membership(admission={"screening_delay_days": 4}))
    story.applies("2026-01-05").buys("2026-01-07", 1_000).buys("2026-01-10", 1_000)
    story.through("2026-01-12")
    assert story.dates("application_approved") == ["2026-01-09"]
    assert story.world.members.joined_day[0] == 8
    assert story.dates("declined_not_active") == ["2026-01-07"]
    assert story.dates("purchase_authorised") == ["2026-01-10"]


@pytest.mark.clause("NP-2.7")
def test_a_guest_brings_the_record_of_earlier_uses_along(tell: "Tell") -> None:
    screening = {"score": {"start": 30.0, "per_np_use": 2.0, "cut_off": 34.0}}
    for share, status in ((0.0, Status.REJECTED), (1.0, Status.ACTIVE)):
        terms = membership(admission={"guest_share": share, "guest_uses": 2})
        story = tell(products=terms, screening=screening).member(0, np_uses=0)
        story.applies("2026-01-05").through("2026-01-06")
        assert status_of(story) == status


@pytest.mark.clause("NP-4.1", "NP-2.4(9)", "NP-9.1(6)")
@pytest.mark.parametrize(
    ("keys", "column", "second"),
    [
        (("phone", "email"), "phone", Status.REJECTED),
        (("phone", "email"), "email", Status.REJECTED),
        (("phone",), "email", Status.ACTIVE),
    ],
)
def test_who_gives_a_registered_phone_or_mail_is_refused_as_a_duplicate(
    tell: "Tell", keys: tuple[str, ...], column: str, second: Status
) -> None:
    terms = membership(
        identifiers={"shared_phone": 0.5, "keys": keys}, admission={"seen_at_screening": 1.0}
    )
    story = tell(population={"members": 3}, products=terms)
    story.member(1, **{column: 0})
    for member, date in enumerate(("2026-01-05", "2026-01-06", "2026-01-06")):
        story.applies(date, member=member)
    story.through("2026-01-08")
    states = [status_of(story, member) for member in range(3)]
    assert states == [Status.ACTIVE, second, Status.ACTIVE]


@pytest.mark.clause("NP-4.1")
def test_of_two_applications_of_one_morning_the_later_number_is_the_duplicate(
    tell: "Tell",
) -> None:
    terms = membership(identifiers={"shared_phone": 0.5}, admission={"seen_at_screening": 1.0})
    story = tell(population={"members": 2}, products=terms).member(0, phone=1)
    story.applies("2026-01-05", member=0).applies("2026-01-05", member=1).through("2026-01-06")
    assert [status_of(story, m) for m in range(2)] == [Status.ACTIVE, Status.REJECTED]


@pytest.mark.clause("NP-4.1")
def test_an_identifier_is_free_again_when_its_membership_has_ended(tell: "Tell") -> None:
    terms = membership(identifiers={"shared_phone": 0.5}, admission={"seen_at_screening": 1.0})
    story = tell(population={"members": 2}, products=terms).member(1, phone=0)
    story.applies("2026-01-05", member=0).applies("2026-02-05", member=1).through("2026-02-01")
    story.member(0, status=Status.WITHDRAWN, ended_day=30).through("2026-02-06")
    assert status_of(story, 1) == Status.ACTIVE


@pytest.mark.clause("NP-8.1", "NP-8.2", "NP-2.4(4)")
@pytest.mark.parametrize(("years", "status"), [(0, Status.ACTIVE), (10, Status.REJECTED)])
def test_former_members_of_antisocial_groups_count_within_the_cool_off(
    tell: "Tell", years: int, status: Status
) -> None:
    terms = membership(
        antisocial={"former_rate": 1.0, "cooloff_years": years},
        admission={"seen_at_screening": 1.0},
    )
    story = tell(products=terms).applies("2026-01-05").through("2026-01-06")
    assert status_of(story) == status


@pytest.mark.clause("NP-2.6")
def test_unfinished_identity_checks_restrict_at_the_deadline_and_end_the_membership_later(
    tell: "Tell",
) -> None:
    terms = membership(identity_checks={"asked_share": 1.0, "never_finish": 1.0})
    story = tell(products=terms).applies("2026-01-05")
    story.buys("2026-02-03", 1_000).buys("2026-02-04", 1_000).through("2026-05-01")
    assert story.dates("identity_unproven") == ["2026-02-04"]
    assert story.dates("identity_failed") == ["2026-04-05"]
    assert story.dates("purchase_authorised") == ["2026-02-03"]
    assert status_of(story) == Status.CANCELLED


@pytest.mark.clause("NP-2.6")
def test_proven_identity_lifts_the_restriction(tell: "Tell") -> None:
    checks = {
        "asked_share": 1.0,
        "never_finish": 0.0,
        "mean_days": 40.0,
        "deadline_days": 2,
        "cancel_days": 700,
    }
    story = tell(population={"members": 20}, products=membership(identity_checks=checks))
    for member in range(20):
        story.applies("2026-01-05", member=member)
    story.through("2026-06-20")
    late = [m for m in range(20) if story.dates("identity_unproven", member=m)]
    proven = [m for m in late if story.dates("identity_proven", member=m)]
    assert len(proven) > 5
    assert {status_of(story, m) for m in proven} == {Status.ACTIVE}
    for m in proven:
        assert story.dates("identity_proven", member=m)[0] > "2026-01-07"


@pytest.mark.clause("NP-2.6")
def test_an_applicant_who_never_proves_identity_is_refused_at_the_deadline(tell: "Tell") -> None:
    checks = {"asked_share": 1.0, "never_finish": 1.0, "before_admission": True}
    story = tell(products=membership(identity_checks=checks))
    story.applies("2026-01-05").through("2026-02-10")
    assert story.dates("identity_failed") == ["2026-02-04"]
    assert status_of(story) == Status.REJECTED
