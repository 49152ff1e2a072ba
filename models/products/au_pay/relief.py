"""Relief after loss or theft, use with the PIN, and card data on a stranger's phone."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.products.au_pay.relief_terms import LossTerms


@implements("AU-42.1")
def first_relieved_day(terms: LossTerms, notice_day: Ints) -> Ints:
    """Give the first day whose uses are relieved, day index.

    The notice day is day 1, so day 61 lies 60 days before it; read as plain subtraction it lies
    61 days before (C-09).
    """
    back = terms.window_days - 1 if terms.inclusive else terms.window_days
    return np.asarray(notice_day - back)


@implements("AU-42.1", "AU-42.2", "AU-8.1", "AU-8.2", "AU-3.1", "AU-3.2", "AU-3.3", "AU-3.4")
def is_relieved(
    terms: LossTerms,
    use_day: Ints,
    notice_day: Ints,
    is_registered_pin: Bools,
    is_breach: Bools,
    u_procedure: Floats,
    u_exclusion: Floats,
    u_liable: Floats,
) -> Bools:
    """Tell which uses by others the member need not pay after loss or theft.

    Parameters
    ----------
    terms
        Window and shares.
    use_day
        Day of the use, shape (n,).
    notice_day
        Day on which the lender was told; negative if never, shape (n,).
    is_registered_pin
        Uses with the registered PIN (AU-42.2(6)), shape (n,).
    is_breach
        Card data lent or otherwise used in breach of AU-3 (AU-42.2(1)), shape (n,).
    u_procedure, u_exclusion, u_liable
        Uniforms by member and loss: police and form, the other exclusions, fault in the case of
        a PIN or a breach.

    Returns
    -------
    Bools
        Shape (n,). Uses after the notice are relieved too: they are no longer the member's.
    """
    is_told = (np.asarray(notice_day) >= 0) & (u_procedure < terms.relief_share)
    in_window = np.asarray(use_day) >= first_relieved_day(terms, notice_day)
    liable_share = np.where(is_breach, terms.breach_liable_share, 0.0)
    liable_share = np.maximum(
        liable_share, np.where(is_registered_pin, terms.pin_liable_share, 0.0)
    )
    is_excluded = (u_exclusion < terms.exclusion_share) | (u_liable < liable_share)
    return np.asarray(is_told & in_window & ~is_excluded, dtype=np.bool_)


@implements("AU-43.1", "AU-43.2")
def is_liable_for_stranger(terms: LossTerms, u: Floats) -> Bools:
    """Tell who pays for data registered on a stranger's phone: members at fault, shape (n,)."""
    return np.asarray(u < terms.forged_liable_share, dtype=np.bool_)
