"""The economy of one pass: what all lenders share.

The clock, the calendar, the persons with their traits and troubles, the macro factor. Lenders know
of each other only what reaches them through the channels that the contracts name.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats, Ints
from models.calendar import Calendar
from sim.config import Config
from sim.engine.clock import Clock
from sim.engine.state.portfolio import Persons
from sim.macro_paths import factor_paths
from sim.record.eventlog import Record
from sim.rng import Randomness, Stream


class Economy:
    """Persons of one or several replications, as rows, and what surrounds them.

    Parameters
    ----------
    config
        The run.
    replications
        Numbers of the replications in this pass.
    record
        Whose lines are kept.
    env
        The clock of the pass.
    chunk_rows
        Rows that a step gets at once at most.
    """

    def __init__(
        self,
        config: Config,
        replications: Sequence[int],
        record: Record,
        env: Clock,
        chunk_rows: int,
    ) -> None:
        self.config = config
        self.replications = np.array(replications, dtype=np.int64)
        self.env = env
        self.chunk_rows = chunk_rows
        self.calendar = Calendar.of(config.start, config.months, margin_days=400)
        self.n_days = self.calendar.n_days
        self.n_members = config.population.members
        self.is_recorded = record.mask(len(replications), self.n_members)
        self.rng = Randomness(config.seed)
        n_rows = self.n_members * len(replications)
        self.persons = Persons(n_rows)
        self.persons.append(
            n_rows,
            replication=np.repeat(self.replications, self.n_members),
            number=np.tile(np.arange(self.n_members), len(replications)),
        )
        self.factor = factor_paths(config, self.rng, self.replications)

    def uniforms(
        self,
        stream: Stream | Sequence[Stream],
        rows: Ints,
        occurrence: Ints | int,
        lender: int,
    ) -> Floats:
        """Draw the block of each person row, shape (4, n).

        Those of several occurrences, shape (k, 1), follow each other, shape (4, k * n).
        """
        persons = self.persons
        return self.rng.uniforms(
            stream, persons.replication[rows], persons.number[rows], occurrence, lender
        )

    def blocks(
        self, blocks: Sequence[tuple[Stream, Ints | int]], rows: Ints, lender: int
    ) -> Floats:
        """Draw several blocks of each person row at once, each of a stream and an occurrence.

        Shape (4, blocks, n). A draw of a few rows takes as long as one of some hundred.
        """
        streams, occurrences = zip(*blocks, strict=True)
        occurrence = np.empty((len(blocks), rows.size), dtype=np.int64)
        for place, one in enumerate(occurrences):
            occurrence[place] = one
        return self.uniforms(streams, rows, occurrence, lender).reshape(4, len(blocks), rows.size)

    def factor_of(self, rows: Ints, month: int) -> Floats:
        """Give the macro factor that person rows feel in a month, shape (n,)."""
        return np.asarray(self._factors(month)[rows // self.n_members])

    def lowest_factor(self, month: int) -> float:
        """Give the lowest macro factor of a month in any replication."""
        return float(self._factors(month).min())

    def _factors(self, month: int) -> Floats:
        """Give the factor of a month, shape (replications,); the last one holds on."""
        column: Floats = self.factor[:, min(month, self.factor.shape[1] - 1)]
        return column
