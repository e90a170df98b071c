"""Files and standard input → clips, every record answered for; clips → JSON Lines."""

from __future__ import annotations

import io
import os
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import msgspec

from misread.errors import InputError, Problem
from misread.formats.columns import AS_THEY_ARE, Columns
from misread.formats.detect import HEAD, is_capture, is_thread, kind_of, open_input, unreadable
from misread.formats.inputs import STDIN
from misread.formats.jsonl import Record
from misread.formats.jsonl import read as read_json
from misread.formats.packed import Unpacked, is_packed
from misread.formats.parse import Parsed, clip_from
from misread.records import Clip

if TYPE_CHECKING:
    from misread.formats.anonymise import Anonymiser

#: Of what cannot be read as a stream, so much is spooled in memory; more goes to a temporary file.
_SPOOL = 64 * 2**20
_MAX_RAW = 10_000


def read_clips(
    paths: Sequence[str],
    *,
    participants: Sequence[str] = (),
    stdin: BinaryIO | None = None,
    columns: Columns = AS_THEY_ARE,
    go_on: bool = False,
) -> Iterator[Parsed]:
    """Every record of the files, in order: a clip, or its problems with file, line and raw text filled in.

    Parameters
    ----------
    paths
        File names; ``-`` is standard input.
    participants
        People in the clips of yt-dlp captures (a Clip names its own).
    stdin
        What ``-`` reads; by default the process's own.
    columns
        Their field names → ours, in tables and in JSON.
    go_on
        Where there are several files, one that is no data (empty, of an unknown format, damaged from the start) is one refused record
        and not the end. One that cannot be opened is the end always: it may be back tomorrow.

    Raises
    ------
    InputError
        At the first call of ``next`` if files are missing, directories or unreadable (all of them are named); when its turn comes
        if one is empty, of an unknown format, or a table without our columns.

    Examples
    --------
    >>> [p.clip.caption for p in read_clips(["-"], stdin=io.BytesIO(b'{"clip_id": "a", "caption": "they made up"}'))]
    ['they made up']
    """
    _check(paths)
    names = tuple(participants)

    def parse(value: Any) -> Iterator[Parsed]:
        value = columns.record(value)
        if is_capture(value):
            from misread.formats.yt_dlp import clips_of

            yield from clips_of(value, names)
        elif is_thread(value):
            from misread.formats.threads import clip_of

            yield clip_of(value)
        else:
            yield clip_from(value)

    seen = _Seen()
    for position, path in enumerate(paths):
        name = "<stdin>" if path == STDIN else path
        prefix = f"{name}:" if len(paths) > 1 else ""
        try:
            for record in _records(path, name, prefix, parse, stdin, columns):
                yield _placed(record, name, position, seen, paths)
        except InputError as err:
            if not go_on or len(paths) == 1 or (isinstance(err.__cause__, OSError) and err.__cause__.errno is not None):
                raise
            yield Parsed(None, err.problems)


def _check(paths: Sequence[str]) -> None:
    """Every path that cannot be read, at once; one that vanishes later is met when its turn comes."""
    found = []
    for path in paths:
        if path != STDIN:
            try:
                if os.path.isdir(path):
                    raise IsADirectoryError
                if not os.access(path, os.R_OK):
                    raise PermissionError if os.path.exists(path) else FileNotFoundError
            except (OSError, ValueError) as err:
                found.append(unreadable(path, err))
    if sum(path == STDIN for path in paths) > 1:
        found.append(Problem("standard input can be read once only", cure="give - once", file="<stdin>"))
    if found:
        raise InputError(*found)


def _records(
    path: str, name: str, prefix: str, parse: Callable[[Any], Iterator[Parsed]], stdin: BinaryIO | None, columns: Columns
) -> Iterator[Record]:
    source = (stdin or sys.stdin.buffer) if path == STDIN else open_input(path)
    try:
        head = _head(source)
        if not is_packed(head):
            seekable = source if path != STDIN and source.seekable() else None
            yield from _read(head, source, seekable, name, prefix, parse, columns)
            return
        unpacked = Unpacked(head, io.BufferedReader(_Rejoined(head, source), 2**18))
        plain: BinaryIO = io.BufferedReader(unpacked, 2**18)
        head = _head(plain)
        if unpacked.broken is not None and not head:
            raise InputError(unpacked.broken.at(name, None))
        yield from _to_the_break(_read(head, plain, None, name, prefix, parse, columns), unpacked)
    except OSError as err:
        raise InputError(unreadable(name, err)) from err
    finally:
        if path != STDIN:  # what stands behind standard input is its owner's
            source.close()


