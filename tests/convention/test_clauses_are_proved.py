"""Every implemented clause has code and a test, and whatever names a clause names a real one."""

from sim.rules import check


def test_registry_code_parameters_records_and_tests_agree() -> None:
    assert check() == []
