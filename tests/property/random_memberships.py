"""Random memberships, readings of the terms, and changes of them: parts of `random_configs`."""

import datetime as dt
from fractions import Fraction
from random import Random
from typing import Any

from models.policy.np_admission import (
    Admission,
    AdmissionGround,
    Antisocial,
    GroundChance,
    Identifiers,
    IdentityChecks,
)
from models.policy.np_conduct import Conduct, Indemnity, Particulars
from models.products.np_membership import Death, MembershipTerms, Requests, Tier, Withdrawal
from sim.policy_changes import Change

ACTIONS = ("none", "suspend", "cancel", "suspend_then_cancel")


def some(random: Random, highest: float) -> float:
    """Draw a share that is 0 half of the time."""
    return random.choice((0.0, random.random() * highest))


def np_membership(random: Random, start: dt.date) -> MembershipTerms:
    """Draw the terms of membership."""
    return MembershipTerms(
        admission=admission(random),
        identifiers=Identifiers(
            shared_phone=some(random, 0.4),
            shared_email=some(random, 0.4),
            keys=random.choice((("phone", "email"), ("email",))),
        ),
        antisocial=Antisocial(
            rate=some(random, 0.1),
            former_rate=some(random, 0.2),
            suspicions_per_month=some(random, 0.2),
            inquiry_days=random.choice((1, 30)),
            uncooperative=some(random, 1.0),
        ),
        identity_checks=IdentityChecks(
            asked_share=some(random, 1.0),
            before_admission=random.random() < 0.3,
            never_finish=some(random, 0.6),
            deadline_days=random.choice((1, 30)),
            cancel_days=random.choice((31, 90)),
        ),
        particulars=Particulars(
            moves_per_month=some(random, 0.3),
            unreported=some(random, 1.0),
            found_out=some(random, 0.5),
            mailbox_dies_per_month=some(random, 0.1),
            deem_withdrawn=random.random() < 0.7,
            email_lag_days=random.choice((0, 2)),
        ),
        conduct=conduct(random),
        indemnity=Indemnity(
            scope=random.choice(("court_cost", "all_cost")),
            damages_enabled=random.random() < 0.5,
        ),
        withdrawal=Withdrawal(
            requests_per_month=some(random, 0.1),
            erasures_per_month=some(random, 0.05),
            permit_with_debt=random.random() < 0.6,
            accelerate=random.random() < 0.7,
            ask_again_days=random.choice((3, 30)),
        ),
        death=Death(
            per_month=some(random, 0.1),
            estate_days=90,
            estate_recovery=Fraction(random.randrange(4), 3),
        ),
        requests=Requests(disclosures_per_month=some(random, 0.2), disclosure_fee_yen=500),
        outages=tuple(
            start + dt.timedelta(days=random.randrange(90)) for _ in range(random.randrange(4))
        ),
        tiers=random.choice(
            ((), (Tier(from_uses=2, points_percent=150, limit_cap_yen=70_000), Tier(from_uses=9)))
        ),
    )


def admission(random: Random) -> Admission:
    """Draw who is refused."""
    grounds: dict[str, Any] = {
        ground.name.lower(): GroundChance(
            counts=random.random() < 0.8, exists=some(random, 0.1), feared=some(random, 0.03)
        )
        for ground in AdmissionGround
    }
    return Admission(
        incomplete_share=some(random, 0.1),
        screening_delay_days=random.choice((0, 0, 3)),
        guest_share=some(random, 1.0),
        age_of_majority=random.choice((18, 25)),
        seen_at_screening=random.random(),
        found_later=random.random(),
        found_within_days=random.choice((5, 90)),
        **grounds,
    )


def conduct(random: Random) -> Conduct:
    """Draw what the lender does on the grounds of NP-7.1."""
    pick: Any = random.choice
    return Conduct(
        false_declaration=pick(ACTIONS),
        breach=pick(ACTIONS),
        credit=pick(ACTIONS),
        cash_out=pick(ACTIONS),
        suspension_days=pick((3, 30)),
        false_declarations_per_month=some(random, 0.1),
        breaches_per_month=some(random, 0.1),
        unsuitable_below=pick((-1000.0, 20.0)),
        merchant_doubts_per_month=some(random, 0.1),
        merchant_doubt_days=pick((1, 14)),
    )


def readings_of_late_terms(random: Random) -> dict[str, Any]:
    """Draw how the terms on late payment are read."""
    return {
        "base": random.choice(("price_and_fees", "all_debts")),
        "split_years": random.random() < 0.7,
        "acceleration_day_counts": random.random() < 0.7,
        "admin_fee_trigger": random.choice(("overdue_payable", "use_continues")),
    }


def readings(random: Random) -> dict[str, Any]:
    """Draw how the terms of atone are read."""
    pick: Any = random.choice
    return {
        "high_bill_test": pick(("with_chosen_fee", "price_only")),
        "limit_counts_fees": random.random() < 0.3,
        "accelerate_on_arrears": pick(("none", "none", "at_lawfirm", "at_suspend")),
        "method_lock": pick(("after_closing_date", "on_closing_date")),
        "method_persists": random.random() < 0.8,
        "payment_stop": random.random() < 0.4,
        "wait_for_advance": random.random() < 0.3,
        "allow_partial": random.random() < 0.4,
        "partial_payment": Fraction(random.randrange(4), 3),
        "immediate_claims": pick(("next_bill", "due_same_day")),
        "failed_debit_extends_days": pick((0, 0, 7)),
        "debit_retries": pick((0, 0, 2)),
        "release_probability": pick((1.0, 1.0, 0.5)),
    }


def changes(random: Random, start: dt.date) -> tuple[Change, ...]:
    """Draw changes of the terms."""
    values = (
        {"products.atone.late.rate": [random.choice((0, 73, 300)), 1000]},
        {"products.atone.late.base": "all_debts"},
        {"products.atone.late.admin_fee_days": [4, 30]},
        {"products.atone.fees.other_yen": 400, "products.atone.due.invoice": 3},
        {"products.atone.limit_cap_yen": 20_000},
        {"screening.score.cut_off": 20.0, "economics.payout_lag_days": 3},
        {"collections.write_off.day": 50, "products.np_membership.outages": []},
        {"collections.call_desk.sessions": 2, "collections.call_desk.retry_days": 7},
        {"collections.law_firm.rounds": 2, "collections.law_firm.mean_minutes": 60.0},
        {"screening.review_desk.mean_minutes": 90.0, "policy.cash_out.detected_share": 0.1},
        {"behaviour.repayment.forgets": 0.4, "behaviour.hardship.per_month": 0.2},
    )
    dates = sorted(
        start + dt.timedelta(days=random.randrange(150)) for _ in range(random.randrange(4))
    )
    return tuple(Change(on=date, set=dict(random.choice(values))) for date in dates)
