"""Tasks on executors: few in flight, none lost when a worker dies, none left when the run stops.

Any `concurrent.futures.Executor` will do. The default one is a pool of spawned processes that end
with the run: whatever kills the coordinator, no worker outlives it.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import ParamSpec, TypeVar

from sim.experiment.tasks import Done, Failure, Task, perform, singles

P = ParamSpec("P")
T = TypeVar("T")

BREAKS_IN_A_ROW = 8
"""So many deaths of workers without one finished task between them end the run."""

_SENDING_SECONDS = 1.0
"""Time for a worker to hand over a finished task before it obeys the end of the run."""


class Workers:
    """The executor of one run, as a context.

    Parameters
    ----------
    jobs
        Workers that run at the same time, at least 1; 1 without an executor stays in-process.
    executor
        Where to run instead of a pool of our own; it is neither restarted nor shut down.
    """

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        self._jobs = jobs
        self._given = executor
        self._executor: Executor | None = executor
        self._lifeline: Connection | None = None
        in_process = executor is None and jobs == 1
        self.limit = 1 if in_process else 2 * jobs
        """Tasks in flight at most: enough to keep workers busy, few enough to bound memory."""

    def __enter__(self) -> "Workers":
        """Open the pool."""
        self.restart()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the workers go; after an exception at once, whatever they are doing."""
        self._close(at_once=error is not None)

    @property
    def can_restart(self) -> bool:
        """Whether a broken executor can be replaced."""
        return self._given is None

    def restart(self) -> None:
        """Replace a broken pool, or open the first one."""
        if self._given is not None:
            return
        self._close(at_once=True)
        if self._jobs == 1:
            self._executor = InProcess()
        else:
            self._executor, self._lifeline = _process_pool(self._jobs)

    def submit(self, task: Task) -> Future[list[Done | Failure]]:
        """Hand a task to the executor."""
        if self._executor is None:
            raise RuntimeError("workers are used as a context: with Workers(...) as workers")
        if self._given is not None:
            return self._executor.submit(perform, task)
        with _spawning():
            return self._executor.submit(_perform_watched, task)

    def _close(self, *, at_once: bool) -> None:
        """Shut the pool of our own down."""
        if self._given is None and self._executor is not None:
            if at_once and self._lifeline is not None:
                self._lifeline.close()
            self._executor.shutdown(wait=True, cancel_futures=at_once)
            self._executor = None
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None


