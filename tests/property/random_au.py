"""A strategy of configurations with au PAY Atobarai, alone or beside Net Protections."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from models.products.au_pay.membership_terms import ContinuingTerms
from models.products.au_pay.payment_terms import DueTerms, ForeignTerms, StatementTerms
from models.products.au_pay.plan_terms import (
    BonusTerms,
    InstalmentTerms,
    PeriodTerms,
    PlanMix,
    PlanTerms,
    PrepayMatrix,
    PrepayTerms,
    PrepayWays,
    RevolvingTerms,
)
from models.products.au_pay.relief_terms import StopTerms
from models.products.au_pay.terms import AuPayTerms
from sim.config import Config, Lenders, OtherLender
from tests.property.random_au_credit import default_terms, membership_terms, misuse_at_au
from tests.property.random_configs import configs
from tests.property.random_draws import rate, share

ANY = PrepayWays(full=("direct_debit", "bank_transfer", "konbini", "atm"))


def plans(random: Random) -> PlanTerms:
    """Draw which plans are chosen and changed."""
    pick: Any = random.choice
    return PlanTerms(
        mix=PlanMix(
            two_time=share(random, 0.2),
            bonus=share(random, 0.2),
            revolving=share(random, 0.4),
            instalments=share(random, 0.2),
            times=pick(((3,), (3, 6, 36), (24,))),
        ),
        eligible_share=pick((0.5, 1.0)),
        all_revolving_share=share(random, 0.4),
        switch_share=share(random, 0.5),
        switch_day=pick((10, 20, 31)),
        two_time_remainder=pick(("first", "second")),
    )


def revolving(random: Random) -> RevolvingTerms:
    """Draw the terms of the revolving plan."""
    pick: Any = random.choice
    return RevolvingTerms(
        rate=rate(random, 100, 0, 18, 18),
        first_fee_scope=pick(("per_purchase", "per_account")),
        nominal_days=pick((True, False)),
        default_course=pick(("standard", "long", "fixed")),
        long_share=share(random, 0.4),
        fixed_share=share(random, 0.4),
        fixed_yen=pick((5_000, 10_000, 100_000)),
        tier_rounding=pick(("ceil", "floor")),
        long_above_300k=pick(("continue", "not_allowed")),
        final_rule=pick(
            ("balance_plus_fee_when_balance_lt_payment", "min_payment_balance_plus_fee")
        ),
        fee_on_overdue=pick((False, True)),
        overdue_in_payment_base=pick((False, True)),
        top_up_share=share(random, 0.5),
    )


def au_pay(random: Random) -> AuPayTerms:
    """Draw the terms of au PAY Atobarai."""
    pick: Any = random.choice
    limit = pick((30_000, 500_000))
    return AuPayTerms(
        enabled=True,
        post_lag_days=pick((0, 2, 9, 25)),
        cancel_report_lag_days=pick((0, 3, 30)),
        refund_fee_yen=pick((0, 330)),
        usage_stop_day=pick((1, 7)),
        period=PeriodTerms(capture_all_plans=pick((True, False))),
        plan=plans(random),
        bonus=BonusTerms(),
        revolving=revolving(random),
        instalments=InstalmentTerms(three_free=pick((True, False))),
        prepay=PrepayTerms(
            per_month=share(random, 0.5),
            approved_share=pick((1.0, 0.5)),
            debit_share=share(random, 0.3),
            konbini_share=share(random, 0.5),
            konbini_needs_notice=pick((True, False)),
            matrix=pick((PrepayMatrix(), PrepayMatrix(one_time=ANY, two_time=ANY, bonus=ANY))),
            inst_mode=pick(("rule78", "daily")),
            require_current=pick((True, False)),
            day_belongs_to=pick(("old_balance", "new_balance")),
        ),
        due=DueTerms(
            roll=pick(("next_bizday", "none")),
            debit_stops_when_overdue=pick((True, False)),
            debit_retries=pick((0, 2)),
            debit_allow_partial=pick((True, False)),
            failed_debit_fee_yen=pick((0, 200)),
            extend_due_days=pick((0, 0, 12)),
            overpayment=pick(("net_next_due", "refund")),
        ),
        statement=StatementTerms(
            day=pick((15, 25, 31)),
            paper_share=share(random, 0.5),
            paper_fee_yen=pick((0, 100)),
            dispute_share=share(random, 0.5),
        ),
        foreign=ForeignTerms(share=share(random, 0.3)),
        continuing=ContinuingTerms(share=share(random, 0.5), informs_merchant_share=0.5),
        stop=StopTerms(
            share=share(random, 0.5),
            mismatch_share=share(random, 0.2),
            resolve_days=pick((5, 60)),
            min_total_yen=pick((0, 40_000)),
            min_revolving_cash_yen=pick((0, 38_000)),
        ),
        **default_terms(random),
        **membership_terms(random, limit),
    )


@st.composite
def au_configs(
    draw: st.DrawFn,
    members: tuple[int, int] = (15, 40),
    months: tuple[int, int] = (3, 8),
    *,
    alone: bool = True,
) -> Config:
    """Draw small valid configurations with au PAY Atobarai.

    Parameters
    ----------
    draw
        Given by hypothesis.
    members, months
        Least and most.
    alone
        Whether the other lender offers nothing.
    """
    config = draw(configs(members=members, months=months))
    random = draw(st.randoms(use_true_random=True))
    update: dict[str, Any] = {"au_pay": au_pay(random)}
    if alone:
        products = config.products
        update["atone"] = products.atone.model_copy(update={"enabled": False})
        orders = products.np_atobarai
        air = orders.air.model_copy(update={"enabled": False})
        update["np_atobarai"] = orders.model_copy(update={"enabled": False, "air": air})
    policy = config.policy.model_copy(update={"changes": ()})
    lender = OtherLender(
        spending=config.behaviour.spending,
        misuse=misuse_at_au(random),
        screening=config.screening,
        collections=config.collections,
        economics=config.economics,
        inquiries=config.policy.inquiries,
        cash_out=config.policy.cash_out,
    )
    return config.model_copy(
        update={
            "products": config.products.model_copy(update=update),
            "policy": policy,
            "lenders": Lenders(au=lender),
        }
    )
