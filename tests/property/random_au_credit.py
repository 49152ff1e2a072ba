"""Random terms of default, admission, limits and card data at au PAY Atobarai."""

from random import Random
from typing import Any

from models.members.misuse import Misuse
from models.products.au_pay.default_terms import (
    AccelerationTerms,
    CureTerms,
    DemandTerms,
    KnowledgeHazards,
    LateDamagesTerms,
    MeasureTerms,
)
from models.products.au_pay.membership_terms import (
    AdmissionTerms,
    CardTerms,
    ConductTerms,
    LimitTerms,
    ShoppingBand,
)
from models.products.au_pay.payment_terms import CostTerms, SaleTerms
from models.products.au_pay.relief_terms import LossTerms, PurchaseKinds
from tests.property.random_draws import rate, share

MEASURES = ("none", "restrict", "suspend", "stop", "cancel")


def default_terms(random: Random) -> dict[str, Any]:
    """Draw late damages, acceleration, demand, cure, measures and sale, by section."""
    pick: Any = random.choice
    return {
        "late": LateDamagesTerms(
            rate=rate(random, 10_000, 1_455, 1_455, 10_000),
            accel_inclusive=pick((False, True)),
            cap_scope=pick(("per_purchase", "per_plan_total")),
            inst_cap_mode=pick(("per_purchase_sum", "per_instalment")),
            collect=pick(("next_bill", "with_payment")),
            min_yen=pick((0, 0, 30)),
        ),
        "acceleration": AccelerationTerms(
            auto_one_time=pick((True, True, False)),
            day_offset=pick((1, 1, 10)),
            auto_scope=pick(("posted_all", "billed_only")),
            rebate_unearned=pick((False, True)),
        ),
        "hazards": KnowledgeHazards(
            **{name: share(random, 0.02) for name in KnowledgeHazards.model_fields}
        ),
        "demand": DemandTerms(
            send_day=pick((5, 30)),
            undeliverable_days=pick((1, 25)),
            undeliverable_share=share(random, 1.0),
            good_reason_share=share(random, 1.0),
        ),
        "cure": CureTerms(
            reinstate_days=pick((0, 5, 30)), scope=pick(("missed_amount", "whole_accelerated"))
        ),
        "measures": MeasureTerms(**{name: pick(MEASURES) for name in MeasureTerms.model_fields}),
        "kinds": PurchaseKinds(
            non_designated_right=share(random, 0.2),
            business_use=share(random, 0.2),
            outside_statute=share(random, 0.2),
        ),
        "sale": SaleTerms(
            enabled=pick((False, True)),
            from_day=pick((10, 60)),
            price=rate(random, 100, 0, 3, 100),
            securitise=pick((False, True)),
        ),
        "costs": CostTerms(
            payment_cost_yen=pick((0, 110)),
            annual_fee_yen=pick((0, 1_375)),
            tax_on_finance_charge=pick((False, True)),
        ),
        "loss": LossTerms(window_days=pick((1, 61)), inclusive=pick((False, True))),
    }


def membership_terms(random: Random, limit_yen: int) -> dict[str, Any]:
    """Draw admission, limits, card data and conduct, by section."""
    pick: Any = random.choice
    return {
        "admission": AdmissionTerms(
            screen_delay_days=pick((0, 3, 20)),
            cut_off=pick((-1e6, 34.0)),
            kyc_deadline_days=pick((5, 30)),
            kyc_unfinished_share=share(random, 0.3),
            kyc_action=pick(("restrict", "suspend", "cancel")),
            refuses_consent_share=share(random, 0.2),
            exposed_person_share=share(random, 0.5),
            antisocial_share=share(random, 0.2),
        ),
        "limit": LimitTerms(
            bands=(ShoppingBand(from_score=-1e6, limit_yen=limit_yen),),
            count_fees=pick((False, True)),
            review_every_days=pick((20, 180)),
            noncomply_share=share(random, 0.3),
            noncomply_action=pick(("cut", "suspend", "cancel")),
            temporary_days=pick((1, 30)),
            temporary_per_month=share(random, 0.5),
            temporary_approved_share=share(random, 1.0),
            over_limit_approved_share=pick((0.0, 0.0, share(random, 1.0))),
            over_limit_claim=pick((False, True)),
            offline_share=pick((0.0, 0.0, share(random, 0.5))),
            block_on_overdue=pick((True, True, False)),
            restricted_share=share(random, 0.3),
        ),
        "card": CardTerms(
            valid_months=pick((1, 60)),
            renewal=pick(("no_arrears", "always")),
            reissue_days=pick((0, 7)),
            security_code_wrong_share=share(random, 0.3),
            security_code_block_days=pick((0, 1, 9)),
            held_share=share(random, 0.3),
        ),
        "conduct": ConductTerms(
            moves_per_month=share(random, 0.2),
            move_unreported_share=share(random, 1.0),
            inquiry_per_month=share(random, 0.2),
            inquiry_unanswered_share=share(random, 1.0),
            money_laundering_per_month=share(random, 0.2),
            withdraws_per_month=share(random, 0.1),
        ),
    }


def misuse_at_au(random: Random) -> Misuse:
    """Draw how often accounts at au PAY Atobarai are used by others or for cash."""
    return Misuse(
        loss_per_month=share(random, 0.1),
        lent_per_month=share(random, 0.1),
        pin_per_month=share(random, 0.1),
        stranger_per_month=share(random, 0.1),
        cash_out_share=share(random, 0.1),
    )
