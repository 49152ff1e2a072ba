"""How far a run is: a bar on a terminal, a line now and then elsewhere.

Nothing here is part of a result; it goes to standard error and draws no random number.
"""

import sys
import time
from typing import Protocol, TextIO

from rich import progress as rich_progress
from rich.console import Console
from rich.text import Text

SECONDS_BETWEEN_LINES = 5.0
"""At most so often a line is written where there is no terminal."""


class Progress(Protocol):
    """Something that is told how far a run is."""

    def start(self, finished: int, wanted: int, member_months: int) -> None:
        """Begin with some replications finished earlier, each of so many member-months."""

    def advance(self, replications: int) -> None:
        """Note replications finished now."""

    def extend(self, replications: int) -> None:
        """Note that so many more are wanted."""

    def stop(self) -> None:
        """End, finished or not."""


class Silent:
    """Shows nothing."""

    def start(self, finished: int, wanted: int, member_months: int) -> None:
        """Begin."""

    def advance(self, replications: int) -> None:
        """Go on."""

    def extend(self, replications: int) -> None:
        """Have more to do."""

    def stop(self) -> None:
        """End."""


class Bar:
    """A bar with rate and time left, for a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._rate = _RateColumn()
        self._bar = rich_progress.Progress(
            rich_progress.TextColumn("{task.completed:.0f} of {task.total:.0f} replications"),
            rich_progress.BarColumn(),
            self._rate,
            rich_progress.TimeRemainingColumn(),
            rich_progress.TextColumn("left"),
            console=Console(file=stream),
            transient=True,
        )

    def start(self, finished: int, wanted: int, member_months: int) -> None:
        """Draw the bar."""
        self._rate.member_months = member_months
        for earlier in self._bar.task_ids:
            self._bar.remove_task(earlier)
        self._bar.add_task("run", total=wanted, completed=finished)
        self._bar.start()

    def advance(self, replications: int) -> None:
        """Lengthen the bar."""
        self._bar.advance(self._bar.task_ids[0], replications)

    def extend(self, replications: int) -> None:
        """Have more to do."""
        (task,) = self._bar.tasks
        self._bar.update(task.id, total=(task.total or 0) + replications)

    def stop(self) -> None:
        """Remove the bar."""
        self._bar.stop()


class Lines:
    """Plain lines, at most one every few seconds and one at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._is_read = stream, True
        self._finished = self._earlier = self._wanted = self._member_months = 0
        self._started = self._last = 0.0

    def start(self, finished: int, wanted: int, member_months: int) -> None:
        """Begin; a run that continues says so."""
        self._finished = self._earlier = finished
        self._wanted, self._member_months = wanted, member_months
        self._started = self._last = time.monotonic()
        if finished:
            self._write(f"{finished} of {wanted} replications were finished earlier")

    def advance(self, replications: int) -> None:
        """Write a line if it is time for one, or if this was the last replication."""
        self._finished += replications
        now = time.monotonic()
        is_last = self._finished >= self._wanted
        if is_last or now - self._last >= SECONDS_BETWEEN_LINES:
            self._last = now
            self._write(self._text(now - self._started))

    def extend(self, replications: int) -> None:
        """Have more to do."""
        self._wanted += replications

    def stop(self) -> None:
        """End; the last line is written already."""

    def _text(self, seconds: float) -> str:
        """Say how many, how fast and how long still."""
        speed = (self._finished - self._earlier) / max(seconds, 1e-9)
        left = (self._wanted - self._finished) / max(speed, 1e-9)
        return (
            f"{self._finished} of {self._wanted} replications, "
            f"{rate_text(speed * self._member_months)}, {duration_text(left)} left"
        )

    def _write(self, text: str) -> None:
        """Write a line at once, while there is somebody to read it."""
        if self._is_read:
            try:
                print(f"tsuke: {text}", file=self._stream, flush=True)
            except BrokenPipeError:  # a run is worth more than the lines about it
                self._is_read = False


def on_standard_error() -> Progress:
    """Choose a bar for a terminal, lines for anything else, nothing where it is closed."""
    if sys.stderr is None:
        return Silent()
    return Bar(sys.stderr) if sys.stderr.isatty() else Lines(sys.stderr)


def rate_text(member_months_per_second: float) -> str:
    """Write a rate.

    >>> rate_text(2_345_678.0), rate_text(12_345.0)
    ('2.3 million member-months a second', '12,345 member-months a second')
    """
    if member_months_per_second >= 1_000_000:
        return f"{member_months_per_second / 1_000_000:.1f} million member-months a second"
    return f"{member_months_per_second:,.0f} member-months a second"


def duration_text(seconds: float) -> str:
    """Write a duration as hours, minutes and seconds.

    >>> duration_text(3671.4)
    '1:01:11'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


class _RateColumn(rich_progress.ProgressColumn):
    """Member-months a second of this run."""

    member_months = 0

    def render(self, task: rich_progress.Task) -> Text:
        """Return the rate, empty until one is known."""
        return Text(rate_text(task.speed * self.member_months) if task.speed else "")
