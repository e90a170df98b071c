"""One labelling job: read, score, write under another name, give OUT its name last; what is there already is not done again."""

from __future__ import annotations

import glob
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from misread.batch.write import Kind, encode, kind_of, open_sink
from misread.errors import MAX_RAW, InputError, JobError, Problem
from misread.formats.anonymise import KEY_BYTES, Anonymiser
from misread.formats.inputs import STDIN
from misread.formats.parse import Parsed
from misread.formats.read import read_clips
from misread.model.bundle import Model
from misread.records import Clip
from misread.scoring import Options, load_model, score
from misread.text.language import langid_version

#: Records scored and written at a time, whatever the number of processes, so that the bytes do not depend on it.
CHUNK = 512

Pair = tuple[Clip, dict[str, Any]]


@dataclass(frozen=True)
class Job:
    """What is asked for: one input (``-``: standard input), one output, a model, options."""

    source: str
    out: Path
    model: Path | None = None
    options: Options = field(default_factory=Options)
    participants: tuple[str, ...] = ()
    n_jobs: int = 1
    force: bool = False

    @property
    def rejects(self) -> Path:
        """Where refused records go; exists only if there are any."""
        return self.out.with_name(self.out.name + ".rejects.jsonl")

    @property
    def manifest(self) -> Path:
        """What the output was made from."""
        return self.out.with_name(self.out.name + ".manifest.json")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an output was made from and what became of the records; ``n_written + n_refused`` = records read."""

    source_sha256: str
    model_id: str
    options: dict[str, Any]
    n_written: int
    n_refused: int
    n_bytes: int


@dataclass(frozen=True)
class Done:
    """How a job ended."""

    n_written: int
    n_refused: int
    rejects: Path
    already: bool = False

    def counts(self) -> str:
        """In words.

        Examples
        --------
        >>> Done(3, 1, Path("r")).counts()
        '4 records read, 3 labelled, 1 refused'
        """
        return f"{self.n_written + self.n_refused:,} records read, {self.n_written:,} labelled, {self.n_refused:,} refused"


def label(job: Job, advance: Callable[[int], None] = lambda _: None) -> Done:
    """Label every record of the input.

    Parameters
    ----------
    job
        See `Job`.
    advance
        Called with the number of records answered for so far.

    Raises
    ------
    InputError
        If the input cannot be read at all; the output is then not there.
    JobError
        If the output holds something else, or cannot be written.
    """
    kind = kind_of(job.out.name)
    _check_place(job)
    model = load_model(job.model)
    source = "" if job.source == STDIN else _sha256(job.source)
    asked: dict[str, Any] = {"as_of": job.options.as_of, "prior": job.options.prior, "unsure_below": job.options.decision.unsure_below}
    asked["participants"] = list(job.participants)
    asked["langid"] = f"py3langid {langid_version()}" if job.options.langid else None  # another release may say otherwise
    before = _finished(job)
    if before is not None and source and (before.source_sha256, before.model_id, before.options) == (source, model.meta.model_id, asked):
        return Done(before.n_written, before.n_refused, job.rejects, already=True)
    if job.out.exists() and not job.force:
        raise JobError(f"{job.out}: is there already and was made from something else; choose another name, or overwrite it with --force")
    with ExitStack() as drafts:
        out, rejects = (drafts.enter_context(_Draft(path)) for path in (job.out, job.rejects))
        n_written, n_refused = _run(job, model, kind, out.stream, rejects.stream, advance)
        n_bytes = out.stream.tell()
        made = Manifest(
            source_sha256=source,
            model_id=model.meta.model_id,
            options=asked,
            n_written=n_written,
            n_refused=n_refused,
            n_bytes=n_bytes,
        )
        manifest = drafts.enter_context(_Draft(job.manifest))
        manifest.stream.write(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
        manifest.publish()  # first: a manifest without its output means that the work is to be done again
        if n_refused:
            rejects.publish()
        else:
            job.rejects.unlink(missing_ok=True)
        out.publish()
    return Done(n_written, n_refused, job.rejects)


def _check_place(job: Job) -> None:
    if not job.out.parent.is_dir():
        raise JobError(f"{job.out.parent}: no such folder; make it first")
    if job.out.is_dir():
        raise JobError(f"{job.out}: is a folder; name a file in it")
    for path in (job.out, job.rejects, job.manifest):
        if job.source != STDIN and path.exists() and Path(job.source).exists() and path.samefile(job.source):
            raise JobError(f"{path}: is the input; choose another name for the output")
    if not job.force and _manifest(job) is None:
        for path in (job.rejects, job.manifest):
            if path.exists():
                raise JobError(f"{path}: is there already and was not made by this job; move it, or overwrite it with --force")


def _sha256(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as err:
        from misread.formats.detect import unreadable

        raise InputError(unreadable(path, err)) from err


def _finished(job: Job) -> Manifest | None:
    """The manifest of a complete output; ``None`` where there is none."""
    found = _manifest(job)
    try:
        return found if found is not None and job.out.stat().st_size == found.n_bytes else None
    except OSError:
        return None


def _manifest(job: Job) -> Manifest | None:
    try:
        return msgspec.json.decode(job.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def _run(job: Job, model: Model, kind: Kind, out: BinaryIO, rejects: BinaryIO, advance: Callable[[int], None]) -> tuple[int, int]:
    """Score and write everything; returns how many records were labelled and how many refused."""
    n_refused = n_written = 0
    hide = Anonymiser(os.urandom(KEY_BYTES))  # no verdict names a poster; a key for this run alone, for nothing hashed is kept

    def accepted() -> Iterator[Pair]:
        nonlocal n_refused
        for parsed in read_clips([job.source], participants=job.participants):
            if parsed.clip is None:
                n_refused += 1
                rejects.write(reject_line(parsed))
            else:
                yield hide.clip(parsed.clip), parsed.extra

    sink = open_sink(out, kind)
    for n_rows, chunk in _encoded(_chunks(accepted()), job, model, kind):
        sink.write(chunk)
        n_written += n_rows
        advance(n_written + n_refused)
    sink.close()
    return n_written, n_refused


def reject_line(parsed: Parsed) -> bytes:
    """A refused record for the rejects file: where it stood, every problem, and the record as it was read."""
    first = parsed.problems[0] if parsed.problems else Problem("cannot be read")
    row: dict[str, Any] = {
        "file": first.file,
        "line": first.line,
        "field": first.field,
        "reason": first.reason,
        "cure": first.cure,
        "raw": first.raw,
    }
    if first.raw is not None and len(first.raw) >= MAX_RAW:
        row["raw_cut"] = True
    if len(parsed.problems) > 1:
        row["more"] = [{"field": p.field, "reason": p.reason, "cure": p.cure} for p in parsed.problems[1:]]
    return msgspec.json.encode(row) + b"\n"


def _chunks(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    rows = iter(pairs)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _encoded(chunks: Iterator[list[Pair]], job: Job, model: Model, kind: Kind) -> Iterator[tuple[int, bytes]]:
    """Chunks scored and encoded, in order; by other processes where asked and worth it."""
    first = list(islice(chunks, 2))
    if job.n_jobs == 1 or len(first) < 2:
        for chunk in (*first, *chunks):
            yield len(chunk), _scored(model, chunk, job.options, kind)
        return
    import multiprocessing

    start = multiprocessing.get_context("spawn")  # a fork would copy pyarrow's threads
    with ProcessPoolExecutor(job.n_jobs, start, _begin, (job.model, job.options, kind)) as pool:
        waiting: deque[tuple[int, Future[bytes]]] = deque()
        for chunk in (*first, *chunks):
            waiting.append((len(chunk), pool.submit(_work, chunk)))
            if len(waiting) > 2 * job.n_jobs:  # bounded: the reader never runs far ahead of the writer
                n_rows, future = waiting.popleft()
                yield n_rows, future.result()
        while waiting:
            n_rows, future = waiting.popleft()
            yield n_rows, future.result()


def _scored(model: Model, chunk: list[Pair], options: Options, kind: Kind) -> bytes:
    return encode([(score(model, clip, options), extra) for clip, extra in chunk], kind)


_at_work: tuple[Model, Options, Kind] | None = None


def _begin(folder: Path | None, options: Options, kind: Kind) -> None:
    """What a worker process loads once."""
    global _at_work
    _at_work = load_model(folder), options, kind


def _work(chunk: list[Pair]) -> bytes:
    if _at_work is None:
        raise RuntimeError("a worker was given work before it was begun")
    model, options, kind = _at_work
    return _scored(model, chunk, options, kind)


class _Draft:
    """A file under a temporary name beside its own, which it gets when published; otherwise it is removed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):  # by a job that was killed
            if not _alive(left.name.split(".")[-2]):
                left.unlink(missing_ok=True)
        try:
            self.stream: BinaryIO = open(self._draft, "wb")  # noqa: SIM115 (closed on leaving)
        except OSError as err:
            raise JobError(f"{path}: cannot be written: {err.strerror}") from err

    def __enter__(self) -> _Draft:
        return self

    def publish(self) -> None:
        """Sync, close, and give the file its name."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        self._draft.replace(self.path)

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self._draft.unlink(missing_ok=True)


def _alive(pid: str) -> bool:
    """Whether a process of this number runs; whatever is no number is left alone."""
    if not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
