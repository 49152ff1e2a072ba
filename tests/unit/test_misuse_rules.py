"""Pure rules of misuse, relief, inquiries, merchants and goods."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.members.misuse import Misuse, User, is_cash_out, spree, user_of_month
from models.policy.inquiries import Inquiries, found, ground_of
from models.policy.relief import (
    Relief,
    first_relieved_day,
    is_relieved,
    rule_of_loss_terms,
    rule_of_relief,
)
from models.policy.repossession import Repossession, is_taken_back, value_of_goods
from models.products.app_card import AppCardTerms, gets_card
from models.products.atone_fees import Fees
from models.products.au_pay.relief_terms import LossTerms
from models.products.merchants import MerchantClass, Merchants, merchant_class
from models.products.released import fee_of_use


@pytest.mark.clause("NP-33.1", "NP-34.1", "NP-54.1")
def test_a_month_brings_one_kind_of_third_party_in_its_share() -> None:
    misuse = Misuse(loss_per_month=0.1, credentials_per_month=0.2, card_per_month=0.3)
    u = np.array([0.05, 0.15, 0.45, 0.45, 0.65])
    has_card = np.array([True, True, True, False, True])
    expected = [User.THIEF, User.ID_THIEF, User.CARD_THIEF, User.MEMBER, User.MEMBER]
    assert user_of_month(misuse, u, has_card).tolist() == expected


def test_chances_above_one_in_sum_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"the chances of misuse sum to 1\.2; allowed"):
        Misuse(loss_per_month=0.6, credentials_per_month=0.6)


@pytest.mark.clause("NP-32.3")
def test_a_loss_is_reported_after_its_lag_and_credentials_when_they_are_seen() -> None:
    misuse = Misuse(report_lag_days=2, discovery_mean_days=20.0)
    user, u = np.array([User.THIEF, User.ID_THIEF, User.ID_THIEF]), np.full((3, 3), 0.5)
    u[2] = [0.9, 0.01, 0.9]
    assert spree(misuse, user, u, 31).notice_after.tolist() == [2, 0, 46]


def test_the_number_of_uses_has_its_mean() -> None:
    u = np.zeros((3, 10_000))
    u[1] = (np.arange(10_000) + 0.5) / 10_000
    found_uses = spree(Misuse(mean_uses=3.0), np.full(10_000, User.THIEF), u, 30).n_uses
    assert found_uses.min() == 1
    assert found_uses.mean() == pytest.approx(3.0, abs=0.01)


@pytest.mark.clause("NP-9.1", "NP-9.2", "AU-24.12", "C-08")
def test_only_persons_short_of_cash_turn_goods_into_it() -> None:
    short, u = np.array([True, True, False]), np.array([0.1, 0.3, 0.1])
    assert is_cash_out(Misuse(cash_out_share=0.2), short, u).tolist() == [True, False, False]


def relieved(user: User, u: list[float], use_day: int = 90, **terms: object) -> bool:
    """Tell whether one use is relieved under the terms of Net Protections; notice on day 100."""
    rule = rule_of_relief(Relief.model_validate(terms))
    day = np.array([use_day])
    return bool(
        is_relieved(rule, np.array([user]), day, np.array([100]), np.array(u)[:, np.newaxis])[0]
    )


FINE = [0.5, 0.5, 0.5, 0.5]


@pytest.mark.clause("NP-33.1", "NP-32.1", "NP-32.2")
def test_a_loss_needs_procedure_window_cooperation_and_no_exclusion() -> None:
    assert relieved(User.THIEF, FINE)
    assert not relieved(User.THIEF, [0.95, 0.5, 0.5, 0.5])
    assert not relieved(User.THIEF, [0.5, 0.05, 0.5, 0.5])
    assert not relieved(User.THIEF, FINE, use_day=39)
    assert relieved(User.THIEF, FINE, use_day=40)
    assert not relieved(User.THIEF, FINE, uncooperative_share=0.6)


@pytest.mark.clause("NP-33.4", "NP-34.1", "NP-34.2", "NP-54.1", "NP-54.2")
def test_credentials_and_numbers_need_no_procedure_but_bear_grounds_of_liability() -> None:
    assert relieved(User.ID_THIEF, [0.99, 0.0, 0.5, 0.5], use_day=0)
    assert not relieved(User.ID_THIEF, [0.5, 0.5, 0.15, 0.5])
    assert relieved(User.CARD_THIEF, [0.5, 0.5, 0.15, 0.5])
    assert not relieved(User.CARD_THIEF, [0.5, 0.5, 0.05, 0.5])
    for user in (User.ID_THIEF, User.CARD_THIEF):
        assert not relieved(user, FINE, uncooperative_share=0.6)


@pytest.mark.clause("C-72")
def test_the_friendly_reading_takes_a_loss_for_stolen_credentials() -> None:
    no_procedure = [0.99, 0.0, 0.5, 0.5]
    assert not relieved(User.THIEF, no_procedure, use_day=0)
    assert relieved(User.THIEF, no_procedure, use_day=0, regime="member_friendly")


def test_what_the_member_does_himself_is_never_relieved() -> None:
    assert not relieved(User.MEMBER, FINE)
    assert not relieved(User.SUBSCRIPTION, FINE)


@pytest.mark.clause("AU-3.1", "AU-3.2", "AU-3.3", "AU-3.4", "AU-8.1", "AU-8.2")
@pytest.mark.clause("AU-42.1", "AU-42.2", "AU-43.1", "AU-43.2")
@pytest.mark.parametrize(
    ("user", "u_liable", "use_day", "expected"),
    [
        (User.THIEF, 0.0, 40, True),
        (User.THIEF, 0.0, 39, False),
        (User.BORROWER, 0.99, 90, False),
        (User.PIN_THIEF, 0.85, 90, False),
        (User.PIN_THIEF, 0.95, 90, True),
        (User.STRANGER, 0.15, 0, True),
        (User.STRANGER, 0.05, 0, False),
    ],
)
def test_the_same_rule_serves_the_other_lender(
    user: User, u_liable: float, use_day: int, *, expected: bool
) -> None:
    u = np.array([[0.5], [0.5], [u_liable], [0.5]])
    rule, day = rule_of_loss_terms(LossTerms()), np.array([use_day])
    assert is_relieved(rule, np.array([user]), day, np.array([100]), u).tolist() == [expected]


@pytest.mark.clause("NP-33.1", "AU-42.1", "C-09")
@pytest.mark.golden("G-21")
@pytest.mark.parametrize(
    ("days", "inclusive", "first"),
    [(60, False, "2026-01-30"), (61, True, "2026-01-30"), (61, False, "2026-01-29")],
)
def test_the_window_before_a_notice_of_31_march(days: int, *, inclusive: bool, first: str) -> None:
    notice = np.array([np.datetime64("2026-03-31").astype(np.int64)])
    found_day = first_relieved_day(days, notice, inclusive=inclusive)
    assert found_day.astype("datetime64[D]").astype(str).tolist() == [first]


@pytest.mark.clause("NP-31.2")
def test_the_thirteen_grounds_share_the_uniform() -> None:
    terms = Inquiries(shares=tuple(0.05 for _ in range(13)))
    u = (np.arange(14) + 0.5) * 0.05
    assert ground_of(terms, u).tolist() == [*range(1, 14), 0]


@pytest.mark.clause("NP-31.2", "LEN-05")
def test_only_four_grounds_end_with_a_charge_back_and_four_with_a_breach() -> None:
    ground = np.arange(1, 14)
    result = found(Inquiries(breach_share=0.5), ground, np.full(13, 0.4))
    assert ground[result.is_charged_back].tolist() == [8, 9, 12, 13]
    assert ground[result.is_breach].tolist() == [1, 4, 5, 7]
    late = found(Inquiries(breach_share=0.5), ground, np.full(13, 0.6))
    assert not late.is_charged_back.any()
    assert not late.is_breach.any()


@pytest.mark.clause("NP-25.5", "NP-28.11")
def test_classes_of_merchants_take_their_shares_of_uses() -> None:
    merchants = Merchants(classes=(MerchantClass(share=0.1), MerchantClass(share=0.2)))
    assert merchant_class(merchants, np.array([0.05, 0.15, 0.35])).tolist() == [1, 2, 0]
    assert merchant_class(Merchants(), np.array([0.05])).tolist() == [0]
    with pytest.raises(ValidationError, match=r"classes: the shares sum to 1\.2; allowed"):
        Merchants(classes=(MerchantClass(share=0.6), MerchantClass(share=0.6)))


@pytest.mark.clause("NP-50.1", "NP-50.2", "NP-50.3", "NP-53")
def test_a_card_needs_good_standing_and_months_without_arrears() -> None:
    active, last = np.array([True, True, False]), np.array([-1, 31, -1])
    assert gets_card(AppCardTerms(), active, last, 31).tolist() == [True, False, False]
    assert not gets_card(AppCardTerms(enabled=False), active, last, 31).any()


@pytest.mark.clause("NP-27.1", "NP-27.2", "NP-27.3")
def test_goods_are_worth_a_share_of_their_price_rounded_down() -> None:
    assert value_of_goods(Repossession(), np.array([20_000, 9_999, 4])).tolist() == [
        4_000,
        1_999,
        0,
    ]
    u = np.array([0.1, 0.9])
    assert is_taken_back(Repossession(share=0.5), u).tolist() == [True, False]
    assert not is_taken_back(Repossession(share=0.5, retains_title=False), u).any()


@pytest.mark.clause("NP-33.1", "C-02", "C-03")
@pytest.mark.parametrize(
    ("terms", "own", "n_uses", "expected"),
    [
        ({}, -1, 3, (226, 22)),
        ({}, 0, 3, (0, 0)),
        ({}, 100, 3, (100, 10)),
        ({"tax_rounding": "sum_floor"}, -1, 4, (226, 23)),
        ({"tax_rounding": "sum_floor"}, -1, 1, (226, 22)),
        ({"unit": "per_statement"}, -1, 3, (0, 0)),
        ({"unit": "per_statement"}, -1, 1, (226, 22)),
        ({"unit": "article"}, -1, 3, (0, 0)),
        ({"unit": "article"}, -1, 1, (190, 19)),
    ],
)
def test_a_released_use_takes_off_what_the_bill_bears_for_it(
    terms: dict[str, object], own: int, n_uses: int, expected: tuple[int, int]
) -> None:
    fee = fee_of_use(Fees.model_validate(terms), np.array([0]), np.array([own]), np.array([n_uses]))
    assert (int(fee.net_yen[0]), int(fee.tax_yen[0])) == expected
