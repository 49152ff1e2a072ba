"""The selection of the best policy is right as often as it says (Kim and Nelson 2001).

Each case is repeated 300 times with a fixed seed in the worst configuration, in which the best
leads all others by the indifference exactly. A procedure that is right with probability 0.9 has
at least 253 correct selections of 300 with a probability of 0.999.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from models.arrays import Floats
from models.errors import InputError
from sim.experiment.ranking import Selection, select_best

PROBABILITY, REPETITIONS, LEAST = 0.9, 300, 253
LEAD = 0.3


@dataclass(frozen=True)
class Case:
    """Policies and how they depend on each other."""

    policies: int
    correlation: float
    spreads: tuple[float, float] = (1.0, 1.0)
    """Standard deviation of the first and of the last policy."""

    def draw(self, generator: np.random.Generator, n: int) -> Floats:
        """Draw observations of a normal law, shape (policies, n); policy 0 leads."""
        common = generator.standard_normal(n)
        own = generator.standard_normal((self.policies, n))
        spread = np.linspace(*self.spreads, self.policies)[:, np.newaxis]
        noise = self.correlation**0.5 * common + (1 - self.correlation) ** 0.5 * own
        data = np.asarray(spread * noise)
        data[0] += LEAD
        return data


CASES = [
    Case(2, 0.0),
    Case(5, 0.0),
    Case(5, 0.8),
    Case(5, 0.5, spreads=(0.5, 2.0)),
]


def selections(case: Case) -> list[Selection]:
    generator = np.random.default_rng(2001)
    return [
        select_best(
            {str(policy): row for policy, row in enumerate(case.draw(generator, 3000).tolist())},
            indifference=LEAD,
            probability=PROBABILITY,
        )
        for _ in range(REPETITIONS)
    ]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_best_is_selected_with_the_stated_probability(case: Case) -> None:
    found = selections(case)
    assert all(selection.is_decided for selection in found)
    assert sum(selection.best == "0" for selection in found) >= LEAST


def test_common_random_numbers_decide_sooner() -> None:
    independent, common = (
        np.mean([selection.used for selection in selections(case)]) for case in CASES[1:3]
    )
    assert common < 0.5 * independent


def test_too_few_observations_leave_it_open_and_say_how_many_suffice() -> None:
    data = Case(3, 0.0).draw(np.random.default_rng(1), 3000)
    rows = dict(zip("abc", data.tolist(), strict=True))
    whole = select_best(rows, indifference=LEAD)
    cut = select_best({name: row[:30] for name, row in rows.items()}, indifference=LEAD)
    assert not cut.is_decided
    assert (cut.used, cut.best) == (30, cut.survivors[0])
    assert whole.used <= 30 + cut.at_most_needed
    assert whole.at_most_needed == 0
    assert len(whole.survivors) + len(whole.eliminated) == 3


def test_what_comes_after_the_decision_is_not_looked_at() -> None:
    data = Case(3, 0.8).draw(np.random.default_rng(2), 400)
    rows = dict(zip("abc", data.tolist(), strict=True))
    whole = select_best(rows, indifference=LEAD)
    used = {name: row[: whole.used] for name, row in rows.items()}
    assert select_best(used, indifference=LEAD) == whole


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"indifference": 0.0}, "indifference: got 0.0; allowed: above 0"),
        ({"probability": 0.3}, "probability: got 0.3; allowed: above 0.3333"),
        ({"first_stage": 1}, "first_stage: got 1; allowed: at least 2"),
        ({"first_stage": 50}, "40 independent observations of each policy; .* needs 50"),
    ],
)
def test_a_wrong_argument_is_named(change: dict[str, float], message: str) -> None:
    data = Case(3, 0.0).draw(np.random.default_rng(3), 40)
    arguments = {"indifference": LEAD, **change}
    with pytest.raises(InputError, match=message):
        select_best(dict(zip("abc", data.tolist(), strict=True)), **arguments)  # type: ignore[arg-type]


def test_policies_with_different_numbers_of_observations_are_refused() -> None:
    with pytest.raises(InputError, match="different numbers of replications"):
        select_best({"a": [1.0] * 30, "b": [1.0] * 29}, indifference=1.0)


def test_one_policy_is_no_choice() -> None:
    with pytest.raises(InputError, match="got 1; allowed: two or more"):
        select_best({"a": [1.0] * 30}, indifference=1.0)
