"""Where a job's output and its unfinished work lie, how a file gets its name, and who may work there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from misread.batch.write import Kind, kind_of
from misread.errors import JobError

_LOCK = ".lock"


@dataclass(frozen=True)
class Place:
    """The paths of one job.

    Parameters
    ----------
    out
        The file, or the folder of parts; its name says the format.
    in_parts
        A folder of parts.

    Examples
    --------
    >>> Place(Path("out.csv"), in_parts=True).part(3).as_posix(), Place(Path("out.csv"), in_parts=False).part(3).as_posix()
    ('out.csv/part-00003.csv', '.out.csv.parts/part-00003')
    """

    out: Path
    in_parts: bool

    @property
    def kind(self) -> Kind:
        """The format."""
        return kind_of(self.out.name)

    @property
    def work(self) -> Path:
        """The folder of parts; beside a single file it is hidden and goes when the file is whole."""
        return self.out if self.in_parts else self.out.with_name(f".{self.out.name}.parts")

    @property
    def journal(self) -> Path:
        """The manifest of what is under way."""
        return self.work / "_manifest.json"

    @property
    def manifest(self) -> Path:
        """The manifest of what is done."""
        return self.journal if self.in_parts else self.out.with_name(self.out.name + ".manifest.json")

    @property
    def rejects(self) -> Path:
        """Where refused records go; exists only if there are any. For a folder of parts a pattern: each part has its own."""
        return self.out / "_rejects-*.jsonl" if self.in_parts else self.out.with_name(self.out.name + ".rejects.jsonl")

    def part(self, number: int) -> Path:
        """One part; beside a single file it holds what is to be poured into that."""
        return self.work / (f"part-{number:05}.{self.kind}" if self.in_parts else f"part-{number:05}")

    def part_rejects(self, number: int) -> Path:
        """The refused records of one part."""
        return self.work / f"_rejects-{number:05}.jsonl"

    def clear(self) -> None:
        """Remove unfinished work: parts, their rejects, drafts, the journal; nothing else."""
        self.journal.unlink(missing_ok=True)  # first: parts without it are nobody's
        for pattern in ("part-*", "_rejects-*.jsonl"):
            for path in self.work.glob(pattern):
                path.unlink(missing_ok=True)
        self.clear_drafts()

    def clear_beginnings(self) -> None:
        """Remove work of which no part is done: there is nothing in it to go on from."""
        if not any(self.work.glob("part-*")):
            self.clear()

    def clear_drafts(self) -> None:
        """Remove what a process that was killed was writing; only ever called by whoever holds the lock."""
        for path in self.work.glob(".*.draft"):
            path.unlink(missing_ok=True)


class Draft:
    """A file under a temporary name in the work folder; it gets its own when published, otherwise it is removed."""

    def __init__(self, path: Path, work: Path) -> None:
        self.path = path
        self._draft = work / f".{path.name}.draft"
        self.stream: BinaryIO = open(self._draft, "wb")  # noqa: SIM115 (closed on leaving)

    def __enter__(self) -> Draft:
        return self

    def publish(self) -> int:
        """Sync, close, give the file its name, sync that; returns its size in bytes."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        n_bytes = self.stream.tell()
        self.stream.close()
        self._draft.replace(self.path)
        _sync_folder(self.path.parent)
        return n_bytes

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # a full disk is met again on closing
            self.stream.close()
        self._draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a new name last; where folders cannot be opened (Windows) nothing is to be done."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of the operating system as what they are for a job: its end, with nothing lost.

    Raises
    ------
    JobError
        In place of an `OSError`.
    """
    try:
        yield
    except OSError as err:
        reason = err.strerror or str(err)
        raise JobError(f"{path}: cannot be written: {reason}; finished parts are kept: mend it and give the same command again") from err


@contextmanager
def held(place: Place) -> Iterator[None]:
    """Be the only process at work there; the system lets go when the process ends, however it ends.

    Raises
    ------
    JobError
        If another process is at work there, or the folder cannot be made.
    """
    with writing(place.work):
        handle = _take(place)
    try:
        yield
    finally:
        place.clear_drafts()  # a signal may come between a draft's making and its keeping
        with suppress(OSError):
            (place.work / _LOCK).unlink()  # before letting go: whoever opened it meanwhile sees that it is gone
        if handle is not None:
            os.close(handle)
        if not place.journal.exists():
            with suppress(OSError):
                place.work.rmdir()


def is_held(place: Place) -> bool:
    """Whether a process is at work there now."""
    try:
        handle = os.open(place.work / _LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(handle)
    finally:
        os.close(handle)


def _take(place: Place) -> int | None:
    path = place.work / _LOCK
    while True:
        place.work.mkdir(exist_ok=True)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:  # the one before us is just leaving, and took the folder with it
            continue
        if not _locked(handle):
            os.close(handle)
            raise JobError(f"{place.out}: another process is at work on it; wait for it, or choose another name")
        try:
            if os.stat(path).st_ino == os.fstat(handle).st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: nothing stops two processes there
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
