"""Which plan a use is paid in, its number of payments, and its legs."""

import numpy as np
import pytest

from models.products.au_pay import AuPayTerms, plans, schedules
from models.products.au_pay.plan_terms import InstalmentTerms, PlanTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
YES, NO = np.array([True]), np.array([False])
PLAIN = {"is_suitable": YES, "is_all_revolving": NO, "is_foreign": NO}


def plan(asked: Product, price: int = 10_000, room: int = 50_000, **flags: np.ndarray) -> Product:
    """Give the plan of one use."""
    numbers = (np.array([number]) for number in (asked, price, room))
    return Product(int(plans.plan_in_force(TERMS.plan, *numbers, **(PLAIN | flags))[0]))


@pytest.mark.clause("AU-28.1")
def test_no_choice_means_one_time() -> None:
    assert plan(plans.NO_CHOICE) == Product.AU_ONE_TIME
    assert plan(Product.AU_BONUS) == Product.AU_BONUS


@pytest.mark.clause("AU-28.1", "AU-29.2")
@pytest.mark.parametrize("asked", [Product.AU_REVOLVING, Product.AU_INSTALMENTS])
def test_revolving_and_instalments_are_for_suitable_members(asked: Product) -> None:
    assert plan(asked) == asked
    assert plan(asked, is_suitable=NO) == Product.AU_ONE_TIME


@pytest.mark.clause("AU-27.2", "AU-27.3")
@pytest.mark.parametrize("asked", [Product.AU_REVOLVING, Product.AU_INSTALMENTS])
def test_revolving_and_instalments_need_room(asked: Product) -> None:
    assert plan(asked, price=50_000, room=50_000) == asked
    assert plan(asked, price=50_001, room=50_000) == Product.AU_ONE_TIME
    assert plan(Product.AU_TWO_TIME, price=50_001, room=50_000) == Product.AU_TWO_TIME


@pytest.mark.clause("AU-28.2", "AU-28.3(1)")
def test_use_abroad_is_one_time_unless_all_use_is_revolving() -> None:
    assert plan(Product.AU_INSTALMENTS, is_foreign=YES) == Product.AU_ONE_TIME
    assert plan(plans.NO_CHOICE, is_foreign=YES, is_all_revolving=YES) == Product.AU_REVOLVING


@pytest.mark.clause("AU-28.3(1)")
def test_all_revolving_leaves_other_named_plans_alone() -> None:
    assert plan(Product.AU_ONE_TIME, is_all_revolving=YES) == Product.AU_REVOLVING
    assert plan(Product.AU_TWO_TIME, is_all_revolving=YES) == Product.AU_TWO_TIME


@pytest.mark.clause("AU-31.1", "C-37")
def test_small_prices_get_fewer_payments_or_one() -> None:
    kind = np.array([Product.AU_INSTALMENTS] * 4 + [Product.AU_TWO_TIME, Product.AU_REVOLVING])
    price = np.array([2_999, 3_000, 10_000, 50_000, 10_000, 10_000])
    found, times = plans.instalments_in_force(TERMS.instalments, kind, price, np.full(6, 12))
    assert times.tolist() == [1, 3, 10, 12, 2, 0]
    assert found.tolist() == [Product.AU_ONE_TIME, *kind[1:].tolist()]


@pytest.mark.clause("AU-31.1", "C-37")
def test_the_least_instalment_is_configuration() -> None:
    terms = InstalmentTerms(min_instalment_yen=5_000)
    kind = np.array([Product.AU_INSTALMENTS])
    _, times = plans.instalments_in_force(terms, kind, np.array([20_000]), np.array([12]))
    assert times.tolist() == [4]


@pytest.mark.clause("AU-28.3(2)")
def test_a_whole_use_switches_until_the_last_day_and_within_the_room() -> None:
    target = np.array([Product.AU_REVOLVING] * 4 + [Product.AU_TWO_TIME])
    held = np.array([Product.AU_ONE_TIME] * 3 + [Product.AU_REVOLVING, Product.AU_ONE_TIME])
    last_day, room = np.array([50, 49, 50, 50, 50]), np.array([9, 9, 8, 9, 9])
    allowed = plans.may_switch(held, target, 50, last_day, np.full(5, 9), room)
    assert allowed.tolist() == [True, False, False, False, False]


@pytest.mark.clause("AU-31.3", "AUX-INS", "C-11", "C-51")
def test_three_payments_are_free_unless_the_scenario_charges_them() -> None:
    kind = np.array([Product.AU_INSTALMENTS, Product.AU_TWO_TIME, Product.AU_BONUS])
    price, times = np.full(3, 100_000), np.array([3, 2, 1])
    charged = InstalmentTerms(three_free=False)
    assert schedules.finance_charge(TERMS.instalments, kind, price, times).tolist() == [0, 0, 0]
    assert schedules.finance_charge(charged, kind, price, times).tolist() == [2_460, 0, 0]


@pytest.mark.clause("AU-29.1(2)")
def test_the_odd_yen_can_come_first() -> None:
    one = np.array([1])
    terms = PlanTerms(two_time_remainder="first")
    found = schedules.legs(terms, one * Product.AU_TWO_TIME, one * 9_999, one * 0, one * 2, one * 4)
    assert found.principal_yen.tolist() == [5_000, 4_999]


@pytest.mark.clause("AU-29.1", "AU-29.1(1)", "AU-31.2")
def test_uses_of_all_plans_are_scheduled_in_one_call() -> None:
    kind = np.array(
        [Product.AU_REVOLVING, Product.AU_ONE_TIME, Product.AU_INSTALMENTS, Product.AU_TWO_TIME]
    )
    price, fee = np.array([500, 700, 100_000, 9]), np.array([0, 0, 3_280, 0])
    times, first = np.array([0, 1, 4, 2]), np.array([3, 4, 5, 6])
    found = schedules.legs(TERMS.plan, kind, price, fee, times, first)
    assert found.owner.tolist() == [1, 2, 2, 2, 2, 3, 3]
    assert found.number.tolist() == [1, 1, 2, 3, 4, 1, 2]
    assert found.due_month.tolist() == [4, 5, 6, 7, 8, 6, 7]
    assert (found.principal_yen + found.fee_yen).tolist() == [700, *[25_820] * 4, 4, 5]
    assert found.fee_yen.tolist() == [0, 1_312, 984, 656, 328, 0, 0]


def test_no_uses_have_no_legs() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert all(part.size == 0 for part in schedules.legs(TERMS.plan, *([none] * 5)))
