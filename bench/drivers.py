"""Speed and memory of the two drivers against the naive model of the same rules.

Each run has a process of its own, so that its peak memory is its own; runs of one size take turns,
and of the repetitions of a run the fastest counts. Seconds are processor time, which other work on
the machine disturbs less than the clock on the wall. Nothing is asserted: README.md has the goals.
Run from the root: ``python -m bench.drivers``.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from time import process_time
from typing import ParamSpec, TypeVar
from unittest.mock import patch

import numpy as np
import simpy
from simpy.events import NORMAL, Event, EventPriority

from bench.naive_scope import in_scope
from bench.naive_simpy import Lender
from models.arrays import Floats, Ints
from sim.config import Config
from sim.engine.simulation import CHUNK_ROWS, run_worlds, simulate
from sim.engine.state.world import World
from sim.experiment.workers.tasks import REPLICATIONS_PER_TASK, replications_per_task
from sim.record.eventlog import Record
from sim.rng import Four, Randomness, Stream
from sim.table import Table

FLAT_FROM, MILLION = 10_000, 1_000_000
P = ParamSpec("P")
Result = TypeVar("Result")
SORTS = ("argsort", "lexsort", "sort", "unique")


@dataclass(frozen=True)
class Case:
    """One thing to run."""

    model: str
    members: int
    months: int
    replications: int = 1

    @property
    def member_months(self) -> int:
        """Members times months, over all replications."""
        return self.members * self.months * self.replications

    @property
    def name(self) -> str:
        """What the table calls it."""
        at_once = f", {self.replications} at once" if self.replications > 1 else ""
        return self.model + at_once


@dataclass(frozen=True)
class Measured:
    """What a run took, best of its repetitions."""

    seconds: float
    peak_megabytes: float

    def microseconds(self, case: Case) -> float:
        """Give the cost of a member-month."""
        return self.seconds / case.member_months * 1e6


class CountingEnvironment(simpy.Environment):
    """Environment that counts the events scheduled."""

    n_events = 0

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Count and schedule."""
        self.n_events += 1
        super().schedule(event, priority, delay)


# -- inside the process of a run -----------------------------------------------------------------


