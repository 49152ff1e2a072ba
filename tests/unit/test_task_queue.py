"""Tasks on workers that die, break down or cannot be reached, without processes."""

# ruff: noqa: ARG001 - stand-ins have the signature of what they stand for

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType, SimpleNamespace, TracebackType
from typing import Any, Self

import polars as pl
import pytest

from models.errors import InputError
from sim.config import Config
from sim.experiment.workers.pools import Disconnected, WorkerDied, WorkersUnusable
from sim.experiment.workers.task_queue import BREAKS_IN_A_ROW, Finished, TaskQueue
from sim.experiment.workers.tasks import Done, Driver, Failure, Task
from sim.record.eventlog import Record

Answer = Callable[[Task], list[Done | Failure]]
CONFIG = Config()


def nothing(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    raise AssertionError("these workers answer themselves")


def done(task: Task) -> list[Done | Failure]:
    return [Done(number, pl.DataFrame()) for number in task.replications]


class Answering:
    """Workers that answer at once with a function of the task."""

    size = 2
    limit = 4

    def __init__(self, answer: Answer, *, can_restart: bool = True) -> None:
        self.can_restart = can_restart
        self.restarts = 0
        self.log: list[tuple[int, ...]] = []
        self._answer = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""

    def restart(self) -> None:
        """Count."""
        self.restarts += 1

    def check(self) -> None:
        """Do nothing."""

    def submit(self, task: Task) -> Future[list[Done | Failure]]:
        """Answer."""
        self.log.append((task.experiment, *task.replications))
        future: Future[list[Done | Failure]] = Future()
        try:
            future.set_result(self._answer(task))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


def task(*replications: int, experiment: int = 0) -> Task:
    return Task(CONFIG, replications, "cohort", Record.nothing(), nothing, experiment)


def outcomes(workers: Answering, tasks: Iterable[Task]) -> list[Finished]:
    queue = TaskQueue(workers)
    queue.add(tasks)
    return list(queue.finished())


def replications_of(found: Iterable[Finished], kind: type) -> list[int]:
    rows = [row for item in found for row in item.rows if isinstance(row, kind)]
    return sorted(row.replication for row in rows)


def dies_with(guilty: int) -> Answer:
    def answer(task: Task) -> list[Done | Failure]:
        if guilty in task.replications:
            raise WorkerDied("every worker that was given it died")
        return done(task)

    return answer


def test_only_the_replication_that_kills_workers_of_a_cluster_fails() -> None:
    found = outcomes(Answering(dies_with(4)), [task(0, 1, 2), task(3, 4, 5), task(6)])
    assert replications_of(found, Done) == [0, 1, 2, 3, 5, 6]
    (failure,) = (row for item in found for row in item.rows if isinstance(row, Failure))
    assert (failure.replication, failure.stage, failure.type) == (4, "worker", "WorkerDied")


def test_a_replication_that_dies_once_by_bad_luck_is_tried_again() -> None:
    unlucky = {3}

    def answer(task: Task) -> list[Done | Failure]:
        if unlucky & set(task.replications):
            unlucky.clear()
            raise WorkerDied("out of luck")
        return done(task)

    found = outcomes(Answering(answer), [task(number) for number in range(6)])
    assert replications_of(found, Done) == list(range(6))


class Later(Answering):
    """Workers in threads, so that tasks overlap; notes how many second tries did."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.most_second_tries = 0
        self._second_tries = 0
        self._threads = ThreadPoolExecutor(self.limit)

    def submit(self, task: Task) -> Future[list[Done | Failure]]:
        """Hand the task to a thread."""
        is_second = (task.experiment, *task.replications) in self.log
        self.log.append((task.experiment, *task.replications))
        self._second_tries += is_second
        self.most_second_tries = max(self.most_second_tries, self._second_tries)
        future = self._threads.submit(self._slowly, task)
        if is_second:
            future.add_done_callback(lambda _: self._count_down())
        return future

    def _slowly(self, task: Task) -> list[Done | Failure]:
        time.sleep(0.005)
        return self._answer(task)

    def _count_down(self) -> None:
        self._second_tries -= 1


def test_tasks_in_doubt_run_one_at_a_time() -> None:
    first: set[int] = set()

    def answer(task: Task) -> list[Done | Failure]:
        (number,) = task.replications
        if number not in first:
            first.add(number)
            raise WorkerDied("all of them, once")
        return done(task)

    workers = Later(answer)
    found = outcomes(workers, [task(number) for number in range(8)])
    assert replications_of(found, Done) == list(range(8))
    assert workers.most_second_tries == 1


def test_tasks_whose_workers_were_lost_wait_for_them_and_are_not_to_blame() -> None:
    lost = [0, 1, 2]

    def answer(task: Task) -> list[Done | Failure]:
        if lost:
            lost.pop()
            raise Disconnected("the scheduler went away")
        return done(task)

    workers = Answering(answer)
    found = outcomes(workers, [task(number) for number in range(8)])
    assert replications_of(found, Done) == list(range(8))
    assert workers.restarts == 1


def test_workers_that_are_lost_again_and_again_are_given_up() -> None:
    def answer(task: Task) -> list[Done | Failure]:
        raise Disconnected("gone")

    workers = Answering(answer)
    found = outcomes(workers, [task(number) for number in range(8)])
    assert replications_of(found, Failure) == list(range(8))
    assert workers.restarts == BREAKS_IN_A_ROW - 1


def test_a_pool_that_breaks_is_replaced_and_only_the_guilty_fails() -> None:
    def answer(task: Task) -> list[Done | Failure]:
        if 2 in task.replications:
            raise BrokenProcessPool("a worker died")
        return done(task)

    found = outcomes(Answering(answer), [task(0, 1), task(2, 3), task(4, 5)])
    assert replications_of(found, Done) == [0, 1, 3, 4, 5]
    assert replications_of(found, Failure) == [2]


def test_what_the_engine_refuses_is_handed_on_and_the_rest_can_be_discarded() -> None:
    def answer(task: Task) -> list[Done | Failure]:
        if task.experiment == 1:
            raise InputError("start: the calendar ends too early")
        return done(task)

    workers = Answering(answer)
    queue = TaskQueue(workers)
    queue.add([task(0, experiment=1), task(0), task(1), task(2)])
    queue.add([task(number, experiment=1) for number in range(1, 9)])
    refused = []
    for item in queue.finished():
        if item.refusal is not None:
            refused.append(item)
            queue.discard(1)
    assert [str(item.refusal) for item in refused] == ["start: the calendar ends too early"]
    assert [entry for entry in workers.log if entry[0] == 1] == [(1, 0)]


def test_workers_that_can_perform_nothing_end_it() -> None:
    def answer(task: Task) -> list[Done | Failure]:
        raise WorkersUnusable("install the same versions there")

    with pytest.raises(WorkersUnusable, match="install the same versions there"):
        outcomes(Answering(answer), [task(0)])


def test_whatever_else_an_executor_raises_becomes_a_failure_with_its_message() -> None:
    def answer(task: Task) -> list[Done | Failure]:
        raise ConnectionResetError("by peer")

    (found,) = outcomes(Answering(answer), [task(0, 1)])
    assert [row.message for row in found.rows if isinstance(row, Failure)] == ["by peer"] * 2


def test_tasks_added_first_come_before_those_that_wait() -> None:
    workers = Answering(done)
    queue = TaskQueue(workers)
    queue.add(task(number) for number in range(6))
    for item in queue.finished():
        if item.task.replications == (0,):
            queue.add_first([task(10), task(11)])
    assert workers.log.index((0, 10)) < workers.log.index((0, 11)) < workers.log.index((0, 5))


class Answered(Answering):
    """Workers whose answers are there already."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        super().__init__(done)
        self.futures = [Answering.submit(self, task) for task in tasks]
        self.left = list(self.futures)

    def submit(self, task: Task) -> Future[list[Done | Failure]]:  # noqa: ARG002
        """Give an answer."""
        return self.left.pop()


def interrupted_at(place: int, queue: TaskQueue) -> bool:
    """Press Ctrl-C at one of the lines that a run goes through, and tell whether it went so far."""
    n_lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        nonlocal n_lines
        n_lines += 1
        if n_lines == place:
            signal.raise_signal(signal.SIGINT)
        return trace

    # The workers of pytest-xdist ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler), sys.gettrace()
    sys.settrace(trace)
    try:
        for _ in queue.finished():
            pass
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before[1])
        signal.signal(signal.SIGINT, before[0])
    return False


def are_free(futures: Sequence[Future[list[Done | Failure]]]) -> bool:
    """Tell whether another thread, as that of a pool, can look at futures."""
    looked: list[bool] = []
    look = threading.Thread(
        target=lambda: looked.extend(future.done() for future in futures), daemon=True
    )
    look.start()
    look.join(timeout=20)
    return len(looked) == len(futures)


def test_ctrl_c_leaves_no_lock_that_the_pool_would_wait_for() -> None:
    tasks = [task(number) for number in range(3)]
    was_interrupted, place = True, 0
    while was_interrupted:
        place += 1
        workers = Answered(tasks)
        queue = TaskQueue(workers)
        queue.add(tasks)
        was_interrupted = interrupted_at(place, queue)
        assert are_free(workers.futures), f"a future stays locked after Ctrl-C at line {place}"
    assert place > 50
