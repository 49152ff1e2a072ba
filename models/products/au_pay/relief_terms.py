"""Terms of relief at au PAY Atobarai: loss, payment stops, kinds of purchases set apart."""

from typing import Self

from pydantic import model_validator

from models.parameters import Parameters, Share, parameter


class LossTerms(Parameters):
    """Loss, theft and card data in wrong hands."""

    window_days: int = parameter(
        61,
        "Days for which use is relieved, counted back from the notice.",
        unit="days",
        source="AU-42.1; C-09",
        ge=1,
        le=365,
    )
    inclusive: bool = parameter(
        True, "Whether the notice day is the first of them.", unit="-", source="AU-42.1; C-09"
    )
    relief_share: Share = parameter(
        0.9,
        "Members who tell lender and police and file the form.",
        unit="share",
        source="AU-42.1; assumption",
    )
    exclusion_share: Share = parameter(
        0.1, "Of these, those whom an exclusion hits.", unit="share", source="AU-42.2; assumption"
    )
    breach_liable_share: Share = parameter(
        1.0,
        "Liability for use by others after breach of the duty of care.",
        unit="share",
        source="AU-3.4; AU-42.2(1)",
    )
    pin_liable_share: Share = parameter(
        0.9,
        "Uses with the registered PIN for which the member is liable.",
        unit="share",
        source="AU-8.2; AU-42.2(6); assumption",
    )
    forged_liable_share: Share = parameter(
        0.1,
        "Uses of data registered on a stranger's phone for which the member is liable.",
        unit="share",
        source="AU-43.2; assumption",
    )


class StopTerms(Parameters):
    """The payment-stop defence, and what brings it about."""

    mismatch_share: Share = parameter(
        0.002, "Uses whose goods differ.", unit="share", source="AU-33.1; assumption"
    )
    share: Share = parameter(
        0.001, "Uses for which the stop is declared.", unit="share", source="AU-34.1; assumption"
    )
    resolve_days: int = parameter(
        60, "Days until the ground ends.", unit="days", source="AU-34.3; assumption", ge=1, le=730
    )
    upheld_share: Share = parameter(
        0.5,
        "Stops that end with the merchant's return of the price.",
        unit="share",
        source="AU-34.2; LEN-05; assumption",
    )
    min_total_yen: int = parameter(
        40_000,
        "Lowest total payable of two-time, bonus and instalments.",
        unit="yen",
        source="AU-34.5(3)",
        ge=0,
        le=10_000_000,
    )
    min_revolving_cash_yen: int = parameter(
        38_000,
        "Lowest cash price of revolving.",
        unit="yen",
        source="AU-34.5(4)",
        ge=0,
        le=10_000_000,
    )


class PurchaseKinds(Parameters):
    """Shares of uses of the kinds that AU-34.5 and AU-39.1 single out."""

    non_designated_right: Share = parameter(
        0.0,
        "Rights that are not designated.",
        unit="share",
        source="AU-39.1(2); AU-34.5(5); assumption",
    )
    business_use: Share = parameter(
        0.0, "Purchases for business.", unit="share", source="AU-39.1(3); AU-34.5(1); assumption"
    )
    outside_statute: Share = parameter(
        0.0,
        "Cases of Instalment Sales Act 35-3-60(1).",
        unit="share",
        source="AU-39.1(4); AU-34.5(2); assumption",
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = self.non_designated_right + self.business_use + self.outside_statute
        if total > 1.0 + 1e-9:
            raise ValueError(f"the shares of the kinds sum to {total:g}; allowed: at most 1")
        return self
