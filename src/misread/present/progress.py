"""How far a long job is, on stderr: a line that moves in a terminal, a plain line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

_EVERY_PLAIN = 10.0


@dataclass(frozen=True)
class Step:
    """How far it is.

    Parameters
    ----------
    n_done
        Records answered for.
    n_fresh
        Those of them that were answered for in this run; the others were there already.
    n_expected
        About how many there are; ``None``: nobody knows.
    n_parts, n_parts_expected
        Parts written, and about how many there will be.
    """

    n_done: int
    n_fresh: int
    n_expected: int | None = None
    n_parts: int = 0
    n_parts_expected: int | None = None

    def said(self, doing: str, seconds: float) -> str:
        """In words, ``seconds`` after the start of this run.

        Examples
        --------
        >>> Step(2_200, 2_200, 4_400, 1, 3).said("labelled", 11.0)
        '2,200 of about 4,400 records labelled (1 of 3 parts written), 200 a second, 0:11 left'
        """
        rate = self.n_fresh / max(seconds, 1e-9)
        of = f" of about {self.n_expected:,}" if self.n_expected is not None else ""
        parts = f"{self.n_parts:,} of {self.n_parts_expected:,}" if self.n_parts_expected is not None else f"{self.n_parts:,}"
        left = self._left(rate)
        return f"{self.n_done:,}{of} records {doing} ({parts} parts written), {rate:,.0f} a second" + (f", {left} left" if left else "")

    def shown(self, seconds: float) -> str:
        """The same in what fits a line of a terminal.

        Examples
        --------
        >>> Step(2_200, 2_200, 4_400, 1, 3).shown(11.0)
        '2,200 of 4,400 · 1 of 3 parts · 200 a second · 0:11 left'
        """
        rate = self.n_fresh / max(seconds, 1e-9)
        left = self._left(rate)
        of = f" of {self.n_expected:,}" if self.n_expected is not None else " records"
        parts = f"{self.n_parts:,} of {self.n_parts_expected:,} parts" if self.n_parts_expected is not None else f"{self.n_parts:,} parts"
        return " · ".join((f"{self.n_done:,}{of}", parts, f"{rate:,.0f} a second", *([f"{left} left"] if left else [])))

    def _left(self, rate: float) -> str:
        if self.n_expected is None or not rate:
            return ""
        seconds = round(max(0, self.n_expected - self.n_done) / rate)
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


@contextmanager
def progress(
    doing: str, quiet: bool = False, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Step], None]]:
    """A function to call with each `Step`.

    Parameters
    ----------
    doing
        What is being done to records, in the past tense.
    quiet
        Say nothing.
    stream
        Where to; default stderr.
    clock
        Seconds, from anywhere.

    Examples
    --------
    >>> import io
    >>> out, ticks = io.StringIO(), iter([0.0, 11.0])
    >>> with progress("labelled", stream=out, clock=lambda: next(ticks)) as advance:
    ...     advance(Step(2200, 2200))
    >>> out.getvalue()
    '2,200 records labelled (0 parts written), 200 a second\\n'
    """
    to = stream or sys.stderr
    if quiet:
        yield lambda _: None
    elif to.isatty():
        with _moving(to, clock) as advance:
            yield advance
    else:
        yield _plain(doing, to, clock)


def _plain(doing: str, to: TextIO, clock: Callable[[], float]) -> Callable[[Step], None]:
    start = last = clock()

    def advance(step: Step) -> None:
        nonlocal last
        now = clock()
        if now - last >= _EVERY_PLAIN:
            last = now
            to.write(step.said(doing, now - start) + "\n")
            to.flush()

    return advance


@contextmanager
def _moving(to: TextIO, clock: Callable[[], float]) -> Iterator[Callable[[Step], None]]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    start = clock()
    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
    with Progress(*columns, console=Console(file=to, force_terminal=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def advance(step: Step) -> None:
            bar.update(task, description=step.shown(clock() - start))

        yield advance
