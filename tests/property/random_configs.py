"""A strategy of small valid configurations in which rare things happen often.

A few dozen persons live through a few months; nearly every parameter that steers the engine is
drawn. Shares are far above life's, so that returns, holds, failed debits, double payments, long
arrears, law-firm cases and write-offs meet each other within one small run.

Hypothesis draws one seed and the parameters are independent given the seed: drawn one by one they
would be mutated together and half of the clauses would never meet. The price is that a failing
configuration shrinks in its seed only.
"""

import datetime as dt
from itertools import accumulate
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from models.macro import Macro
from models.members.hardship import Hardship
from models.members.orders import OrderMethods, Orders
from models.members.population import PayMethodShares, Population
from models.members.repayment import Repayment
from models.members.spending import Spending
from models.policy.admission import DEFAULT_BANDS, LimitBand, LimitPolicy, ScoreCard
from models.policy.authorisation import HoldRules, ReviewDesk
from models.policy.cash_out import CashOut
from models.policy.collections import (
    CALL,
    HAND_OVER,
    CallDesk,
    Channel,
    Collections,
    ContactRules,
    LadderStep,
    LawFirm,
    Response,
    WriteOff,
)
from models.policy.economics import Economics
from models.policy.hours import EARLIEST_CONTACT, LATEST_CONTACT, Hours
from models.products.atone import AtoneTerms, DueDates, ReflectionLags
from models.products.atone_fees import Fees
from models.products.atone_late import LateTerms
from models.products.np_atobarai import AirTerms, NpAtobaraiTerms
from models.products.np_instalments import NpInstalmentTerms
from models.products.np_points import Campaign, PointsTerms
from sim.config import Behaviour, Config, Policy, Products, Screening
from tests.property.random_draws import METHODS, rate, share
from tests.property.random_law import PRIORITIES, law, strategies, sue_step
from tests.property.random_memberships import (
    changes,
    np_membership,
    readings,
    readings_of_late_terms,
)
from tests.property.random_misuse import (
    app_card,
    inquiries,
    merchants,
    misuse,
    relief,
    repossession,
)
from tests.property.random_staffing import service_time, team

STARTS = (dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2027, 11, 1), dt.date(2028, 1, 1))
"""Ordinary years, a leap year, and the turn into one."""
CHANNELS = ("message", "letter", "visit")


def examples(n: int) -> settings:
    """Give the settings of a test over n configurations, the same ones on every run."""
    return settings(
        max_examples=n,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow],
    )


def response(random: Random) -> Response:
    """Draw how members answer a contact."""
    return Response(
        forgetful=share(random, 0.6), short=share(random, 0.4), hardship=share(random, 0.3)
    )


def hours(random: Random, first: str = "00:00", last: str = "24:00") -> Hours:
    """Draw opening hours of a desk, within the earliest and the latest ones."""
    return Hours(
        opens=random.choice((first, "09:00", "17:00")),
        closes=random.choice(("17:30", "18:30", last)),
        business_days_only=random.random() < 0.5,
    )


def population(random: Random, members: tuple[int, int]) -> Population:
    """Draw who the members are."""
    weights = [random.randrange(5) for _ in range(4)] + [1]
    konbini, ebarcode, invoice, debit = (weight / sum(weights) for weight in weights[:4])
    return Population(
        members=random.randint(*members),
        existing_share=random.choice((0.2, 0.6, 1.0)),
        pay_methods=PayMethodShares(
            konbini_terminal=konbini, ebarcode=ebarcode, invoice=invoice, direct_debit=debit
        ),
        careless_shape=random.choice((0.3, 2.0, 100.0)),
        strained_shape=random.choice((0.2, 2.0, 100.0)),
        spending_strain=random.choice((-0.5, 0.0, 0.7)),
        never_pays_share=share(random, 0.2),
        np_history_mean_uses=random.choice((0.0, 6.0)),
    )


