"""Cost of portfolios with several products against atone alone.

Each run has a process of its own; the configurations take turns, and of the repetitions of one the
fastest counts. Seconds are processor time. A member-month is counted as in the table
`unit_economics` of a report: members of a lender at the ends of months, so that a person who is a
member of two lenders counts at each. Run from the root: ``python -m bench.products``.
"""

import argparse
import json
import subprocess
import sys
from time import process_time

import polars as pl

from sim.config import load_config
from sim.engine.simulation import simulate

SHIPPED = ("configs/atone.yaml", "configs/mixed.yaml")


def run(config: str, members: int, months: int, replications: int) -> dict[str, float]:
    """Run a configuration in one pass; give its seconds and member-months."""
    overrides = [f"population.members={members}", f"months={months}"]
    terms = load_config(config, overrides)
    simulate(load_config(config, ["population.members=100", "months=1"]), [0])  # imports, holidays
    start = process_time()
    facts = simulate(terms, range(replications)).facts
    seconds = process_time() - start
    at_month_ends = (pl.col("table") == "arrears") & (pl.col("key") != "not_a_member")
    return {"seconds": seconds, "member_months": facts.filter(at_month_ends)["count"].sum()}


def in_own_process(*case: str | int) -> dict[str, float]:
    """Run a configuration in a process of its own."""
    command = [sys.executable, "-m", "bench.products", "--worker", json.dumps(case)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print a row for each configuration, and its cost over that of the first."""
    parser = argparse.ArgumentParser(prog="python -m bench.products", description=__doc__)
    parser.add_argument("--configs", nargs="+", default=SHIPPED)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--replications", type=int, default=24)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(run(*json.loads(options.worker))))
        return 0
    size = (options.members, options.months, options.replications)
    found = {name: {"seconds": float("inf")} for name in options.configs}
    for _ in range(options.repetitions):
        for name in options.configs:
            found[name] = min(
                found[name], in_own_process(name, *size), key=lambda one: one["seconds"]
            )
    person_months = options.members * options.months * options.replications
    print(
        f"{'configuration':28} {'cpu s':>7} {'us a person-month':>18} {'x':>5} "
        f"{'member-months':>14} {'us each':>8} {'x':>5}"
    )
    first: tuple[float, float] | None = None
    for name, one in found.items():
        costs = tuple(one["seconds"] / n * 1e6 for n in (person_months, one["member_months"]))
        first = first or (costs[0], costs[1])
        print(
            f"{name:28} {one['seconds']:>7.2f} {costs[0]:>18.2f} {costs[0] / first[0]:>5.2f} "
            f"{one['member_months']:>14,.0f} {costs[1]:>8.2f} {costs[1] / first[1]:>5.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
