"""What an output was made from, which parts of it there are, and what became of the records."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from misread.batch.place import Draft, Place
from misread.errors import InputError, JobError, Problem
from misread.formats.detect import unreadable
from misread.formats.inputs import STDIN


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is read; standard input and other pipes, which can be read once only, have no fingerprint."""

    path: str
    place: str
    n_bytes: int
    mtime_ns: int
    sha256: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part that is written: ``n_written + n_refused`` = the records read for it."""

    number: int
    n_written: int
    n_refused: int
    n_bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for (inputs, model, options) and what is there; ``n_read`` = ``n_written + n_refused``.

    ``n_expected`` is an estimate of the records in the input, made before it is read; ``n_bytes`` the size of a whole OUT file.
    """

    inputs: tuple[Input, ...]
    model_id: str
    options: dict[str, Any]
    n_expected: int | None = None
    complete: bool = False
    n_read: int = 0
    n_written: int = 0
    n_refused: int = 0
    n_bytes: int = 0
    parts: tuple[Part, ...] = ()

    def having(self, parts: Sequence[Part], complete: bool = False, n_bytes: int = 0) -> Manifest:
        """The same work with these parts done."""
        n_written, n_refused = sum(part.n_written for part in parts), sum(part.n_refused for part in parts)
        return msgspec.structs.replace(
            self,
            parts=tuple(sorted(parts, key=lambda part: part.number)),
            complete=complete,
            n_read=n_written + n_refused,
            n_written=n_written,
            n_refused=n_refused,
            n_bytes=n_bytes,
        )

    @property
    def of_a_pipe(self) -> bool:
        """Whether standard input or another pipe was read, of which nobody can say whether it would be the same again."""
        return any(not given.sha256 for given in self.inputs)


def fingerprints(paths: Sequence[str]) -> tuple[Input, ...]:
    """Every input with the hash of its content.

    Raises
    ------
    InputError
        If some cannot be read; all of them are named.
    """
    found: list[Problem] = []
    inputs = []
    for path in paths:
        try:
            inputs.append(_fingerprint(path))
        except (OSError, ValueError) as err:
            found.append(unreadable(path, err))
    if paths.count(STDIN) > 1:
        found.append(Problem("standard input can be read once only", cure="give - once", file="<stdin>"))
    if found:
        raise InputError(*found)
    return tuple(inputs)


def _fingerprint(path: str) -> Input:
    if path == STDIN or not stat.S_ISREG(os.stat(path).st_mode):
        return Input(path=path, place=path, n_bytes=0, mtime_ns=0, sha256="")
    with open(path, "rb") as file:
        found = os.fstat(file.fileno())  # before it is read: a change while it is read shows at the end
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Input(path=path, place=os.path.abspath(path), n_bytes=found.st_size, mtime_ns=found.st_mtime_ns, sha256=digest)


def check_unchanged(inputs: Sequence[Input]) -> None:
    """Refuse to call a job done whose input changed while it was read.

    Raises
    ------
    JobError
        Naming the first that did.
    """
    for given in inputs:
        if not given.sha256:
            continue
        try:
            now = os.stat(given.place)
        except OSError as err:
            raise JobError(f"{given.path}: vanished while it was read; put it back and give the same command again") from err
        if (now.st_size, now.st_mtime_ns) != (given.n_bytes, given.mtime_ns):
            raise JobError(f"{given.path}: changed while it was read, so the output may mix two of them; do it again with --force")


def differences(before: Manifest, now: Manifest) -> list[str]:
    """What was asked for then and is not now, in words; empty where it is the same work."""
    found = []
    if [given.sha256 for given in before.inputs] != [given.sha256 for given in now.inputs]:
        found.append(_inputs_differ(before.inputs, now.inputs))
    elif len(now.inputs) > 1 and [given.path for given in before.inputs] != [given.path for given in now.inputs]:
        found.append("the inputs have other names")  # which stand before row numbers, and in the rejects
    if before.model_id != now.model_id:
        found.append(f"another model ({before.model_id}, now {now.model_id})")
    for name in {**before.options, **now.options}:
        then, asked = before.options.get(name), now.options.get(name)
        if then != asked:
            found.append(f"{name.replace('_', ' ')} was {_shown(then)}, now {_shown(asked)}")
    return found


def _inputs_differ(before: Sequence[Input], now: Sequence[Input]) -> str:
    if len(before) != len(now):
        return f"other inputs ({len(before)} files, now {len(now)})"
    (then, given) = next(pair for pair in zip(before, now, strict=True) if pair[0].sha256 != pair[1].sha256)
    return f"another input ({given.path} has changed)" if then.place == given.place else f"another input ({then.path}, now {given.path})"


def _shown(value: Any) -> str:
    return "not given" if value is None else msgspec.json.encode(value).decode()[:100]


def load(path: Path) -> Manifest | None:
    """A manifest, or ``None`` where there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def save(manifest: Manifest, path: Path, place: Place) -> None:
    """Write it under another name, sync, give it its name."""
    with Draft(path, place.work) as draft:
        draft.stream.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        draft.publish()
