"""Terms of payment of au PAY Atobarai: due dates, debits, statements, allocation, costs."""

from typing import Literal, Self, get_args

from pydantic import model_validator

from models.parameters import Parameters, Rate, Share, parameter
from models.products.au_pay.plan_terms import PlanName

ClaimName = Literal["cost", "late_damages", "fee", "principal"]
CLAIMS: tuple[ClaimName, ...] = get_args(ClaimName)
"""Kinds of claims: the columns of what is allocated."""


class DueTerms(Parameters):
    """When and how a month's amount is paid."""

    day: int = parameter(4, "Due day.", unit="day of month", source="AU-35.1", ge=1, le=28)
    roll: Literal["next_bizday", "none"] = parameter(
        "next_bizday",
        "What a due day does that is no business day.",
        unit="-",
        source="AU-35.1; CAL-02",
    )
    debit_stops_when_overdue: bool = parameter(
        True,
        "Whether the direct debit stops while a member is late.",
        unit="-",
        source="AU-35.5; C-61",
    )
    debit_retries: int = parameter(
        0,
        "Further debits after one that failed.",
        unit="debits",
        source="AU-35.3; assumption",
        ge=0,
        le=10,
    )
    debit_retry_days: int = parameter(
        10, "Days to the next debit.", unit="days", source="AU-35.3; assumption", ge=1, le=60
    )
    debit_allow_partial: bool = parameter(
        False, "Whether a short account is debited in part.", unit="-", source="C-59"
    )
    failed_debit_fee_yen: int = parameter(
        0, "Fee of a failed debit.", unit="yen", source="C-50", ge=0, le=10_000
    )
    extend_due_days: int = parameter(
        0,
        "Days by which a failed debit moves the due date.",
        unit="days",
        source="C-56",
        ge=0,
        le=60,
    )
    overpayment: Literal["net_next_due", "refund"] = parameter(
        "net_next_due",
        "Too much paid is netted with the next amount due, or refunded on its day.",
        unit="-",
        source="AU-35.2; AU-38.4; assumption",
    )


class StatementTerms(Parameters):
    """The monthly statement."""

    day: int = parameter(
        25,
        "Day in the month before the due date on which the statement goes out.",
        unit="day of month",
        source="AU-36.1; assumption",
        ge=15,
        le=31,
    )
    paper_share: Share = parameter(
        0.0, "Members who want paper.", unit="share", source="AU-36.2; assumption"
    )
    paper_fee_yen: int = parameter(
        0,
        "Fee of a paper statement before tax.",
        unit="yen before tax",
        source="AU-36.2; assumption",
        ge=0,
        le=10_000,
    )
    dispute_share: Share = parameter(
        0.0,
        "Statements objected to, in time or not.",
        unit="share",
        source="AU-36.3; assumption",
    )
    dispute_days: int = parameter(
        7,
        "Days from the notice within which to object.",
        unit="days",
        source="AU-36.3",
        ge=1,
        le=60,
    )


class AllocationTerms(Parameters):
    """The order in which a short payment meets debts."""

    order: tuple[ClaimName, ...] = parameter(
        CLAIMS,
        "Kinds of claims, first to last, each over all debts.",
        unit="-",
        source="AU-38.1; assumption",
        min_length=4,
        max_length=4,
    )
    plans: tuple[PlanName, ...] = parameter(
        ("one_time", "two_time", "bonus", "instalments", "revolving"),
        "Plans among debts due on the same day, first to last.",
        unit="-",
        source="AU-38.1; AU-38.5; assumption",
        min_length=5,
        max_length=5,
    )

    @model_validator(mode="after")
    def _ranks_each_once(self) -> Self:
        for name, ranks in (("order", self.order), ("plans", self.plans)):
            for one in ranks:
                if ranks.count(one) > 1:
                    raise ValueError(f"{name}: got {one} twice; allowed: each once")
        return self


class CostTerms(Parameters):
    """Taxes, fees and costs on the member."""

    tax_rate: Rate = parameter(
        [10, 100], "Consumption tax on service fees.", unit="share", source="AU-44.1; C-02"
    )
    tax_on_finance_charge: bool = parameter(
        False,
        "Whether revolving and instalment fees bear the tax too; the printed examples show none.",
        unit="-",
        source="AU-44.1; assumption",
    )
    enforcement_chargeable: bool = parameter(
        True, "Whether advanced court costs are claimed.", unit="-", source="AU-44.2"
    )
    payment_cost_yen: int = parameter(
        0,
        "Cost of a payment set by the lender.",
        unit="yen",
        source="AU-44.3; assumption",
        ge=0,
        le=10_000,
    )
    annual_fee_yen: int = parameter(
        0, "Annual fee.", unit="yen", source="AUX-FEE", ge=0, le=1_000_000
    )


class ForeignTerms(Parameters):
    """Use abroad."""

    share: Share = parameter(
        0.02, "Uses abroad.", unit="share", source="AU-28.2; AU-35.4; assumption"
    )
    markup: Rate = parameter(
        [22, 1000],
        "Handling cost on top of the brand's rate.",
        unit="share",
        source="AU-35.4; assumption",
    )
    restricted_share: Share = parameter(
        0.0, "Uses abroad that need a permit.", unit="share", source="AU-48.1; assumption"
    )


class SalePool(Parameters):
    """Claims for which a buyer pays a price of their own."""

    from_day: int = parameter(
        180, "Days past due from which it holds.", unit="days", source="AU-45.1", ge=1, le=3650
    )
    from_yen: int = parameter(
        0, "Claim from which it holds.", unit="yen", source="AU-45.1; facts 3.2", ge=0
    )
    price: Rate = parameter(
        [3, 100], "Price as a share of the claim.", unit="share", source="AU-45.1; facts 7"
    )


class SaleTerms(Parameters):
    """Sale and securitisation of receivables."""

    enabled: bool = parameter(
        False, "Whether overdue receivables are sold.", unit="-", source="AU-25.3; AU-45.1"
    )
    from_day: int = parameter(
        180,
        "Days past due from which debts are sold.",
        unit="days",
        source="AU-45.1; assumption",
        ge=1,
        le=3650,
    )
    price: Rate = parameter(
        [3, 100], "Price as a share of the claim.", unit="share", source="AU-45.1; facts 7"
    )
    pools: tuple[SalePool, ...] = parameter(
        (),
        "Prices by age and claim; of those that hold the last one does; none: `price`.",
        unit="-",
        source="AU-45.1; facts 3.2 (tiny claims can hardly be sold)",
        max_length=50,
    )
    securitise: bool = parameter(
        False, "Whether current receivables are sold at par.", unit="-", source="AU-25.3; LEN-08"
    )
    servicing_rate: Rate = parameter(
        [5, 1000], "Retained for servicing.", unit="a year", source="LEN-08"
    )
