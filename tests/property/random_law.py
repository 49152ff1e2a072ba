"""Draw collection by law in which orders, objections, plans and petitions happen often."""

from random import Random

from models.policy.collections import Condition, LadderStep, Strategy
from models.policy.law import Law
from models.policy.law.desks import PaperDesk
from models.policy.law.execution import BankAttachment, Garnishment
from models.policy.law.insolvency import Insolvency
from models.policy.law.prescription import Prescription
from models.policy.law.proceedings import Court
from models.policy.law.settlement import DebtSettlement, MissedPlanPayment, SettlementChance
from models.policy.response import Response
from tests.property.random_draws import share
from tests.property.random_staffing import copied

PRIORITIES = ("first_come", "largest_claim", "best_record", "expected_recovery")


def law(random: Random) -> Law:
    """Draw the law, quick enough for the few months of a test; takes nothing from `random`."""
    pick = copied(random)
    return Law(
        court=_court(pick),
        clerk_desk=PaperDesk(
            clerks=pick.choice((0, 1, 1, 2)), mean_minutes=pick.choice((5.0, 400.0))
        ),
        court_desk=PaperDesk(clerks=pick.choice((1, 2)), mean_minutes=pick.choice((5.0, 200.0))),
        garnishment=Garnishment(
            probability=pick.choice((1.0, 0.7)),
            start_days=pick.choice((0, 5)),
            employer_known=pick.choice((0.3, 1.0)),
            search_days=pick.choice((0, 10)),
            recheck_days=pick.choice((5, 30)),
            leaves_job=share(pick, 0.6),
            priority=pick.choice(("pro_rata", "first_served")),
        ),
        bank_account=BankAttachment(probability=share(pick, 1.0), success=share(pick, 1.0)),
        settlement=_settlement(pick),
        insolvency=Insolvency(
            enabled=pick.random() < 0.7,
            per_year=share(pick, 0.3),
            late_per_year=share(pick, 0.9),
            late_from_day=pick.choice((1, 20)),
            rehabilitation=share(pick, 1.0),
            discharge_after_days=pick.choice((1, 30)),
            plan_after_days=pick.choice((1, 20)),
            n_payments=pick.choice((1, 3)),
        ),
        prescription=Prescription(years=1, years_of_title=2, pleads=share(pick, 1.0)),
    )


def _court(pick: Random) -> Court:
    """Draw who is sued, and how it goes."""
    return Court(
        probability=pick.choice((1.0, share(pick, 1.0))),
        rule=pick.choice(("minimum", "net_present_value")),
        minimum_claim_yen=pick.choice((1, 10_000)),
        route=pick.choice(("payment_order", "lawsuit", "cheaper")),
        service_days=pick.choice((1, 5)),
        service_failure=share(pick, 0.7),
        service_retry_days=3,
        objection_days=pick.choice((1, 7)),
        objection=share(pick, 1.0),
        request_days=pick.choice((1, 6)),
        request_window_days=pick.choice((6, 30)),
        second_service_days=pick.choice((1, 4)),
        second_objection=share(pick, 0.5),
        response=Response(forgetful=share(pick, 0.5), short=share(pick, 0.5), hardship=0.1),
        lawsuit_mean_days=pick.choice((1, 20)),
        lawsuit_sigma=pick.choice((0.0, 0.9)),
        creditor_wins=pick.choice((0.98, 0.5)),
        final_days=pick.choice((0, 3)),
    )


def _settlement(pick: Random) -> DebtSettlement:
    """Draw who retains an intermediary, and how plans go."""
    return DebtSettlement(
        enabled=pick.random() < 0.7,
        chance=SettlementChance(
            **{name: share(pick, 0.5) for name in SettlementChance.model_fields}
        ),
        include_all_lenders=pick.random() < 0.7,
        stop_lag_days=pick.choice((0, 0, 3)),
        plan_after_days=pick.choice((1, 15)),
        n_payments=pick.choice((1, 3, 36)),
        waive_future_damages=pick.random() < 0.7,
        missed_payments=pick.choice((1, 2)),
        missed=MissedPlanPayment(
            **{name: share(pick, 0.8) for name in MissedPlanPayment.model_fields}
        ),
    )


def sue_step(random: Random, after: int) -> LadderStep:
    """Draw the step to the court after the last other one."""
    pick = copied(random)
    when = Condition(
        from_yen=pick.choice((None, 3_000)), is_placed=pick.choice((None, True, False))
    )
    return LadderStep(day=after + pick.choice((1, 9)), action="sue", when=when)


def strategies(random: Random, ladder: tuple[LadderStep, ...]) -> tuple[Strategy, ...]:
    """Draw two strategies in a third of the cases: one on the ladder, one on a part of it."""
    pick = copied(random)
    if pick.random() < 0.66:
        return ()
    kept = tuple(step for step in ladder if pick.random() < 0.7)
    return (
        Strategy(name="champion", weight=pick.choice((1, 3))),
        Strategy(name="challenger", ladder=kept, call_priority=pick.choice(PRIORITIES)),
    )
