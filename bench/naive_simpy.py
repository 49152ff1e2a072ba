"""The rules of atone as one writes them first: objects, one SimPy process per member.

Every member sleeps until the next thing in its own agenda and does it; a held use, a call case and
a law firm's case are processes of their own that queue at a desk. Same configuration, same rules
and same parameters as `sim.engine`, other random numbers: statistically the same model, and what
`bench.drivers` measures the engine against. It is plain Python, neither tuned nor slowed down.
"""

import simpy

from bench.naive_business import Business
from bench.naive_member import Member
from bench.naive_parts import Process
from sim.config import Config

MOMENT = 1e-4
FUNDED = ("principal_receivable", "merchant_payable", "member_credit")


class Lender(Business):
    """One run: the business and all its members."""

    def __init__(
        self, config: Config, replication: int, env: simpy.Environment | None = None
    ) -> None:
        super().__init__(config, replication, env or simpy.Environment())
        self.members = [Member(self) for _ in range(config.population.members)]
        self.env.process(self.keep_books())

    def run(self) -> "Lender":
        """Simulate the horizon."""
        self.env.run(until=self.n_days + 0.5)
        return self

    def keep_books(self) -> Process:
        """Check the balance of each day; at a month's end post funding and take stock."""
        funded = 0
        yield self.env.timeout(MOMENT)
        for day in range(self.n_days):
            yield self.env.timeout(1)
            assert sum(self.balance.values()) == 0
            funded += max(sum(self.balance[account] for account in FUNDED), 0)
            if self.day_of_month[day + 1] == 1:
                self.post("funding", day, int(funded * self.config.economics.funding_rate / 365))
                funded = 0
                for member in self.members:
                    before, member.bucket = member.bucket, member.find_bucket(day)
                    self.moves[self.month_of[day], before, member.bucket] += 1
