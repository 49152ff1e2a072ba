"""Tasks on their way through the workers: few in flight, none lost when a worker dies."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from models.errors import InputError
from sim.experiment.workers.pools import (
    Disconnected,
    WorkerDied,
    WorkersUnusable,
    Workforce,
    interrupt_afterwards,
)
from sim.experiment.workers.tasks import Done, Failure, Task, singles

BREAKS_IN_A_ROW = 8
"""So many deaths of workers without one finished task between them end the run."""
SECONDS_TO_CHECK = 10.0
"""After so long without a finished task the workers are asked whether they are still there."""
DEATHS_OF_A_TASK = 2
"""So often a single replication may be given up by workers that died of it."""


@dataclass(frozen=True)
class Finished:
    """A task that needs no more work."""

    task: Task
    rows: Sequence[Done | Failure]
    refusal: InputError | None = None
    """Why the engine cannot use the configuration; there are no rows then."""


class TaskQueue:
    """Tasks that wait, that run and that are suspect of having killed a worker.

    When a pool of processes breaks, every task in flight is suspect: each is tried again alone, in
    a new pool, and only the one that breaks the pool alone fails. When single workers of a cluster
    die, the tasks that they had are in doubt: they are tried again one after the other, so that
    an innocent one does not share a worker with the guilty one twice, while the rest goes on.

    Parameters
    ----------
    workers
        Those who perform the tasks, already started.
    """

    def __init__(self, workers: Workforce) -> None:
        self._workers = workers
        self._running: dict[Future[list[Done | Failure]], Task] = {}
        self._ended: SimpleQueue[Future[list[Done | Failure]]] = SimpleQueue()
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._in_doubt: deque[Task] = deque()
        self._doubtful: Future[list[Done | Failure]] | None = None
        self._deaths: Counter[tuple[int, int]] = Counter()
        self._is_alone = False
        self._is_broken = False
        self._breaks_in_a_row = 0

    def add(self, tasks: Iterable[Task]) -> None:
        """Append tasks."""
        self._waiting.extend(tasks)

    def add_first(self, tasks: Sequence[Task]) -> None:
        """Put tasks before all others that wait."""
        self._waiting.extendleft(reversed(tasks))

    def discard(self, experiment: int) -> None:
        """Forget the tasks of an experiment that have not begun."""
        self._waiting = deque(task for task in self._waiting if task.experiment != experiment)
        self._suspects = deque(task for task in self._suspects if task.experiment != experiment)
        self._in_doubt = deque(task for task in self._in_doubt if task.experiment != experiment)

    def finished(self) -> Iterator[Finished]:
        """Yield the outcomes of tasks as they finish, in any order; tasks may be added meanwhile.

        Raises
        ------
        WorkersUnusable
            If the workers can perform no task.
        """
        while self._running or self._waiting or self._suspects or self._in_doubt:
            self._fill()
            try:
                # NOTE: `wait` of concurrent.futures takes the locks of all futures, and Ctrl-C in
                # the middle of that leaves them locked; this queue has none that could be left.
                future = self._ended.get(timeout=SECONDS_TO_CHECK)
            except Empty:
                self._workers.check()
            else:
                yield from self._collect(future)

    def _fill(self) -> None:
        """Submit what there is room for; a broken pool first runs empty, then is replaced."""
        if self._is_broken and not self._running:
            self._workers.restart()
            self._is_broken = False
        while not self._is_broken and self._has_room():
            self._is_alone = bool(self._suspects)
            tries_doubtful = not self._suspects and self._may_try_doubtful()
            queue = self._suspects or (self._in_doubt if tries_doubtful else self._waiting)
            task = queue.popleft()
            try:
                future = self._workers.submit(task)
            except BrokenExecutor as error:
                # Nothing of this task has run: it waits for the next pool, unless there is none.
                self._is_broken = True
                future = Future()
                future.set_exception(error)
            self._running[future] = task
            if tries_doubtful:
                self._doubtful = future
            with interrupt_afterwards():
                future.add_done_callback(self._ended.put)

    def _collect(self, future: Future[list[Done | Failure]]) -> Iterator[Finished]:
        """Take the outcome of a future out of those that run."""
        task = self._running.pop(future)
        if future is self._doubtful:
            self._doubtful = None
        try:
            with interrupt_afterwards():
                rows = future.result()
        except WorkersUnusable:
            raise
        except InputError as error:
            yield Finished(task, (), error)
        except BrokenExecutor as error:
            yield from self._after_break(task, error)
        except WorkerDied as error:
            yield from self._after_death(task, error)
        except Disconnected as error:
            yield from self._after_loss(task, error)
        except Exception as error:  # noqa: BLE001 - an executor of the caller may raise anything
            yield _given_up(task, error)
        else:
            self._breaks_in_a_row = 0
            yield Finished(task, rows)

    def _has_room(self) -> bool:
        """Tell whether another task may start; a suspect runs alone."""
        if self._suspects or self._is_alone:
            return not self._running and bool(self._suspects or self._waiting)
        is_something = self._waiting or self._may_try_doubtful()
        return bool(is_something) and len(self._running) < self._workers.limit

    def _may_try_doubtful(self) -> bool:
        """Tell whether a task in doubt may start: one at a time."""
        return bool(self._in_doubt) and self._doubtful is None

    def _after_break(self, task: Task, error: BrokenExecutor) -> Iterator[Finished]:
        """Decide whether a task whose pool broke is tried again."""
        was_alone, self._is_broken = self._is_alone and not self._is_broken, True
        self._breaks_in_a_row += was_alone
        if not self._workers.can_restart or self._breaks_in_a_row >= BREAKS_IN_A_ROW:
            yield from self._give_everything_up(task, error)
        elif was_alone and len(task.replications) == 1:
            yield _given_up(task, error)
        else:
            self._suspects.extend(singles(task) if was_alone else [task])

    def _after_death(self, task: Task, error: WorkerDied) -> Iterator[Finished]:
        """Decide whether a task whose workers died is tried again; other tasks go on."""
        if len(task.replications) > 1:
            # The guilty replication shared a pass, or the innocent shared a worker's queue.
            self._in_doubt.extend(singles(task))
            return
        key = task.experiment, task.replications[0]
        self._deaths[key] += 1
        if self._deaths[key] >= DEATHS_OF_A_TASK:
            yield _given_up(task, error)
        else:
            self._in_doubt.append(task)

    def _after_loss(self, task: Task, error: Disconnected) -> Iterator[Finished]:
        """Put a task back whose workers were lost without its fault."""
        self._breaks_in_a_row += not self._is_broken
        self._is_broken = True
        if self._breaks_in_a_row >= BREAKS_IN_A_ROW:
            yield from self._give_everything_up(task, error)
        else:
            self._waiting.appendleft(task)

    def _give_everything_up(self, task: Task, error: Exception) -> Iterator[Finished]:
        """Fail a task and all that wait."""
        lost = [task, *self._suspects, *self._in_doubt, *self._waiting]
        for queue in (self._suspects, self._in_doubt, self._waiting):
            queue.clear()
        yield from (_given_up(one, error) for one in lost)


def _given_up(task: Task, error: Exception) -> Finished:
    """Describe the replications of a task that no worker finished."""
    failures = [Failure.of(replication, "worker", error) for replication in task.replications]
    return Finished(task, failures)
