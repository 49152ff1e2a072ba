"""Workers on a Dask cluster, reached through its scheduler.

Tasks and outcomes are plain data that travel over the scheduler; files are written here alone. A
worker that runs other code or other versions of the packages is refused, since its numbers might
differ. The optional packages ``dask`` and ``distributed`` are imported when a cluster is used.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from models.errors import InputError
from sim.experiment.workers.cluster_connection import Tls, check_address, connected
from sim.experiment.workers.pools import Disconnected, WorkerDied, WorkersUnusable
from sim.experiment.workers.tasks import Done, Failure, Task, perform
from sim.provenance import source_digest, source_root, surroundings

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER = 30
LEAST_IN_FLIGHT = 32
"""Tasks in flight at least, so that a cluster that grows with its work has something to see."""


class ClusterWorkers:
    """The workers of a Dask cluster, as a context; see `sim.experiment.workers.pools.Workforce`.

    Parameters
    ----------
    address
        Address of the scheduler, ``tcp://host:port`` or ``tls://host:port``.
    tls
        The files of an encrypted connection.
    """

    can_restart = True

    def __init__(self, address: str, tls: Tls | None = None) -> None:
        check_address(address, tls)
        self._address = address
        self._tls = tls
        self._client: Client | None = None
        self._scheduler: str | None = None
        self._ending = threading.Lock()
        self._unfinished: set[Future[list[Done | Failure]]] = set()

    def __enter__(self) -> Self:
        """Connect."""
        self.restart()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect; the scheduler forgets what was not finished."""
        self._close()

    @property
    def limit(self) -> int:
        """Tasks in flight at most: two a worker thread, as many as there are now."""
        return max(LEAST_IN_FLIGHT, 2 * self.size)

    @property
    def size(self) -> int:
        """Worker threads that are there now, at least 1."""
        if self._client is None:
            return 1
        known: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return max(1, sum(int(worker["nthreads"]) for worker in known.values()))

    def restart(self) -> None:
        """Connect anew.

        Raises
        ------
        WorkersUnusable
            If the scheduler does not answer.
        """
        self._close()
        self._client = connected(self._address, self._tls)
        self._scheduler = self._identity_of_scheduler()

    def check(self) -> None:
        """Give tasks up that were sent to a scheduler that is no longer the same.

        A client connects to a scheduler that was started anew by itself, but that one has never
        heard of the tasks: their futures would never end.
        """
        try:
            is_same = self._identity_of_scheduler() == self._scheduler
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody answers
            self._give_up(Disconnected(f"{self._address}: {type(error).__name__}: {error}"))
        else:
            if not is_same:
                self._give_up(Disconnected(f"{self._address}: the scheduler was started anew"))

    def submit(self, task: Task) -> Future[list[Done | Failure]]:
        """Send a task to the scheduler, which tries it again when a worker dies of it."""
        outcome: Future[list[Done | Failure]] = Future()
        if self._client is None:
            raise RuntimeError("workers are used as a context: with ClusterWorkers(...) as workers")
        try:
            sent = self._client.get_executor(pure=False).submit(_perform_if_same, task, _identity())
        except Exception as error:  # noqa: BLE001 - a closed client raises many things
            outcome.set_exception(self._translated(error))
            return outcome
        self._unfinished.add(outcome)
        sent.add_done_callback(lambda done: self._hand_over(done, outcome))
        return outcome

    def _hand_over(
        self, done: "Future[list[Done | Failure]]", outcome: Future[list[Done | Failure]]
    ) -> None:
        """Pass on what came back, errors in the words of `Workforce`."""
        try:
            rows = done.result()
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - handed to who waits
            self._end(outcome, error=self._translated(error))
        else:
            self._end(outcome, rows)

    def _give_up(self, error: Exception) -> None:
        """End all futures."""
        for outcome in list(self._unfinished):
            self._end(outcome, error=error)

    def _end(
        self,
        outcome: Future[list[Done | Failure]],
        rows: Sequence[Done | Failure] = (),
        error: Exception | None = None,
    ) -> None:
        """End a future, unless another thread was first."""
        with self._ending:
            if outcome not in self._unfinished:
                return
            self._unfinished.remove(outcome)
        if error is None:
            outcome.set_result(list(rows))
        else:
            outcome.set_exception(error)

    def _identity_of_scheduler(self) -> str:
        """Ask the scheduler who it is."""
        if self._client is None:
            raise RuntimeError("not connected")
        scheduler: Any = self._client.scheduler
        found: Mapping[str, Any] = self._client.sync(
            scheduler.identity, callback_timeout=SECONDS_TO_ANSWER
        )
        return str(found["id"])

    def _translated(self, error: BaseException) -> Exception:
        """Say whether task, workers or connection are to blame."""
        from distributed.scheduler import KilledWorker

        match error:
            case InputError():
                return error
            case KilledWorker():
                return WorkerDied(
                    f"every worker of {self._address} that was given it died ({error}); "
                    "was its memory too small?"
                )
            case ImportError():
                return WorkersUnusable(
                    f"the workers of {self._address} cannot import tsuke ({error}); install the "
                    "same version there"
                )
        return Disconnected(f"{self._address}: {type(error).__name__}: {error}")

    def _close(self) -> None:
        """Close the connection."""
        self._give_up(Disconnected(f"{self._address}: disconnected"))
        if self._client is not None:
            self._client.close()
            self._client = None


Identity = tuple[str, tuple[tuple[str, str], ...]]


@cache
def _identity() -> Identity:
    """Return what decides the numbers of a process: its simulating sources and its packages."""
    packages = surroundings()["packages"]
    return source_digest(source_root()), tuple(sorted(packages.items()))


def _perform_if_same(task: Task, wanted: Identity) -> list[Done | Failure]:
    """Simulate a task in a worker of a cluster, unless its numbers might differ."""
    here = _identity()
    if here == wanted:
        return perform(task)
    differences = [
        f"{name} {there} there, {version} here"
        for (name, there), (_, version) in zip(here[1], wanted[1], strict=True)
        if there != version
    ]
    if here[0] != wanted[0]:
        differences.append("the sources of tsuke")
    raise WorkersUnusable(
        f"the workers of the cluster would give other numbers; these differ: "
        f"{'; '.join(differences)}. Install the same versions there."
    )
