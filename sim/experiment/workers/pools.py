"""Who performs the tasks: this process, a pool of spawned ones, or an executor that is given.

The workers of the pool end with the run: whatever kills the coordinator, none outlives it.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import ParamSpec, Protocol, Self, TypeVar

from models.errors import InputError
from sim.experiment.workers.tasks import Done, Failure, Task, perform

P = ParamSpec("P")
T = TypeVar("T")

_SENDING_SECONDS = 1.0
"""Time for a worker to hand over a finished task before it obeys the end of the run."""
_LEAVING_SECONDS = 2.0
"""Time for a pool to end once its workers are told to leave, before it is helped."""


class WorkerDied(Exception):  # noqa: N818 - says what happened
    """Every worker that was given a task died of it; the other workers go on."""


class Disconnected(Exception):  # noqa: N818 - says what happened
    """The workers can no longer be reached; the task is not to blame."""


class WorkersUnusable(InputError):  # noqa: N818 - says what happened
    """No task can be performed by these workers, whatever it is."""


class Workforce(Protocol):
    """Those who perform the tasks of one or more runs, as a context."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let them go."""

    @property
    def size(self) -> int:
        """How many tasks they perform at the same time."""

    @property
    def limit(self) -> int:
        """Tasks in flight at most: enough to keep workers busy, few enough to bound memory."""

    @property
    def can_restart(self) -> bool:
        """Whether those who broke down can be replaced."""

    def restart(self) -> None:
        """Replace those who broke down, or raise `WorkersUnusable`."""

    def check(self) -> None:
        """Notice whether the workers are still there; futures of lost tasks end."""

    def submit(self, task: Task) -> Future[list[Done | Failure]]:
        """Hand a task over.

        The future raises ``BrokenExecutor`` if the task may be to blame for the death of all
        workers, `WorkerDied` if it is for that of some, `Disconnected` if it is not.
        """


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

    def __enter__(self) -> Self:
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
    def size(self) -> int:
        """How many tasks run at the same time."""
        return self._jobs

    @property
    def limit(self) -> int:
        """Tasks in flight at most."""
        in_process = self._given is None and self._jobs == 1
        return 1 if in_process else 2 * self._jobs

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

    def check(self) -> None:
        """Do nothing: an executor of this machine notices by itself."""

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
                help_it = threading.Timer(_LEAVING_SECONDS, _read_no_calls, (self._executor,))
                help_it.daemon = True  # a pool that has ended needs none, and has no pipe by then
                help_it.start()
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


def _process_pool(jobs: int) -> tuple[ProcessPoolExecutor, Connection]:
    """Open a pool, and the line whose end makes its workers leave."""
    # Spawned, because a fork copies the locks of polars' threads in whatever state they are.
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, context, initializer=_leave_with, initargs=(reader,))
    return pool, writer


def _read_no_calls(pool: Executor) -> None:
    """Close this process's own end of the pipe from which workers take their tasks.

    It has one to give to workers that start. While it is open, a pool whose workers are gone can
    wait for ever to write the tasks that do not fit into the pipe, and whoever ends the pool for
    the pool (CPython issue 94777, mended in 3.12 and late versions of 3.11). A pool that does not
    wait closes this end itself, so this is for those that have not ended after a while.
    """
    reader: Connection | None = getattr(getattr(pool, "_call_queue", None), "_reader", None)
    if reader is not None and not reader.closed:
        reader.close()


@contextmanager
def _spawning() -> Iterator[None]:
    """Start workers deaf to Ctrl-C (the coordinator decides) and blind to the caller's script.

    A spawned process imports the main module of its parent, which would run a script without an
    ``if __name__ == "__main__"`` a second time; tasks need nothing from it.
    """
    main = sys.modules["__main__"]
    with interrupt_afterwards():
        # The mask is for the workers, who inherit it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def interrupt_afterwards() -> Iterator[None]:
    """Put Ctrl-C off: a half-started worker would complain about its missing orders.

    And who is interrupted on the way into a lock that is shared with the thread of a pool leaves it
    locked for ever, so that the pool never ends. A mask cannot put it off: another thread takes the
    signal, and Python then raises in this one.
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