def _read(
    head: bytes,
    source: BinaryIO,
    seekable: BinaryIO | None,
    name: str,
    prefix: str,
    parse: Callable[[Any], Iterator[Parsed]],
    columns: Columns,
) -> Iterator[Record]:
    kind = kind_of(head, name)
    stream: BinaryIO = io.BufferedReader(_Rejoined(head, source), 2**18)
    if kind == "json":
        yield from read_json(stream, parse)
    elif kind == "csv":
        from misread.formats.table import read_csv

        yield from read_csv(stream, name, prefix, columns=columns)
    else:
        from misread.formats.arrow import read_arrow

        with _seekable(stream, seekable) as whole:
            yield from read_arrow(whole, name, kind, prefix, columns)


def _to_the_break(records: Iterator[Record], unpacked: Unpacked) -> Iterator[Record]:
    """Records of a packed file; where it breaks off inside one, that one is refused even if what is left of it can be read."""
    last: Record | None = None
    for record in records:
        if last is not None:
            yield last
        last = record
    if unpacked.broken is None:
        if last is not None:
            yield last
        return
    if last is not None and unpacked.at_line_end:
        yield last
        last = Record(last.line + 1, None, last.parsed)
    yield Record(last.line if last else 1, last.raw if last else None, Parsed(None, (unpacked.broken,)))


def _head(source: BinaryIO) -> bytes:
    """The first bytes: to the end of the first line that is not blank, so that a slow pipe is not waited for longer than needed."""
    head = b""
    while len(head) < HEAD and b"\n" not in head.lstrip() and (piece := _some(source, HEAD - len(head))):
        head += piece
    return head


def _some(source: BinaryIO, limit: int) -> bytes:
    """What there is to read, up to ``limit`` bytes; nothing at the end only."""
    read1: Callable[[int], bytes] = getattr(source, "read1", source.read)
    return read1(limit)


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes have been taken, with those bytes in front again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        data = data or _some(self._rest, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _seekable(stream: BinaryIO, source: BinaryIO | None) -> BinaryIO:
    """The same bytes in something that can be read from the end, as Parquet must be: ``source`` if there is one."""
    import shutil
    import tempfile

    if source is not None:
        source.seek(0)
        return source
    spool = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 (the caller closes it)
    shutil.copyfileobj(stream, spool)
    spool.seek(0)
    return spool  # type: ignore[return-value]


def _placed(record: Record, name: str, position: int, seen: _Seen, paths: Sequence[str]) -> Parsed:
    """The record with its place in its problems; refused if its id was seen before in the job."""
    line, raw, parsed = record
    problems = parsed.problems
    if parsed.clip is not None:
        first = seen.before(parsed.clip.clip_id, position, line)
        if first is None:
            return parsed
        place = f"{'<stdin>' if paths[first[0]] == STDIN else paths[first[0]]}:{first[1]}"
        problems = (Problem(f"{parsed.clip.clip_id[:100]!r} was seen before, at {place}", "clip_id", "drop one, or give it its own id"),)
    text = _raw_text(raw)
    return Parsed(None, tuple(problem.at(name, line, text) for problem in problems), parsed.extra, parsed.notes)


def _raw_text(raw: Any) -> str | None:
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, bytes):
        return raw[: 4 * _MAX_RAW].decode("utf-8", "replace").strip("\r\n")
    try:
        return msgspec.json.encode(raw, enc_hook=str)[: 4 * _MAX_RAW].decode("utf-8", "replace")
    except (ValueError, TypeError, RecursionError):  # lone surrogates, deep nesting: say it as well as it can be said
        return repr(raw)[:_MAX_RAW] if not isinstance(raw, (dict, list)) else None


