"""Terms of the payment plans of au PAY Atobarai: periods, plans, revolving, instalments."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.kernels import AboveTable, FinalRule, TierRounding
from models.kernels.instalments import FEWEST_INSTALMENTS, MOST_INSTALMENTS
from models.parameters import Parameters, Rate, Share, parameter

InstalmentCount = Annotated[int, Field(ge=FEWEST_INSTALMENTS, le=MOST_INSTALMENTS)]
"""A number of payments of the fee table."""
PlanName = Literal["one_time", "two_time", "bonus", "revolving", "instalments"]
CourseName = Literal["standard", "long", "fixed"]
PrepayWayName = Literal["direct_debit", "bank_transfer", "konbini", "atm"]


class PeriodTerms(Parameters):
    """The standard period and what is captured in it."""

    start_day: int = parameter(
        11, "First day, in the month before.", unit="day of month", source="AU-21.1", ge=2, le=28
    )
    end_day: int = parameter(
        10,
        "Last day; the usage cut-off.",
        unit="day of month",
        source="AU-21.1; AU-30.1(1); C-10",
        ge=1,
        le=27,
    )
    capture_day: int = parameter(
        14,
        "Billing cut-off: a sale posted later belongs to the next period.",
        unit="day of month",
        source="AU-30.1(1); C-10; C-46",
        ge=1,
        le=28,
    )
    capture_all_plans: bool = parameter(
        True,
        "Whether the capture rule holds for every plan or for revolving only.",
        unit="-",
        source="C-46",
    )

    @model_validator(mode="after")
    def _has_no_gap(self) -> Self:
        if self.start_day != self.end_day + 1:
            raise ValueError(
                f"got start_day {self.start_day} and end_day {self.end_day}; start_day must be the "
                "day after end_day"
            )
        if self.capture_day < self.end_day:
            raise ValueError(
                f"got capture_day {self.capture_day} and end_day {self.end_day}; capture_day must "
                "not be before end_day"
            )
        return self


class PlanMix(Parameters):
    """Plans that members ask for; what is left of 1 chooses nothing, which is one-time."""

    two_time: Share = parameter(0.03, "Two-time.", unit="share", source="AU-28.1; assumption")
    bonus: Share = parameter(0.02, "Bonus lump sum.", unit="share", source="AU-28.1; assumption")
    revolving: Share = parameter(0.10, "Revolving.", unit="share", source="AU-28.1; assumption")
    instalments: Share = parameter(0.05, "Instalments.", unit="share", source="AU-28.1; assumption")
    times: tuple[InstalmentCount, ...] = parameter(
        (3, 6, 10, 12, 24),
        "Numbers of instalments asked for, equally often.",
        unit="payments",
        source="AU-31.1; assumption",
        min_length=1,
        max_length=34,
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = self.two_time + self.bonus + self.revolving + self.instalments
        if total > 1.0 + 1e-9:
            raise ValueError(f"the shares of the plans sum to {total:g}; allowed: at most 1")
        return self


class PlanTerms(Parameters):
    """Who may pay in which plan, and switches after the purchase."""

    default: PlanName = parameter(
        "one_time", "Plan of a use without a choice.", unit="-", source="AU-28.1"
    )
    mix: PlanMix = PlanMix()
    eligible_share: Share = parameter(
        0.5,
        "Members found suitable for revolving and instalments, whatever their score.",
        unit="share",
        source="AU-28.1; assumption",
    )
    all_revolving_share: Share = parameter(
        0.05,
        "Suitable members whose every use is revolving.",
        unit="share",
        source="AU-28.3(1); assumption",
    )
    switch_day: int = parameter(
        20,
        "Last day of the month before the due date on which a plan may be switched.",
        unit="day of month",
        source="AU-28.3(2); assumption",
        ge=1,
        le=31,
    )
    switch_share: Share = parameter(
        0.05, "Uses switched after the purchase.", unit="share", source="AU-28.3(2); assumption"
    )
    two_time_remainder: Literal["first", "second"] = parameter(
        "second", "Payment that takes an odd yen.", unit="-", source="AU-29.1(2)"
    )


class BonusWindow(Parameters):
    """Uses of a window are paid in one month."""

    from_month_day: int = parameter(
        1211, "First day as month * 100 + day.", unit="mmdd", source="AU-29.1(3)", ge=101, le=1231
    )
    to_month_day: int = parameter(
        710, "Last day as month * 100 + day.", unit="mmdd", source="AU-29.1(3)", ge=101, le=1231
    )
    due_month: int = parameter(
        8, "Month of the due date.", unit="month of year", source="AU-29.1(3)", ge=1, le=12
    )


class BonusTerms(Parameters):
    """The bonus lump sum."""

    windows: tuple[BonusWindow, ...] = parameter(
        (BonusWindow(), BonusWindow(from_month_day=711, to_month_day=1210, due_month=1)),
        "Windows of use; a use outside all of them is paid one-time.",
        unit="-",
        source="AU-29.1(3); C-12",
        max_length=12,
    )


class RevolvingTerms(Parameters):
    """The revolving plan."""

    rate: Rate = parameter([18, 100], "Fee.", unit="a year", source="AU-30.1(2); AUX-REV(2)")
    fee_to_day: int = parameter(
        4,
        "Last day of a fee month; the next one starts on the day after.",
        unit="day of month",
        source="AU-30.1(2); C-10",
        ge=1,
        le=27,
    )
    first_from: int = parameter(
        15,
        "First fee day of a purchase, after its billing cut-off.",
        unit="day of month",
        source="AU-30.1(2); C-10; C-18",
        ge=1,
        le=28,
    )
    first_fee_scope: Literal["per_purchase", "per_account"] = parameter(
        "per_purchase",
        "Whether each purchase or only the first use of the plan starts late.",
        unit="-",
        source="AU-30.1(2); C-18",
    )
    nominal_days: bool = parameter(
        True,
        "Fee days run by the nominal 4th and 5th, not by the rolled due date.",
        unit="-",
        source="CAL-05; C-22",
    )
    default_course: CourseName = parameter(
        "standard",
        "Course of a member who chose none.",
        unit="-",
        source="AU-30.1(1); AUX-REV(1); assumption",
    )
    long_share: Share = parameter(
        0.2, "Members who choose the long course.", unit="share", source="AUX-REV(1); assumption"
    )
    fixed_share: Share = parameter(
        0.3, "Members who choose the fixed course.", unit="share", source="AUX-REV(1); assumption"
    )
    fixed_yen: int = parameter(
        10_000,
        "Payment of a fixed course without a named amount.",
        unit="yen",
        source="AUX-REV(1); assumption",
        ge=1,
        le=10_000_000,
    )
    fixed_min_yen: int = parameter(
        5_000, "Least fixed payment.", unit="yen", source="AUX-REV(1)", ge=1, le=10_000_000
    )
    fixed_max_yen: int = parameter(
        100_000, "Highest fixed payment.", unit="yen", source="AUX-REV(1)", ge=1, le=10_000_000
    )
    fixed_step_yen: int = parameter(
        5_000, "Step of fixed payments.", unit="yen", source="AUX-REV(1)", ge=1, le=10_000_000
    )
    tier_rounding: TierRounding = parameter(
        "ceil",
        "Whether a step of the tiers counts from its start or its completion.",
        unit="-",
        source="AUX-REV(1); C-13",
    )
    long_above_300k: AboveTable = parameter(
        "continue",
        "The long course above 300,000 yen: goes on, or the standard course applies.",
        unit="-",
        source="AUX-REV(1); C-13",
    )
    step_up_yen: int = parameter(
        10_000,
        "Step by which a fixed payment below the fee is raised.",
        unit="yen",
        source="AUX-REV(1)",
        ge=1,
        le=1_000_000,
    )
    final_rule: FinalRule = parameter(
        "balance_plus_fee_when_balance_lt_payment",
        "What is paid when the balance is below the payment.",
        unit="-",
        source="AU-30.1(1); C-17",
    )
    fee_on_overdue: bool = parameter(
        False, "Whether overdue principal goes on bearing the fee.", unit="-", source="C-19"
    )
    overdue_in_payment_base: bool = parameter(
        False, "Whether overdue principal sets the next payment.", unit="-", source="C-19"
    )
    top_up_share: Share = parameter(
        0.0, "Monthly payments topped up.", unit="share", source="AU-30.1(3); assumption"
    )
    top_up_yen: int = parameter(
        10_000,
        "Yen of a top-up.",
        unit="yen",
        source="AU-30.1(3); assumption",
        ge=0,
        le=10_000_000,
    )

    @model_validator(mode="after")
    def _steps_fit(self) -> Self:
        low, high, step = self.fixed_min_yen, self.fixed_max_yen, self.fixed_step_yen
        if not low <= self.fixed_yen <= high or (self.fixed_yen - low) % step:
            raise ValueError(
                f"fixed_yen must lie between {low} and {high} in steps of {step}, "
                f"got {self.fixed_yen}"
            )
        return self


class InstalmentTerms(Parameters):
    """Instalments of three and more payments."""

    fee_per_100_per_payment: Rate = parameter(
        [82, 100],
        "Yen of fee by 100 yen of cash price and payment.",
        unit="yen",
        source="AU-31.1; AUX-INS",
    )
    three_free: bool = parameter(
        True, "Three payments cost nothing.", unit="-", source="AUX-INS; C-11"
    )
    n_min: int = parameter(3, "Fewest payments.", unit="payments", source="AUX-INS", ge=3, le=36)
    n_max: int = parameter(36, "Most payments.", unit="payments", source="AUX-INS", ge=3, le=36)
    min_instalment_yen: int = parameter(
        1_000,
        "Smallest instalment; a smaller one means fewer payments.",
        unit="yen",
        source="AU-31.1; C-37",
        ge=1,
        le=1_000_000,
    )

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.n_min > self.n_max:
            raise ValueError(
                f"got n_min {self.n_min} and n_max {self.n_max}; n_min must not be above n_max"
            )
        return self


class PrepayWays(Parameters):
    """Ways in which the debts of one plan may be prepaid."""

    full: tuple[PrepayWayName, ...] = parameter(
        (), "Ways of a full prepayment.", unit="-", source="AU-32.2; AUX-PRE; C-62"
    )
    part: tuple[PrepayWayName, ...] = parameter(
        (), "Ways of a part prepayment.", unit="-", source="AU-32.2; AUX-PRE; C-62"
    )


_REVOLVING_WAYS: tuple[PrepayWayName, ...] = ("direct_debit", "bank_transfer", "konbini")


class PrepayMatrix(Parameters):
    """Which plan may be prepaid how."""

    one_time: PrepayWays = PrepayWays()
    two_time: PrepayWays = PrepayWays()
    bonus: PrepayWays = PrepayWays()
    revolving: PrepayWays = PrepayWays(full=_REVOLVING_WAYS, part=_REVOLVING_WAYS)
    instalments: PrepayWays = PrepayWays(full=("bank_transfer",))

    @model_validator(mode="after")
    def _parts_revolve(self) -> Self:
        for name in ("one_time", "two_time", "bonus", "instalments"):
            if getattr(self, name).part:
                raise ValueError(f"{name}: part must be empty; only revolving is prepaid in part")
        return self


class PrepayTerms(Parameters):
    """Prepayment."""

    per_month: Share = parameter(
        0.01, "Chance a month that a member asks.", unit="a month", source="AU-32.1; assumption"
    )
    approved_share: Share = parameter(
        1.0, "Requests that are approved.", unit="share", source="AU-32.1; assumption"
    )
    debit_share: Share = parameter(
        0.0,
        "Requests to be debited on the due date.",
        unit="share",
        source="AU-32.2; AUX-PRE; assumption",
    )
    konbini_share: Share = parameter(
        0.0,
        "Requests to pay at a convenience store; the others are by bank transfer.",
        unit="share",
        source="AU-32.2; AUX-PRE; assumption",
    )
    matrix: PrepayMatrix = PrepayMatrix()
    konbini_needs_notice: bool = parameter(
        True,
        "Whether prepayment at a convenience store needs contact and approval too.",
        unit="-",
        source="AU-32.1; C-40",
    )
    inst_mode: Literal["rule78", "daily"] = parameter(
        "rule78",
        "Rebate of instalments: rule of 78, or the current fee by day.",
        unit="-",
        source="AU-32.4; AUX-PRE(1); C-14",
    )
    require_current: bool = parameter(
        True,
        "Whether only members who perform as contracted get the rebate.",
        unit="-",
        source="AU-32.4",
    )
    day_belongs_to: Literal["old_balance", "new_balance"] = parameter(
        "old_balance",
        "Balance that bears the fee on the day of a part prepayment.",
        unit="-",
        source="AUX-PRE(2); C-47",
    )
    irregular_mode: Literal["allocate_next_due", "refund"] = parameter(
        "allocate_next_due",
        "What happens to money that was not agreed.",
        unit="-",
        source="AU-32.3; assumption",
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = self.debit_share + self.konbini_share
        if total > 1.0 + 1e-9:
            raise ValueError(f"the shares of the ways sum to {total:g}; allowed: at most 1")
        return self