def terms(random: Random, cap_yen: int) -> AtoneTerms:
    """Draw the terms of atone."""
    pick: Any = random.choice
    return AtoneTerms(
        fees=Fees(
            failed_debit_yen=pick((0, 226)),
            failed_debit_once=pick((True, False)),
            charge_on_cancelled=pick((False, False, True)),
            unit=pick(("per_use", "per_statement", "article")),
            tax_rate=rate(random, 100, 0, 8, 10),
            tax_rounding=pick(("per_fee_floor", "per_fee_half_up", "sum_floor")),
        ),
        due=DueDates(
            konbini_terminal=pick((1, 10, 31)),
            ebarcode=pick((5, 10)),
            invoice=pick((20, 30)),
            direct_debit=pick((4, 27, 31)),
            roll_methods=pick(((), ("direct_debit", "bank_transfer"), METHODS)),
        ),
        reflection=ReflectionLags(
            **{name: pick((0, 0, 2, 9)) for name in ReflectionLags.model_fields}
        ),
        late=LateTerms(
            **readings_of_late_terms(random),
            rate=rate(random, 1000, 0, 146, 146, 1000),
            collect=pick(("next_bill", "with_payment")),
            admin_fee_yen=pick((0, 100, 1001)),
            admin_fee_days=pick(((10, 25), (1, 31), ())),
        ),
        limit_cap_yen=cap_yen,
        per_use_limit_share=pick((1.0, 0.6, 0.25)),
        post_lag_days=pick((0, 2, 8)),
        cancel_report_lag_days=pick((0, 3, 10)),
        default_method=pick(METHODS),
        failed_debit_method=pick([name for name in METHODS if name != "direct_debit"]),
        statement_business_day=pick((1, 3, 15)),
        refund=pick(("net_first", "transfer")),
        refund_fee_yen=pick((0, 330)),
        usage_stop_day=pick((1, 1, 7, 45)),
        release_cooldown_days=pick((0, 0, 5, 40)),
        **readings(random),
    )


def behaviour(random: Random, price_yen: int) -> Behaviour:
    """Draw what members do."""
    return Behaviour(
        spending=Spending(
            uses_per_year=random.choice((12.0, 40.0, 90.0)),
            uses_shape=random.choice((0.5, 5.0)),
            price_median_yen=price_yen,
            price_sigma=random.choice((0.0, 0.8)),
            cancel_share=share(random, 0.5),
            cancel_within_days=random.choice((1, 30, 90)),
        ),
        orders=orders(random, price_yen),
        repayment=Repayment(
            forgets=share(random, 0.5),
            short_of_cash=share(random, 0.5),
            waits_for_payday=share(random, 1.0),
            pays_on_last_days_share=share(random, 1.0),
            paid_twice_share=share(random, 0.3),
            reminder_heeded=share(random, 1.0),
        ),
        hardship=Hardship(
            per_month=share(random, 0.3),
            mean_months=random.choice((0.5, 3.0)),
            misses_bill=share(random, 1.0),
        ),
        new_method_share=share(random, 0.5),
        misuse=misuse(random),
        merchants=merchants(random),
    )


def np_atobarai(random: Random) -> NpAtobaraiTerms:
    """Draw the terms of NP Atobarai and air."""
    pick: Any = random.choice
    return NpAtobaraiTerms(
        enabled=pick((False, True)),
        air=AirTerms(enabled=pick((False, True))),
        post_lag_days=pick((0, 2, 8)),
        issue_lag_days=pick((0, 2, 9)),
        term_days=pick((1, 14, 40)),
        fee_yen=pick((0, 200, 200)),
        limit_yen=pick((0, 55_000, 55_000, 1_000_000)),
        combined_bill=pick((False, True)),
    )