class InProcess(Executor):
    """An executor that does the work when it is submitted, in the thread that submits it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call the function now; Ctrl-C goes through to the caller."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future hands it to whoever asks
            future.set_exception(error)
        return future


def finished_tasks(tasks: Sequence[Task], workers: Workers) -> Iterator[Sequence[Done | Failure]]:
    """Yield the outcomes of tasks as they finish, in any order.

    When a worker process dies, every task in flight is suspect: each is tried again alone, in a new
    pool, and only the one that breaks the pool alone fails.
    """
    queue = _Queue(tasks, workers)
    while queue.is_unfinished():
        queue.fill()
        done, _ = wait(queue.running, return_when=FIRST_COMPLETED)
        for future in done:
            rows = queue.collect(future)
            if rows:
                yield rows


class _Queue:
    """Tasks that wait, that run and that are suspect of having killed a worker."""

    def __init__(self, tasks: Sequence[Task], workers: Workers) -> None:
        self.running: dict[Future[list[Done | Failure]], Task] = {}
        self._waiting = deque(tasks)
        self._suspects: deque[Task] = deque()
        self._is_alone = False
        self._is_broken = False
        self._breaks_in_a_row = 0
        self._workers = workers

    def is_unfinished(self) -> bool:
        """Tell whether anything is left to run or to wait for."""
        return bool(self.running or self._waiting or self._suspects)

    def fill(self) -> None:
        """Submit what there is room for; a broken pool first runs empty, then is replaced."""
        if self._is_broken and not self.running:
            self._workers.restart()
            self._is_broken = False
        while not self._is_broken and self._has_room():
            self._is_alone = bool(self._suspects)
            task = (self._suspects or self._waiting).popleft()
            try:
                self.running[self._workers.submit(task)] = task
            except BrokenExecutor as error:
                # Nothing of this task has run: it waits for the next pool, unless there is none.
                self._is_broken = True
                future: Future[list[Done | Failure]] = Future()
                future.set_exception(error)
                self.running[future] = task

    def collect(self, future: Future[list[Done | Failure]]) -> Sequence[Done | Failure]:
        """Take the outcome of a future out of those that run."""
        task = self.running.pop(future)
        try:
            rows = future.result()
        except BrokenExecutor as error:
            return self._after_break(task, error)
        self._breaks_in_a_row = 0
        return rows

    def _has_room(self) -> bool:
        """Tell whether another task may start; a suspect runs alone."""
        if self._suspects or self._is_alone:
            return not self.running and bool(self._suspects or self._waiting)
        return bool(self._waiting) and len(self.running) < self._workers.limit

    def _after_break(self, task: Task, error: BrokenExecutor) -> Sequence[Failure]:
        """Decide whether a task whose executor broke is tried again."""
        was_alone, self._is_broken = self._is_alone and not self._is_broken, True
        self._breaks_in_a_row += was_alone
        if not self._workers.can_restart or self._breaks_in_a_row >= BREAKS_IN_A_ROW:
            lost = [task, *self._suspects, *self._waiting]
            self._suspects.clear()
            self._waiting.clear()
            return [failure for one in lost for failure in _deaths(one, error)]
        if was_alone and len(task.replications) == 1:
            return _deaths(task, error)
        self._suspects.extend(singles(task) if was_alone else [task])
        return []


def _deaths(task: Task, error: BrokenExecutor) -> list[Failure]:
    """Describe the replications of a task whose worker died."""
    return [Failure.of(replication, "worker", error) for replication in task.replications]


def _process_pool(jobs: int) -> tuple[ProcessPoolExecutor, Connection]:
    """Open a pool, and the line whose end makes its workers leave."""
    # Spawned, because a fork copies the locks of polars' threads in whatever state they are.
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, context, initializer=_leave_with, initargs=(reader,))
    return pool, writer


@contextmanager
def _spawning() -> Iterator[None]:
    """Start workers deaf to Ctrl-C (the coordinator decides) and blind to the caller's script.

    A spawned process imports the main module of its parent, which would run a script without an
    ``if __name__ == "__main__"`` a second time; tasks need nothing from it.
    """
    main = sys.modules["__main__"]
    with _interrupt_afterwards():
        # The mask is for the workers, who inherit it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def _interrupt_afterwards() -> Iterator[None]:
    """Put Ctrl-C off, since a half-started worker would complain about its missing orders.

    A mask cannot do that: another thread takes the signal, and Python then raises in this one.
    """
    usual = signal.getsignal(signal.SIGINT)
    if usual is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if arrived:
            signal.raise_signal(signal.SIGINT)


_is_performing = threading.Event()
"""Set in a worker while it simulates; a worker may not leave while it hands over a result."""


def _perform_watched(task: Task) -> list[Done | Failure]:
    """Simulate a task in a worker of our own pool."""
    _is_performing.set()
    try:
        return perform(task)
    finally:
        _is_performing.clear()


def _leave_with(lifeline: Connection) -> None:
    """Make this worker end when the coordinator closes the line, or dies."""
    threading.Thread(target=_leave_at_end_of, args=(lifeline,), daemon=True).start()


def _leave_at_end_of(lifeline: Connection) -> None:
    """Wait for the end of the line, then leave without ceremony: workers hold nothing."""
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        if not _is_performing.is_set():
            time.sleep(_SENDING_SECONDS)
        os._exit(1)
