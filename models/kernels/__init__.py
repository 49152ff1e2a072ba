"""Exact integer-yen array kernels."""

from models.kernels.allocation import allocate, allocate_by_account
from models.kernels.days import YEAR_WEIGHT, Dates, as_days, day_weight
from models.kernels.discount import funding_cost, merchant_discount
from models.kernels.exact import ExactRate, IntArray, exact_rate, whole_numbers
from models.kernels.late_damages import accrued_fee, interest_of_weight, late_damages
from models.kernels.points import (
    Refund,
    Reversal,
    last_usable_day,
    points_awarded,
    refund_of_price_cut,
    reversed_points,
)
from models.kernels.tax import TaxRounding, fees_with_tax, with_tax

__all__ = [
    "YEAR_WEIGHT",
    "Dates",
    "ExactRate",
    "IntArray",
    "Refund",
    "Reversal",
    "TaxRounding",
    "accrued_fee",
    "allocate",
    "allocate_by_account",
    "as_days",
    "day_weight",
    "exact_rate",
    "fees_with_tax",
    "funding_cost",
    "interest_of_weight",
    "last_usable_day",
    "late_damages",
    "merchant_discount",
    "points_awarded",
    "refund_of_price_cut",
    "reversed_points",
    "whole_numbers",
    "with_tax",
]