def orders(random: Random, price_yen: int) -> Orders:
    """Draw what persons order."""
    return Orders(
        users_share=random.choice((0.3, 1.0)),
        spending=Spending(
            uses_per_year=random.choice((4.0, 40.0)),
            price_median_yen=price_yen,
            cancel_share=share(random, 0.5),
        ),
        air_users_share=random.choice((0.3, 1.0)),
        air_spending=Spending(uses_per_year=12.0, cancel_share=share(random, 0.5)),
        methods=OrderMethods(konbini_terminal=share(random, 0.5), ebarcode=share(random, 0.5)),
    )


def np_points(random: Random) -> PointsTerms:
    """Draw the terms of the points, generous ones."""
    pick: Any = random.choice
    campaign = Campaign(
        from_date=dt.date(2026, 1, 10),
        to_date=dt.date(2028, 3, 1),
        extra_percent=pick((0, 50, 300)),
        life_days=pick((0, 20, 100)),
    )
    return PointsTerms(
        enabled=random.random() < 0.7,
        earn_yen=pick((3, 10, 200)),
        require_on_time=pick((True, False)),
        award_lag_days=pick((0, 10, 30, 60)),
        life_months=pick((0, 1, 6)),
        users_share=random.choice((0.5, 1.0)),
        yen_per_point=pick((1, 1, 7)),
        shortfall=pick(("offset_future", "claim_yen")),
        shortfall_yen=pick((7, 9)),
        partial_refund_rest=pick(("return", "forfeit")),
        return_keeps_expiry=pick((True, False)),
        forfeit_on_breach=pick((True, False)),
        campaigns=pick(((), (campaign,))),
    )


def np_instalment(random: Random) -> NpInstalmentTerms:
    """Draw the terms of the instalments."""
    pick: Any = random.choice
    return NpInstalmentTerms(
        enabled=pick((False, True)),
        users_share=random.choice((0.3, 1.0)),
        least_price_yen=pick((0, 5_000)),
        counts=pick(((3, 6, 12), (3,), (2, 5))),
        fee_yen=pick((0, 226)),
        failed_debit_yen=pick((0, 226)),
        late_admin_yen=pick((0, 100)),
        is_waived=pick((True, False)),
    )


def screening(random: Random, price_yen: int) -> Screening:
    """Draw who is admitted and which uses are held."""
    return Screening(
        prescreens=random.random() < 0.2,
        score=ScoreCard(
            cut_off=random.choice((-1000.0, 34.0)), per_bill_late=random.choice((-6.0, 0.0))
        ),
        hold=HoldRules(
            share=share(random, 0.5),
            new_member_share=share(random, 0.5),
            new_member_uses=random.randrange(5),
            new_member_yen=price_yen,
        ),
        review_desk=ReviewDesk(
            reviewers=random.choice((0, 1, 2)),
            hours=(open_at := hours(random)),
            team=team(random, open_at),
            service_time=service_time(random),
            mean_minutes=random.choice((12.0, 400.0)),
            mean_patience_hours=random.choice((2.0, 48.0)),
            max_days=random.choice((1, 7, 30)),
        ),
    )


def ladder(random: Random) -> tuple[LadderStep, ...]:
    """Draw a ladder: ascending days, any channel, several call steps, at most one hand-over."""
    days = accumulate(random.choice((1, 2, 5, 9, 20)) for _ in range(random.randrange(8)))
    steps = [LadderStep(day=day, action=random.choice((CALL, CALL, *CHANNELS))) for day in days]
    if steps and random.random() < 0.7:
        place = random.randrange(len(steps))
        steps[place] = LadderStep(day=steps[place].day, action=HAND_OVER)
    if random.random() < 0.8:
        steps.append(sue_step(random, steps[-1].day if steps else 0))
    return tuple(steps)


