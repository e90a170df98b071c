"""Where a job stands, told by what lies there; it may be running meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from misread.batch.manifest import Input, Manifest, load
from misread.batch.place import Place, is_held
from misread.errors import JobError


@dataclass(frozen=True)
class Status:
    """What there is of a job.

    Parameters
    ----------
    out
        As given.
    manifest
        Of what is done so far.
    running
        Whether a process is at work on it.
    missing
        Numbers of the parts that are known to be missing; the last of them stand for all that was not yet read.
    about
        Whether the number of parts is an estimate.
    complete
        Whether nothing is missing.
    changed
        What became of the inputs, a sentence each; empty where all of them are as they were.
    """

    out: Path
    manifest: Manifest
    running: bool
    missing: tuple[int, ...]
    about: bool
    complete: bool
    changed: tuple[str, ...]

    def lines(self) -> list[str]:
        """For people, a line a fact."""
        made = self.manifest
        state = "complete" if self.complete else "running" if self.running else "not complete: give the same command again"
        about = "about " if self.about else ""
        missing = f"{about}{len(self.missing):,} missing{_which(self.missing)}" if self.missing else "none missing"
        if not self.complete and made.n_expected is None:
            missing = "nobody knows how many are missing"
        records = f"{made.n_read:,} read, {made.n_written:,} labelled, {made.n_refused:,} refused"
        of = f" of about {made.n_expected:,}" if not self.complete and made.n_expected is not None else ""
        inputs = self.changed or (f"{len(made.inputs)} file{'s' if len(made.inputs) > 1 else ''}, unchanged",)
        lines = [
            f"{self.out}: {state}",
            f"parts: {len(made.parts):,} done, {missing}",
            f"records: {records}{of}",
            f"model: {made.model_id}",
        ]
        return lines + [f"input: {text}" for text in inputs]


def _which(missing: tuple[int, ...]) -> str:
    return f" ({', '.join(map(str, missing[:10]))}{', …' if len(missing) > 10 else ''})"


def status(out: Path) -> Status:
    """Where the job of this output stands; reads the inputs, to tell whether they changed, and writes nothing.

    Raises
    ------
    JobError
        If there is no job of this name.
    """
    place = Place(out, out.is_dir())
    done, under_way = load(place.manifest), load(place.journal)
    made = under_way or done
    if made is None:
        raise JobError(f"{out}: no job has begun here")
    if under_way is None and not place.in_parts:  # the parts went into the file
        whole = out.exists() and out.stat().st_size == made.n_bytes
        missing: tuple[int, ...] = () if whole else tuple(part.number for part in made.parts)
        there = made if whole else made.having(())
    else:
        parts = [part for part in made.parts if _size(place.part(part.number)) == part.n_bytes]
        missing, there = _missing(made, {part.number for part in parts}), made.having(parts, n_bytes=made.n_bytes)
        whole = made.complete and not missing
    about = not made.complete and made.n_expected is not None
    return Status(out, there, is_held(place), missing, about, whole, tuple(filter(None, map(_change, made.inputs))))


def _missing(made: Manifest, there: set[int]) -> tuple[int, ...]:
    known = {part.number for part in made.parts}
    if not made.complete and made.n_expected is not None:
        known.update(range(-(-made.n_expected // int(made.options.get("part_size") or 1))))
    return tuple(sorted(known - there))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _change(given: Input) -> str | None:
    if not given.sha256:
        return f"{given.path} is a pipe, which cannot be compared"
    try:
        with open(given.place, "rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == given.sha256
    except OSError:
        return f"{given.path} is no longer there"
    return None if same else f"{given.path} has changed since"
