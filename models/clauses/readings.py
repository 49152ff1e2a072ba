"""What the terms leave open: the readings of every contradiction and gap, as data.

A contradiction (``C-nn``) is resolved by a default. Where another reading is possible, it is a
value of a parameter; a convention test holds this table against the configuration and the tests.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Reading(NamedTuple):
    """The readings of one parameter.

    Attributes
    ----------
    contradiction
        Id in the rulebook.
    parameter
        Path in the configuration.
    values
        The default first, then the other readings; of amounts, days and tables one example.
    """

    contradiction: str
    parameter: str
    values: tuple[object, ...]


_ATONE = "products.atone"
_AU = "products.au_pay"
_POINTS = "products.np_points"

READINGS: tuple[Reading, ...] = (
    Reading("C-01", f"{_ATONE}.fees.article_month_yen", (209, 290)),
    Reading(
        "C-02",
        f"{_ATONE}.fees.tax_rounding",
        ("per_fee_floor", "per_fee_half_up", "sum_floor"),
    ),
    Reading("C-03", f"{_ATONE}.fees.unit", ("per_use", "per_statement", "article")),
    Reading("C-04", "products.np_membership.tiers.limit_cap_yen", (None, 310_000)),
    Reading("C-05", "products.np_instalment.is_waived", (True, False)),
    Reading("C-06", f"{_ATONE}.method_persists", (True, False)),
    Reading("C-07", f"{_POINTS}.partial_refund_rest", ("return", "forfeit")),
    Reading("C-09", "policy.relief.inclusive", (False, True)),
    Reading("C-09", f"{_AU}.loss.inclusive", (True, False)),
    Reading("C-11", f"{_AU}.instalments.three_free", (True, False)),
    Reading("C-12", f"{_AU}.bonus.windows", ()),
    Reading("C-13", f"{_AU}.revolving.tier_rounding", ("ceil", "floor")),
    Reading("C-13", f"{_AU}.revolving.long_above_300k", ("continue", "not_allowed")),
    Reading("C-14", f"{_AU}.prepay.inst_mode", ("rule78", "daily")),
    Reading("C-15", f"{_ATONE}.accelerate_on_arrears", ("none", "at_lawfirm", "at_suspend")),
    Reading("C-16", f"{_ATONE}.late.acceleration_day_counts", (True, False)),
    Reading("C-16", f"{_AU}.late.accel_inclusive", (False, True)),
    Reading(
        "C-17",
        f"{_AU}.revolving.final_rule",
        ("balance_plus_fee_when_balance_lt_payment", "min_payment_balance_plus_fee"),
    ),
    Reading("C-18", f"{_AU}.revolving.first_fee_scope", ("per_purchase", "per_account")),
    Reading("C-19", f"{_AU}.revolving.fee_on_overdue", (False, True)),
    Reading("C-19", f"{_AU}.revolving.overdue_in_payment_base", (False, True)),
    Reading("C-20", f"{_ATONE}.release_probability", (1.0, 0.0)),
    Reading("C-20", f"{_ATONE}.release_cooldown_days", (0, 20)),
    Reading("C-21", f"{_ATONE}.due.roll_methods", (("direct_debit", "bank_transfer"),)),
    Reading("C-22", f"{_AU}.revolving.nominal_days", (True, False)),
    Reading("C-24", f"{_ATONE}.late.admin_fee_trigger", ("overdue_payable", "use_continues")),
    Reading("C-26", f"{_ATONE}.payment_stop", (False, True)),
    Reading("C-28", f"{_ATONE}.late.split_years", (True, False)),
    Reading("C-28", f"{_AU}.daycount.split_years", (True, False)),
    Reading("C-29", f"{_ATONE}.late.base", ("price_and_fees", "all_debts")),
    Reading("C-30", f"{_AU}.late.cap_scope", ("per_purchase", "per_plan_total")),
    Reading("C-31", f"{_AU}.acceleration.auto_scope", ("posted_all", "billed_only")),
    Reading("C-32", f"{_AU}.acceleration.rebate_unearned", (False, True)),
    Reading("C-34", f"{_AU}.limit.count_fees", (False, True)),
    Reading("C-36", f"{_ATONE}.wait_for_advance", (False, True)),
    Reading("C-39", f"{_ATONE}.fees.failed_debit_once", (True, False)),
    Reading("C-40", f"{_AU}.prepay.konbini_needs_notice", (True, False)),
    Reading("C-41", f"{_AU}.daycount.split_mode", ("sum", "each")),
    Reading("C-45", f"{_ATONE}.fees.charge_on_cancelled", (False, True)),
    Reading("C-46", f"{_AU}.period.capture_all_plans", (True, False)),
    Reading("C-47", f"{_AU}.prepay.day_belongs_to", ("old_balance", "new_balance")),
    Reading("C-48", f"{_AU}.late.inst_cap_mode", ("per_purchase_sum", "per_instalment")),
    Reading("C-50", f"{_AU}.due.failed_debit_fee_yen", (0, 200)),
    Reading("C-54", f"{_AU}.late.min_yen", (0, 12)),
    Reading("C-55", f"{_AU}.cure.scope", ("missed_amount", "whole_accelerated")),
    Reading("C-55", f"{_AU}.cure.reinstate_days", (30, 3)),
    Reading("C-56", f"{_ATONE}.failed_debit_extends_days", (0, 10)),
    Reading("C-56", f"{_AU}.due.extend_due_days", (0, 10)),
    Reading("C-57", f"{_ATONE}.limit_counts_fees", (False, True)),
    Reading("C-58", f"{_ATONE}.allow_partial", (False, True)),
    Reading("C-59", f"{_AU}.due.debit_allow_partial", (False, True)),
    Reading("C-60", f"{_ATONE}.late.collect", ("next_bill", "with_payment")),
    Reading("C-60", f"{_AU}.late.collect", ("next_bill", "with_payment")),
    Reading("C-61", f"{_AU}.limit.block_on_overdue", (True, False)),
    Reading("C-61", f"{_AU}.due.debit_stops_when_overdue", (True, False)),
    Reading("C-62", f"{_AU}.prepay.matrix.one_time.full", ((), ("bank_transfer",))),
    Reading("C-71", f"{_ATONE}.method_lock", ("after_closing_date", "on_closing_date")),
    Reading("C-72", "policy.relief.regime", ("by_cause", "member_friendly")),
    Reading("C-73", f"{_POINTS}.shortfall", ("offset_future", "claim_yen")),
    Reading("C-74", f"{_ATONE}.immediate_claims", ("next_bill", "due_same_day")),
    Reading("C-75", f"{_ATONE}.high_bill_test", ("with_chosen_fee", "price_only")),
    Reading("C-76", "products.np_membership.indemnity.scope", ("court_cost", "all_cost")),
)
"""Every parameter that stands for a reading."""

ONE_READING: Mapping[str, str] = MappingProxyType(
    {
        "C-08": "both items of NP-9.2 are cash-out; nothing hangs on the number",
        "C-10": "the printed examples prove the days, which are parameters all the same",
        "C-23": "death is a state of its own; the estate's part is a parameter",
        "C-25": "amounts that the terms leave out",
        "C-27": "the day of the designated method is a parameter, the method is bank transfer",
        "C-33": "the latest figures hold; `policy.changes` may put others in force on a date",
        "C-35": "durations, chances and costs of the ladder, all of them parameters",
        "C-37": "a threshold that the terms leave out",
        "C-38": "days that the terms leave out",
        "C-42": "both sources hold at once, one after the other",
        "C-43": "two sets of information; Net Protections has no part in the bureau",
        "C-44": "the statement goes by the nominal month",
        "C-49": "a statutory scheme outside the sources",
        "C-51": "no fee is named, so there is none",
        "C-52": "the yield follows from fees and discount, both parameters",
        "C-53": "the channel of an application has no cash effect",
    }
)
"""Contradictions and gaps without a second reading, and why there is none."""