def collections(random: Random) -> Collections:
    """Draw everything between a missed bill and its end."""
    channels = {
        name: Channel(
            is_postal=name != "message",
            cost_yen=random.randrange(200),
            reach=share(random, 1.0),
            response=response(random),
        )
        for name in CHANNELS
    }
    contact = (EARLIEST_CONTACT, LATEST_CONTACT)
    calls = CallDesk(
        callers=random.randrange(4),
        hours=(open_at := hours(random, *contact)),
        team=team(random, open_at),
        service_time=service_time(random),
        mean_minutes=random.choice((8.0, 200.0)),
        sessions=random.choice((1, 3, 9)),
        retry_days=random.choice((1, 3, 20)),
        right_party=share(random, 1.0),
        promise=share(random, 1.0),
        kept=response(random),
        without_promise=response(random),
        promise_days=random.choice((1, 7)),
        wrong_number=share(random, 0.3),
        calls_back=share(random, 0.5),
        priority=random.choice(PRIORITIES),
    )
    firm = LawFirm(
        probability=share(random, 1.0),
        clerks=random.randrange(3),
        hours=(open_at := hours(random, *contact)),
        team=team(random, open_at),
        service_time=service_time(random),
        mean_minutes=random.choice((25.0, 300.0)),
        round_days=random.choice((1, 10, 45)),
        rounds=random.choice((1, 5, 12)),
        pays=response(random),
        whole_share=share(random, 1.0),
        part=rate(random, 3, 0, 1, 2, 3),
        contingency=rate(random, 100, 0, 20, 33),
    )
    steps = ladder(random)
    return Collections(
        reminder_days=random.choice((0, 3, 25)),
        channels=channels,
        ladder=steps,
        strategies=strategies(random, steps),
        contacts=ContactRules(
            per_week=random.choice((None, None, 1, 2)), fatigue=random.choice((0.0, 0.3))
        ),
        days_to_respond=random.choice((1, 3, 20)),
        call_desk=calls,
        law_firm=firm,
        write_off=WriteOff(day=random.choice((40, 75, 365)), quiet_days=random.choice((0, 10, 60))),
        law=law(random),
    )


@st.composite
def configs(
    draw: st.DrawFn, members: tuple[int, int] = (20, 60), months: tuple[int, int] = (3, 8)
) -> Config:
    """Draw small valid configurations.

    Parameters
    ----------
    draw
        Given by hypothesis.
    members, months
        Least and most.
    """
    random = draw(st.randoms(use_true_random=True))
    # With high limits and prices, bills above 300,000 yen occur (NP-28.1).
    is_rich = random.random() < 0.4
    cap_yen = 2_000_000 if is_rich else random.choice((10_000, 50_000, 50_000))
    price_yen = 90_000 if is_rich else random.choice((900, 5_000))
    bands = (LimitBand(from_score=-1e6, limit_yen=cap_yen),) if is_rich else DEFAULT_BANDS
    start = random.choice(STARTS)
    return Config(
        name="random",
        start=start,
        months=random.randint(*months),
        seed=random.randrange(2**63),
        population=population(random, members),
        products=Products(
            atone=terms(random, cap_yen),
            app_card=app_card(random),
            np_atobarai=np_atobarai(random),
            np_points=np_points(random),
            np_instalment=np_instalment(random),
            np_membership=np_membership(random, start),
        ),
        behaviour=behaviour(random, price_yen),
        screening=screening(random, price_yen),
        collections=collections(random),
        economics=Economics(payout_lag_days=random.choice((0, 15, 60))),
        macro=Macro(
            phi=random.choice((-0.5, 0.0, 0.96)),
            rho=random.choice((0.0, 0.02, 0.5)),
            stress_multiplier=random.choice((0.0, 1.0, 2.1)),
        ),
        policy=Policy(
            changes=changes(random, start),
            relief=relief(random),
            cash_out=CashOut(detected_share=0.8),
            inquiries=inquiries(random),
            repossession=repossession(random),
            limits=LimitPolicy(bands=bands, review_every_days=random.choice((7, 40, 180))),
        ),
    )