def config_of(case: Case) -> Config:
    """Give the defaults that the naive model knows, and people at the desks in proportion."""
    config = in_scope(Config(months=case.months))
    scale = max(1, case.members // 10_000)
    calls, firm = config.collections.call_desk, config.collections.law_firm
    review = config.screening.review_desk
    desks = {
        "call_desk": calls.model_copy(update={"callers": calls.callers * scale}),
        "law_firm": firm.model_copy(update={"clerks": firm.clerks * scale}),
    }
    reviewers = {"review_desk": review.model_copy(update={"reviewers": review.reviewers * scale})}
    return config.model_copy(
        update={
            "population": config.population.model_copy(update={"members": case.members}),
            "collections": config.collections.model_copy(update=desks),
            "screening": config.screening.model_copy(update=reviewers),
        }
    )


def run(case: Case) -> dict[str, float]:
    """Run a case and give what was measured."""
    config = config_of(case)
    simulate(config_of(Case("cohort", 100, 1)), [0])  # what a worker pays once: imports, holidays
    start = process_time()
    found: dict[str, float] = {}
    match case.model:
        case "naive":
            Lender(config, 0).run()
        case "cohort" | "member":
            simulate(config, range(case.replications), driver=case.model)
        case "events":
            env = CountingEnvironment()
            Lender(config, 0, env).run()
            found["events"] = env.n_events
        case "floor":
            found |= floor(config, case)
        case "in order":
            with draws_in_order():
                simulate(config, range(case.replications))
    found["seconds"] = process_time() - start
    found["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def floor(config: Config, case: Case) -> dict[str, float]:
    """Time what no implementation can spare: draws, sorts, and a copy of the state a month."""
    spent = {"draws": 0.0, "sorts": 0.0}

    def timed(function: Callable[P, Result], kind: str) -> Callable[P, Result]:
        def call(*args: P.args, **kwargs: P.kwargs) -> Result:
            start = process_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent[kind] += process_time() - start

        return call

    with ExitStack() as stack:
        for name in ("uniforms", "one"):
            draw = timed(getattr(Randomness, name), "draws")
            stack.enter_context(patch.object(Randomness, name, draw))
        for name in SORTS:
            stack.enter_context(patch.object(np, name, timed(getattr(np, name), "sorts")))
        (world,) = run_worlds(config, [0], "cohort", Record.nothing(), CHUNK_ROWS)
    start = process_time()
    for month in range(case.months):
        copy_state(world, (month + 1) / case.months)
    return {**spent, "copies": process_time() - start}


def copy_state(world: World, grown: float) -> None:
    """Copy all tables of the state, those that grow with time as far as they had by then."""
    everybody = world.persons.size
    tables = [one for one in (*vars(world).values(), world.cases.table) if isinstance(one, Table)]
    for table in tables:
        n = table.size if table.size == everybody else int(table.size * grown)
        for name in table.columns:
            getattr(table, name)[:n].copy()


@contextmanager
def draws_in_order() -> Iterator[None]:
    """Take uniforms from numpy's generator as they are asked for, whatever they are for.

    The economy stays as it was: in other times people fall behind more often or less.
    """
    generator, keyed = np.random.default_rng(1), Randomness.uniforms

    def uniforms(
        random: Randomness,
        stream: Stream | Sequence[Stream],
        replication: Ints | int,
        entity: Ints | int,
        occurrence: Ints | int,
        lender: int = 0,
    ) -> Floats:
        if stream == Stream.MACRO:
            return keyed(random, stream, replication, entity, occurrence, lender)
        n_streams = 1 if isinstance(stream, int) else len(stream)
        n = np.broadcast(replication, entity, occurrence, np.empty((n_streams, 1))).size
        return generator.random((4, n))

    def one(*_: int) -> Four:
        a, b, c, d = generator.random(4).tolist()
        return a, b, c, d

    with patch.object(Randomness, "uniforms", uniforms), patch.object(Randomness, "one", one):
        yield


# -- around them ---------------------------------------------------------------------------------


def in_own_process(case: Case) -> dict[str, float]:
    """Run a case in a process of its own."""
    command = [sys.executable, "-m", "bench.drivers", "--worker", json.dumps(asdict(case))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(cases: list[Case], repetitions: int) -> dict[Case, Measured]:
    """Run cases in turns; keep the least time and the most memory of each."""
    runs: dict[Case, list[dict[str, float]]] = {case: [] for case in cases}
    for _ in range(repetitions):
        for case in cases:
            runs[case].append(in_own_process(case))
    return {
        case: Measured(
            min(found["seconds"] for found in of_case),
            max(found["peak_megabytes"] for found in of_case),
        )
        for case, of_case in runs.items()
    }


def cases_of(members: int, options: argparse.Namespace) -> Iterator[Case]:
    """Give what is run at a size, the naive model first."""
    if members <= options.naive_limit:
        yield Case("naive", members, options.naive_months)
    if members <= options.member_limit:
        yield Case("member", members, options.months)
    one_pass = Case("cohort", members, options.months)
    at_once = replications_per_task(config_of(one_pass), "cohort", REPLICATIONS_PER_TASK, jobs=1)
    yield one_pass
    usual = replace(one_pass, replications=at_once)
    if at_once > 1:
        yield usual
    yield replace(usual, model="in order")


def print_rows(measured: dict[Case, Measured]) -> None:
    """Print the rows of a size."""
    naive = [found.microseconds(case) for case, found in measured.items() if case.model == "naive"]
    for case, found in measured.items():
        cost = found.microseconds(case)
        ratio = f"{naive[0] / cost:.1f}" if naive else "-"
        print(
            f"{case.name:20} {case.members:>9,} {case.months:>6} {found.seconds:>9.2f} "
            f"{1e6 / cost:>15,.0f} {cost:>9.2f} {found.peak_megabytes:>9,.0f} {ratio:>7}",
            flush=True,
        )


def print_cost_of_common_numbers(measured: dict[Case, Measured]) -> None:
    """Print what it costs that a uniform hangs on what it is for, not on the order of draws."""
    for case, found in measured.items():
        if case.model == "in order":
            cost = measured[replace(case, model="cohort")].seconds / found.seconds - 1.0
            print(f"common random numbers at {case.members:,}: {cost:+.1%}", flush=True)


def print_floor(members: int, months: int, whole: Measured) -> None:
    """Print the ratio of the whole run to its draws, sorts and copies."""
    found = in_own_process(Case("floor", members, months))
    parts = {kind: found[kind] for kind in ("draws", "sorts", "copies")}
    total = sum(parts.values())
    detail = ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in parts.items())
    print(f"whole run / ({detail}) at {members:,}: {whole.seconds / total:.1f}", flush=True)


def main() -> int:
    """Print the table and the ratios below it."""
    parser = argparse.ArgumentParser(prog="python -m bench.drivers", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--naive-months", type=int, default=12)
    parser.add_argument("--million", action="store_true", help="also a million members")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--naive-limit", type=int, default=100_000, help="no naive run above")
    parser.add_argument("--member-limit", type=int, default=1_000, help="no member driver above")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(run(Case(**json.loads(options.worker)))))
        return 0
    sizes = sorted({*options.sizes, *([FLAT_FROM, MILLION] if options.million else [])})
    print(
        f"{'model':20} {'members':>9} {'months':>6} {'cpu s':>9} {'member-months/s':>15} "
        f"{'us each':>9} {'peak MB':>9} {'x naive':>7}"
    )
    measured: dict[Case, Measured] = {}
    for members in sizes:
        of_size = measure([*cases_of(members, options)], options.repetitions)
        print_rows(of_size)
        measured |= of_size
    cohort = {members: measured[Case("cohort", members, options.months)] for members in sizes}
    print()
    print_cost_of_common_numbers(measured)
    for members in sizes:
        print_floor(members, options.months, cohort[members])
    if options.million:
        flat = cohort[MILLION].seconds / MILLION / (cohort[FLAT_FROM].seconds / FLAT_FROM)
        print(f"cost of a member-month at {MILLION:,} / at {FLAT_FROM:,}: {flat:.2f}")
    counted = Case("events", sizes[0], options.naive_months)
    events = in_own_process(counted)["events"] / counted.member_months
    print(f"events a member-month of the naive model at {sizes[0]:,}: {events:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
