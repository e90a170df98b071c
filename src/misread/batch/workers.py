"""Chunks → encoded verdicts, in order: in this process, or by others that never outlive it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

from misread.batch.cut import Chunk
from misread.batch.lean import ALL, Lean
from misread.batch.write import Kind, encode
from misread.errors import JobError
from misread.model.bundle import Model
from misread.scoring import Options, load_model, score

#: With fewer chunks than this, starting other processes costs more than it saves.
_WORTH_IT = 4


@dataclass(frozen=True)
class Task:
    """All that a worker must know besides the clips."""

    model: Path | None
    options: Options
    kind: Kind
    lean: Lean = ALL

    def do(self, model: Model, chunk: Chunk) -> tuple[int, bytes]:
        """Verdicts of a chunk: how many, and their bytes."""
        rows = [(self.lean.of(score(model, clip, self.options)), extra) for clip, extra in chunk.pairs]
        return len(rows), encode(rows, self.kind)


class Workers:
    """Whoever scores; to be used as a context, which ends them.

    Parameters
    ----------
    task
        What to do.
    model
        The task's model, loaded.
    n_jobs
        Processes; 1: none but this.
    """

    def __init__(self, task: Task, model: Model, n_jobs: int) -> None:
        self._task, self._model, self._n_jobs = task, model, n_jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def scored(self, chunks: Iterator[Chunk]) -> Iterator[tuple[Chunk, int, bytes]]:
        """Every chunk with the number of its verdicts and their bytes, in order.

        Raises
        ------
        JobError
            If a worker died.
        """
        first = list(islice(chunks, _WORTH_IT))
        if self._n_jobs == 1 or len(first) < _WORTH_IT:
            for chunk in _chain(first, chunks):
                yield chunk, *self._task.do(self._model, chunk)
            return
        try:
            yield from self._by_others(_chain(first, chunks))
        except BrokenProcessPool as err:
            cure = "finished parts are kept: give the same command again, with fewer --jobs if memory was short"
            raise JobError(f"a worker process died; {cure}") from err

    def _by_others(self, chunks: Iterator[Chunk]) -> Iterator[tuple[Chunk, int, bytes]]:
        import multiprocessing

        start = multiprocessing.get_context("spawn")  # a fork would copy pyarrow's threads
        self._pool = ProcessPoolExecutor(self._n_jobs, start, _begin, (self._task,))
        waiting: deque[tuple[Chunk, Future[tuple[int, bytes]] | None]] = deque()
        for chunk in chunks:
            waiting.append((chunk, self._pool.submit(_work, chunk) if chunk.pairs else None))
            if len(waiting) > 2 * self._n_jobs:  # bounded: the reader never runs far ahead of the writer
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _chain(first: list[Chunk], rest: Iterator[Chunk]) -> Iterator[Chunk]:
    yield from first
    yield from rest


def _result(chunk: Chunk, future: Future[tuple[int, bytes]] | None) -> tuple[Chunk, int, bytes]:
    return (chunk, 0, b"") if future is None else (chunk, *future.result())


_at_work: tuple[Task, Model] | None = None


def _begin(task: Task) -> None:
    """What a worker process does once: load the model, leave Ctrl-C to its parent, and end when that does."""
    global _at_work
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _at_work = task, load_model(task.model)


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _work(chunk: Chunk) -> tuple[int, bytes]:
    if _at_work is None:
        raise RuntimeError("a worker was given work before it was begun")
    task, model = _at_work
    return task.do(model, chunk)
