"""Hardship: job loss, illness and the like, which no reminder cures."""

import numpy as np
from scipy.special import log1p

from models.arrays import Floats, Ints
from models.macro import Macro, stressed
from models.parameters import Parameters, Share, parameter

DAYS_PER_MONTH = 30.4375
HIGHEST_CHANCE = 0.9
"""However strained somebody is, the chance a month is not above this."""


class Hardship(Parameters):
    """How often hardship comes and how long it stays."""

    per_month: Share = parameter(
        0.006,
        "Mean chance a month to fall into hardship.",
        unit="a month",
        source="facts 4; facts 7",
    )
    strain_share: Share = parameter(
        0.95,
        "Part of the chance that is proportional to the member's proneness to be short of cash.",
        unit="share",
        source="assumption",
    )
    mean_months: float = parameter(
        5.0, "Mean duration (exponential).", unit="months", source="facts 7", gt=0, le=240
    )
    income_effect: Share = parameter(
        0.2,
        "By so much longer it lasts without any income, and shorter at twice the reference income.",
        unit="share",
        source="assumption",
    )
    reference_income_yen: int = parameter(
        250_000,
        "Net income a month with the mean duration.",
        unit="yen a month",
        source="facts 4 (wages, about 78 % net); assumption: about the median member",
        ge=1,
        le=100_000_000,
    )
    job_loss: Share = parameter(
        0.5,
        "Hardships that are the loss of a job, with no wage to attach; the others are illness.",
        unit="share",
        source="facts 4 (job loss .3-.5 of .8 % a month)",
    )
    misses_bill: Share = parameter(
        0.8,
        "Bills missed in hardship; the others are paid as by anybody.",
        unit="share",
        source="facts 1.5 (late reasons); tuned",
    )


def hardship_chance(hardship: Hardship, macro: Macro, strain: Floats) -> Floats:
    """Give the chance a month of each member to fall into hardship, shape (n,).

    The factor of the month moves it: see `models.macro.conditional_probability`.
    """
    share = hardship.strain_share
    return stressed(hardship.per_month * (1.0 - share + share * strain), macro, HIGHEST_CHANCE)


def hardship_days(hardship: Hardship, income_yen: Ints, u: Floats) -> Ints:
    """Give durations of hardship in days, at least 1, shape (n,).

    Parameters
    ----------
    hardship
        Mean duration, and what income does to it.
    income_yen
        Net income a month, yen, shape (n,).
    u
        Uniforms, shape (n,).
    """
    reference = hardship.reference_income_yen
    shortfall = np.clip((reference - np.asarray(income_yen)) / reference, -1.0, 1.0)
    mean = hardship.mean_months * DAYS_PER_MONTH * (1.0 + hardship.income_effect * shortfall)
    return np.maximum(np.ceil(-log1p(u - 1.0) * mean), 1.0).astype(np.int64)