class _Seen:
    """Ids met in a job → where each stood first, in 32 to 64 bytes an id, whatever their length.

    Open addressing over two arrays: an 8-byte hash, and the place (file and line) in 8 bytes. Two ids of one hash would be taken for
    one: expected once in about 10^5 jobs of ten million clips.
    """

    def __init__(self) -> None:
        self._resize(1 << 10)
        self._n = 0

    def _resize(self, size: int) -> None:
        self._hashes, self._places = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
        self._mask = size - 1

    def before(self, clip_id: str, file: int, line: int) -> tuple[int, int] | None:
        """Where the id stood first (position of the file, line), or ``None`` and it is remembered."""
        import hashlib

        digest = hashlib.blake2b(clip_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        value = int.from_bytes(digest, "little") or 1  # 0 marks a free place
        slot = self._slot(value)
        if self._hashes[slot]:
            return divmod(self._places[slot], 1 << 40)
        self._hashes[slot], self._places[slot] = value, (file << 40) + line
        self._n += 1
        if 2 * self._n > self._mask:
            self._grow()
        return None

    def _slot(self, value: int) -> int:
        slot = value & self._mask
        while self._hashes[slot] not in (0, value):
            slot = (slot + 1) & self._mask
        return slot

    def _grow(self) -> None:
        hashes, places = self._hashes, self._places
        self._resize(2 * (self._mask + 1))
        for value, place in zip(hashes, places, strict=True):
            if value:
                slot = self._slot(value)
                self._hashes[slot], self._places[slot] = value, place


class Imported(NamedTuple):
    """How an import ended: clips written, records refused."""

    n_written: int
    n_refused: int


def import_clips(
    paths: Sequence[str],
    out: Path | None,
    hide: Anonymiser | None,
    participants: Sequence[str],
    refuse: Callable[[tuple[Problem, ...]], None],
    note: Callable[[str], None],
    stdout: BinaryIO,
) -> Imported:
    """Captures, threads and other files → JSON Lines of clips.

    Parameters
    ----------
    paths
        File names; ``-`` is standard input.
    out
        File to write; it appears whole or not at all. ``None``: ``stdout``.
    hide
        Replaces authors; ``None`` keeps them.
    participants
        People in the clips of yt-dlp captures.
    refuse
        Told the problems of each record that was refused.
    note
        Told what a capture lacks.
    stdout
        Where clips go without ``out``.

    Raises
    ------
    InputError
        As `read_clips`; nothing is then written to ``out``.
    """
    n_refused = 0

    def clips() -> Iterator[Clip]:
        nonlocal n_refused
        for parsed in read_clips(paths, participants=participants):
            if parsed.clip is None:
                n_refused += 1
                refuse(parsed.problems)
                continue
            for text in parsed.notes:
                note(f"{parsed.clip.clip_id}: {text}")
            yield parsed.clip if hide is None else hide.clip(parsed.clip)

    if out is None:
        return Imported(write_clips(clips(), stdout), n_refused)
    if out.is_dir() or not out.parent.is_dir():
        reason = "is a folder" if out.is_dir() else "its folder is not there"
        raise InputError(Problem(reason, cure="name a file in a folder that exists", file=str(out)))
    if any(path != STDIN and os.path.exists(path) and out.exists() and out.samefile(path) for path in paths):
        raise InputError(Problem("is one of the inputs", cure="choose another name for the output", file=str(out)))
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as stream:
            n_written = write_clips(clips(), stream)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Imported(n_written, n_refused)


def write_clips(clips: Iterable[Clip], stream: BinaryIO) -> int:
    """Write clips as JSON Lines; returns how many.

    Examples
    --------
    >>> out = io.BytesIO()
    >>> write_clips([Clip(clip_id="a")], out), out.getvalue()
    (1, b'{"clip_id":"a"}\\n')
    """
    encoder = msgspec.json.Encoder()
    n_clips = 0
    for clip in clips:
        stream.write(encoder.encode(clip) + b"\n")
        n_clips += 1
    return n_clips
