"""Strategies for misuse, cash-out, inquiries, merchants, the app card and retained title."""

from random import Random
from typing import Any

from models.members.misuse import Misuse
from models.policy.inquiries import Inquiries
from models.policy.relief import Relief
from models.policy.repossession import Repossession
from models.products.app_card import AppCardTerms
from models.products.merchants import MerchantClass, Merchants, Subscriptions
from tests.property.random_draws import METHODS, rate, share


def misuse(random: Random) -> Misuse:
    """Draw how often accounts are used by others and for cash."""
    return Misuse(
        loss_per_month=share(random, 0.2),
        credentials_per_month=share(random, 0.2),
        card_per_month=share(random, 0.2),
        mean_uses=random.choice((1.0, 3.0)),
        price_multiple=random.choice((0.1, 0.1, 2.0)),
        within_days=random.choice((1, 40)),
        report_lag_days=random.choice((0, 2, 70)),
        discovery_mean_days=random.choice((2.0, 40.0)),
        cash_out_share=share(random, 0.6),
    )


def merchants(random: Random) -> Merchants:
    """Draw merchants with terms of their own."""
    pick: Any = random.choice
    return Merchants(
        classes=tuple(
            MerchantClass(
                share=share(random, 0.2),
                fee_yen=pick((None, 0, 50)),
                due_day=pick((None, None, 5, 31)),
                method=pick((None, None, *METHODS)),
                earn_yen=pick((None, 50)),
                points_life_months=pick((None, 1)),
            )
            for _ in range(random.randrange(4))
        ),
        subscriptions=Subscriptions(share=share(random, 0.5)),
        price_cut_share=share(random, 0.3),
    )


def app_card(random: Random) -> AppCardTerms:
    """Draw the terms of the app card."""
    return AppCardTerms(
        enabled=random.random() < 0.8,
        asks_per_month=share(random, 0.8),
        months_without_arrears=random.choice((0, 3)),
        annual_fee_yen=random.choice((0, 1_000)),
        use_share=share(random, 1.0),
        creditor=random.choice(("lender", "brand")),
    )


def relief(random: Random) -> Relief:
    """Draw who bears what third parties have bought."""
    pick: Any = random.choice
    return Relief(
        window_days=pick((0, 60, 365)),
        inclusive=pick((False, True)),
        relief_share=pick((0.5, 1.0)),
        exclusion_share=share(random, 0.3),
        scope=pick(("price_and_fee", "price")),
        regime=pick(("by_cause", "member_friendly")),
        credentials_liable_share=share(random, 1.0),
        card_liable_share=share(random, 1.0),
        uncooperative_share=share(random, 0.2),
        extra_damage=pick((False, True)),
        stop_days=pick((1, 14, 60)),
        charge_back_share=share(random, 0.5),
    )


def inquiries(random: Random) -> Inquiries:
    """Draw how often uses are looked into."""
    return Inquiries(
        shares=tuple(share(random, 0.04) for _ in range(13)),
        within_days=random.choice((1, 60)),
        days=random.choice((1, 30, 90)),
        pauses_dunning=random.random() < 0.5,
        charge_back_share=share(random, 1.0),
        breach_share=share(random, 0.5),
    )


def repossession(random: Random) -> Repossession:
    """Draw what happens to goods after acceleration."""
    return Repossession(
        retains_title=random.random() < 0.8,
        share=share(random, 1.0),
        value_share=rate(random, 10, 0, 2, 10),
        cost_yen=random.choice((0, 3_000)),
    )
