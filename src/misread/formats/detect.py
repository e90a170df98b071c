"""What a file is, told by what stands in it; the suffix only decides where the content could be anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, Literal

from misread.errors import InputError, Problem
from misread.formats.parse import CLIP_FIELDS

Kind = Literal["json", "csv", "parquet", "arrow", "arrow_stream"]

#: So many bytes from the start of a file are looked at.
HEAD = 65_536
BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
#: gzip and zstd are unpacked before anybody asks; one inside another is not.
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_CAPTURE_FIELDS = ("extractor", "extractor_key", "webpage_url", "_type")
_THREAD_FIELDS = ("thread_id", "source_text", "veracity")


def kind_of(head: bytes, name: str) -> Kind:
    """The kind of a file that begins with ``head`` (its first `HEAD` bytes, or all of it).

    Parameters
    ----------
    head
        The first bytes.
    name
        The file's name as given; used in messages, and as JSON's tie-breaker where the first line is rubbish.

    Raises
    ------
    InputError
        If it is empty, packed, UTF-16 or no text.

    Examples
    --------
    >>> kind_of(b'{"clip_id": "a"}', "clips.csv"), kind_of(b"clip_id,caption", "clips.json"), kind_of(b"PAR1", "clips")
    ('json', 'csv', 'parquet')
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith(b"\xff\xff\xff\xff"):
        return "arrow_stream"
    _refuse_what_is_no_text(head, name)
    start = head.removeprefix(BOM).lstrip()
    if not start:
        if len(head) < HEAD:
            raise InputError(Problem("the file is empty", cure="nothing was read; was it written to the end?", file=name))
        return "csv"
    if start[:1] in b"{[":
        return "json"
    first = start.split(b"\n", 1)[0]
    if _is_rubbish(first):
        if _says_json(name):
            return "json"
        raise InputError(Problem("neither text nor a format that misread knows", cure=_KNOWN, file=name))
    # any line could be a header; a JSON Lines file whose first line is broken is told by its name
    return "json" if _says_json(name) and not _is_header(first) else "csv"


_KNOWN = "give JSON, JSON Lines, CSV, Parquet, Arrow or a yt-dlp .info.json"


def _refuse_what_is_no_text(head: bytes, name: str) -> None:
    if head.startswith(_UTF16) or (head[:2].count(0) == 1 and len(head) > 2):
        raise InputError(Problem("the text is UTF-16 or UTF-32", cure="save it as UTF-8", file=name))
    for magic, packing in _PACKED.items():
        if head.startswith(magic):
            raise InputError(Problem(f"packed with {packing}", cure="unpack it first", file=name))


def _is_rubbish(line: bytes) -> bool:
    """More than a tenth of control characters, or bytes that are no UTF-8 among them: no header was ever written so."""
    n_control = sum(byte < 32 and byte not in b"\t\r\f" for byte in line)
    n_strange = line.decode("utf-8", "replace").count("\ufffd")
    return 10 * n_control > len(line) or 10 * n_strange > len(line)


def _is_header(line: bytes) -> bool:
    cells = line.decode("utf-8", "replace").replace(";", ",").replace("\t", ",").split(",")
    return any(cell.strip().strip('"').casefold() in CLIP_FIELDS for cell in cells)


def _says_json(name: str) -> bool:
    return name.lower().removesuffix(".gz").removesuffix(".zst").endswith((".json", ".jsonl", ".ndjson"))


def is_capture(record: Any) -> bool:
    """Whether a JSON value is a yt-dlp info.json and no clip.

    Examples
    --------
    >>> is_capture({"id": "x", "extractor": "youtube"}), is_capture({"clip_id": "x", "extractor": "youtube"})
    (True, False)
    """
    if not isinstance(record, Mapping) or record.get("clip_id") is not None:
        return False
    return any(record.get(name) is not None for name in _CAPTURE_FIELDS)


def is_thread(record: Any) -> bool:
    """Whether a JSON value is a thread about a rumour (`formats.threads`) and no clip; one of its fields may be missing.

    Examples
    --------
    >>> is_thread({"thread_id": "1", "source_text": "x"}), is_thread({"clip_id": "1", "thread_id": "1", "source_text": "x"})
    (True, False)
    """
    if not isinstance(record, Mapping) or record.get("clip_id") is not None:
        return False
    return sum(record.get(name) is not None for name in _THREAD_FIELDS) >= 2


def is_document(first: bytes, second: bytes) -> bool:
    """Whether two lines (the first two that are not blank) are the start of one JSON document rather than of JSON Lines.

    Told by the seam alone, so that JSON Lines with a broken first line are not taken for a document.

    Examples
    --------
    >>> is_document(b'{', b'  "clip_id": "a",'), is_document(b'{"clip_id": "a"}', b'{"clip_id": "b"}')
    (True, False)
    """
    first, second = first.removeprefix(BOM).strip(), second.strip()
    if first.startswith(b"["):
        return True
    if second.startswith(b"{"):  # an object can follow one of these only, inside a document
        return first.endswith((b"[", b":", b"},"))
    return bool(second) and (second[:1] in b'"}],:' or first.endswith((b"{", b"[", b":")))


def open_input(path: str) -> BinaryIO:
    """The file, open for reading bytes.

    Raises
    ------
    InputError
        If it is missing, a directory, or may not be read.
    """
    try:
        return open(path, "rb")  # the caller closes it
    except (OSError, ValueError) as err:
        raise InputError(unreadable(path, err)) from err


def unreadable(path: str, err: Exception) -> Problem:
    """An error of the operating system in words, with the cure.

    Examples
    --------
    >>> str(unreadable("clips", IsADirectoryError()))
    'clips: is a directory (give the files in it)'
    """
    if isinstance(err, FileNotFoundError):
        return Problem("no such file", cure="check the spelling; it may have been moved", file=path)
    if isinstance(err, IsADirectoryError):
        return Problem("is a directory", cure="give the files in it", file=path)
    if isinstance(err, PermissionError):
        return Problem("may not be read", cure="check its permissions", file=path)
    if isinstance(err, ValueError):  # a NUL byte or a lone surrogate in the name
        return Problem("no file can have this name", cure="check the spelling", file=path)
    return Problem(f"cannot be read: {getattr(err, 'strerror', None) or err}", cure="check the disk or the network", file=path)
