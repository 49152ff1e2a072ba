"""The shopping limit: what counts against it, raises that end, use and claims above it."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.policy.authorisation import Answer
from models.products.au_pay.measures import Measure
from models.products.au_pay.membership_terms import AdmissionTerms, CardTerms, LimitTerms
from models.products.au_pay.payment_terms import ForeignTerms


@implements("AU-2.1", "AU-15.1")
def screening_points(
    terms: AdmissionTerms, own_points: Floats, is_derogatory: Bools, has_inquiry: Bools
) -> Floats:
    """Add what the bureau shows to a score on the lender's own data.

    Parameters
    ----------
    terms
        Points of the bureau's flags.
    own_points
        Score on own data, shape (n,).
    is_derogatory, has_inquiry
        What `models.policy.bureau.query` returned, shape (n,).

    Returns
    -------
    Floats
        Points, shape (n,).
    """
    derogatory = np.where(is_derogatory, terms.derogatory_points, 0.0)
    inquiry = np.where(has_inquiry, terms.inquiry_points, 0.0)
    return np.asarray(own_points + derogatory + inquiry)


@implements("AU-2.1", "AU-22.1")
def limit_of_points(admission: AdmissionTerms, limit: LimitTerms, points: Floats) -> Ints:
    """Give the shopping limit of scores, yen, shape (n,): 0, that is refusal, below the cut-off."""
    edges = np.array([band.from_score for band in limit.bands])
    yen = np.array([0] + [min(band.limit_yen, limit.cap_yen) for band in limit.bands])
    found = yen[np.searchsorted(edges, points, side="right")]
    return np.where(points >= admission.cut_off, found, 0)


@implements("AU-22.1", "AU-22.4")
def limit_in_force(
    terms: LimitTerms, limit_yen: Ints, temporary_yen: Ints, temporary_until: Ints, day: int
) -> Ints:
    """Give the shopping limit of a day.

    Parameters
    ----------
    terms
        Highest limit.
    limit_yen
        Permanent limit, shape (n,).
    temporary_yen
        Temporary increase, shape (n,).
    temporary_until
        Last day of the increase; it reverts without notice on the day after, shape (n,).
    day
        Day index.

    Returns
    -------
    Ints
        Yen, int64, shape (n,).
    """
    added = np.where(day <= np.asarray(temporary_until), temporary_yen, 0)
    return np.asarray(np.minimum(limit_yen, terms.cap_yen) + added)


@implements("AU-22.3")
def reviewed_limit(limit_yen: Ints, scored_yen: Ints, declines_raises: Bools) -> Ints:
    """Give the limit after a review: what the score allows, no raise for who declined, yen."""
    return np.where(declines_raises, np.minimum(limit_yen, scored_yen), scored_yen)


@implements("AU-27.1")
def limit_used(terms: LimitTerms, principal_yen: Ints, other_fees_yen: Ints) -> Ints:
    """Give what counts against the limit, yen, shape (n,).

    Parameters
    ----------
    terms
        Whether other fees count (C-34).
    principal_yen
        Unpaid cash prices in all plans; fees of revolving and instalments never count.
    other_fees_yen
        Unpaid fees of other kinds.
    """
    return np.asarray(principal_yen + other_fees_yen if terms.count_fees else principal_yen)


@implements("AU-27.2", "AU-27.3")
def room_for_credit(limit_yen: Ints, principal_yen: Ints) -> Ints:
    """Give the room for revolving and instalments: limit less cash prices, at least 0, yen."""
    return np.asarray(np.maximum(np.asarray(limit_yen) - principal_yen, 0))


@implements("AU-22.5", "AU-24.6", "AU-24.8", "AU-24.9", "AU-24.11", "AU-27.1")
def authorise(
    limit: LimitTerms,
    card: CardTerms,
    price_yen: Ints,
    limit_yen: Ints,
    used_yen: Ints,
    is_active: Bools,
    is_overdue: Bools,
    is_restricted: Bools,
    u_hold: Floats,
    u_over: Floats,
    u_offline: Floats,
) -> Ints:
    """Answer uses of several members.

    Parameters
    ----------
    limit, card
        Terms.
    price_yen
        Price, shape (n,).
    limit_yen, used_yen
        `limit_in_force` and `limit_used`, shape (n,).
    is_active
        Members not suspended, stopped, blocked or gone, shape (n,).
    is_overdue
        Members with anything overdue, shape (n,).
    is_restricted
        Goods that the lender restricts, or abroad without a permit, shape (n,).
    u_hold, u_over, u_offline
        Uniforms: suspicion, approval above the limit, use without authorisation, shape (n,).

    Returns
    -------
    Ints
        `models.policy.authorisation.Answer`, int8, shape (n,). Passes at
        ``used + price <= limit``; uses without authorisation pass the limit unseen and are owed
        all the same (AU-22.5).
    """
    is_over = np.asarray(used_yen) + price_yen > limit_yen
    # Later lines win.
    answer = np.full(is_over.shape, Answer.AUTHORISED, dtype=np.int8)
    answer[u_hold < card.held_share] = Answer.HELD
    answer[is_over & (u_over >= limit.over_limit_approved_share)] = Answer.OVER_CUMULATIVE_LIMIT
    answer[np.asarray(limit_yen) == 0] = Answer.LIMIT_ZERO
    answer[u_offline < limit.offline_share] = Answer.AUTHORISED
    if limit.block_on_overdue:
        answer[is_overdue] = Answer.OVERDUE
    answer[~np.asarray(is_active) | is_restricted] = Answer.NOT_ACTIVE
    return answer


@implements("AU-10.3", "AU-13.2", "AU-22.2", "AU-24.11", "AU-48.1")
def is_restricted_use(
    limit: LimitTerms,
    foreign: ForeignTerms,
    is_exposed: Bools,
    is_foreign: Bools,
    u_goods: Floats,
    u_permit: Floats,
) -> Bools:
    """Tell which uses the lender refuses for what they are or who asks.

    Parameters
    ----------
    limit, foreign
        Shares of restricted goods and of uses abroad without a permit.
    is_exposed
        Politically exposed persons, and members under a money-laundering concern, shape (n,).
    is_foreign
        Uses abroad, shape (n,).
    u_goods, u_permit
        Uniforms, shape (n,).

    Returns
    -------
    Bools
        Shape (n,). Exposed persons are refused abroad only.
    """
    abroad = is_foreign & (is_exposed | (u_permit < foreign.restricted_share))
    return np.asarray(abroad | (u_goods < limit.restricted_share), dtype=np.bool_)


@implements("AU-22.6", "AU-22.5")
def over_limit_claim(terms: LimitTerms, used_yen: Ints, limit_yen: Ints) -> Ints:
    """Give the excess over the limit that falls due in one sum on the next due date, yen."""
    excess = np.maximum(np.asarray(used_yen) - limit_yen, 0)
    return np.asarray(excess if terms.over_limit_claim else np.zeros_like(excess))


@implements("AU-22.7")
def after_refused_documents(
    terms: LimitTerms, limit_yen: Ints, refuses: Bools
) -> tuple[Ints, Ints]:
    """Give limit and measure of members who were asked for documents.

    Returns
    -------
    limit_yen : Ints
        0 for who refuses if the lender cuts the limit, shape (n,).
    measure : Ints
        `Measure`, int8: suspension or cancellation where the lender does that instead.
    """
    is_cut = np.asarray(refuses) & (terms.noncomply_action == "cut")
    measure = Measure.NONE
    if terms.noncomply_action != "cut":
        measure = Measure[terms.noncomply_action.upper()]
    taken = np.where(refuses, measure, Measure.NONE).astype(np.int8)
    return np.where(is_cut, 0, limit_yen), taken
