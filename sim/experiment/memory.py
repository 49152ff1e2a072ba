"""Finished replications kept in memory, for runs that write nothing."""

from collections.abc import Mapping, Sequence
from types import TracebackType

import polars as pl

from sim.experiment.workers.tasks import Done, Failure


class Memory:
    """The twin of `sim.experiment.store.Store` without a directory."""

    directory: None = None

    def __init__(self) -> None:
        self.done: set[int] = set()
        """Replications kept so far."""
        self._kept: dict[int, Done] = {}

    def __enter__(self) -> "Memory":
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what was kept."""
        self._kept.clear()

    def found(self) -> None:
        """Find no manifest."""

    def find_finished(self, replications: Sequence[int]) -> set[int]:
        """Find nothing: a run in memory starts afresh."""
        return self.done & set(replications)

    def want(self, replications: int) -> None:
        """Take note of nothing: what is kept says how many there are."""

    def save(self, done: Done) -> None:
        """Keep one finished replication."""
        self._kept[done.replication] = done
        self.done.add(done.replication)

    def save_failures(self, failures: Sequence[Failure]) -> None:
        """Leave the failures to the exception that reports them."""

    def facts(self, replications: Sequence[int]) -> pl.DataFrame:
        """Return the facts of kept replications, in the order given."""
        return pl.concat([self._kept[number].facts for number in replications])

    def records(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return ledger and events of the recorded members, empty frames where none is."""
        first = self._kept[0]
        if first.ledger is None or first.events is None:
            return pl.DataFrame(), pl.DataFrame()
        return first.ledger, first.events

    def save_result(
        self, digest: str, metrics: Mapping[str, pl.DataFrame], summary: Mapping[str, object]
    ) -> None:
        """Keep nothing: the result is returned."""
