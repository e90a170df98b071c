"""JSON → records: line by line in bounded memory, or one document; a line that cannot be read never stops the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, NoReturn

import msgspec

from misread.errors import Problem
from misread.formats.detect import BOM, is_document
from misread.formats.parse import Parsed

#: A line, or a document, of more bytes than this is refused: no clip is so long, and memory is finite.
MAX_LINE = 256 * 2**20

_CUT = Problem("the file seems to be cut off here", cure="copy or export it again; the lines before this one were read")


class Record(NamedTuple):
    """One record as it was read: its line (or item number) from 1, the raw line or value, and what it parses to."""

    line: int
    raw: Any
    parsed: Parsed


class Undecodable(NamedTuple):
    """Stands in for the value of a line that is no JSON."""

    problem: Problem


def decode(data: bytes) -> Any:
    """One JSON value, or `Undecodable` with what is wrong and where.

    Lone surrogates are read (and mended by ``parse.clip_from``); NaN, Infinity and numbers beyond a float's range are not JSON.

    Examples
    --------
    >>> decode(b'{"likes": 3}')
    {'likes': 3}
    >>> str(decode(b'{"likes": NaN}').problem)
    'NaN is no JSON number (leave the field out where the number is unknown)'
    """
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        return Undecodable(_too_deep())
    except ValueError:  # msgspec's errors say neither line nor column, and it refuses lone surrogates
        return _decode_slowly(data)


def _decode_slowly(data: bytes) -> Any:
    import json

    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
    except UnicodeDecodeError as err:
        n_lines, column = data.count(b"\n", 0, err.start), err.start - data.rfind(b"\n", 0, err.start)
        place = f"line {n_lines + 1}, byte {column}" if n_lines else f"byte {column}"
        return Undecodable(Problem(f"invalid UTF-8 at {place}", cure="save the file as UTF-8"))
    except json.JSONDecodeError as err:
        place = f"column {err.colno}" if err.lineno == 1 else f"line {err.lineno}, column {err.colno}"
        return Undecodable(Problem(f"not JSON: {err.msg} at {place}"))
    except RecursionError:
        return Undecodable(_too_deep())
    except _NoNumber as err:
        return Undecodable(Problem(f"{err} is no JSON number", cure="leave the field out where the number is unknown"))
    except ValueError:  # the interpreter's limit on the digits of a whole number
        return Undecodable(Problem("a number has too many digits"))


class _NoNumber(ValueError):
    pass


def _refuse_constant(word: str) -> NoReturn:
    raise _NoNumber(word)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NoNumber(text[:40])
    return number


def _too_deep() -> Problem:
    return Problem("nested too deep", cure="no field of a clip is nested so deep")


def lines(stream: BinaryIO, limit: int = MAX_LINE) -> Iterator[tuple[int, bytes]]:
    """Numbered lines with their line ends; of a line over ``limit`` bytes only ``limit`` + 1 bytes are given, the rest is skipped."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            end = line
            while end and not end.endswith(b"\n"):
                end = stream.readline(2**20)
        yield number, line


def read(stream: BinaryIO, parse: Callable[[Any], Iterator[Parsed]], limit: int = MAX_LINE) -> Iterator[Record]:
    """Every record of JSON Lines, of an array, or of one document; blank lines are skipped.

    Parameters
    ----------
    stream
        Bytes, at the start; need not be seekable.
    parse
        A decoded value → what it parses to (several, for a playlist).
    limit
        Bytes that a line or a document may have.

    Examples
    --------
    >>> import io
    >>> from misread.formats.parse import clip_from
    >>> [r.line for r in read(io.BytesIO(b'{"clip_id": "a"}\\r\\n\\r\\n{"clip_id": "b"}'), lambda value: iter([clip_from(value)]))]
    [1, 3]
    """
    numbered = ((number, line) for number, line in lines(stream, limit) if line.removeprefix(BOM).strip())
    start = list(islice(numbered, 2))
    second = start[1][1] if len(start) > 1 else b""
    if start and is_document(start[0][1], second):
        ahead = 1  # blank lines are put back, so that the places in messages are right
        text = b""
        for number, line in start:
            text += b"\n" * (number - ahead) + line.removeprefix(BOM)
            ahead = number + 1
        yield from _read_document(text, stream, parse, limit)
        return
    for number, line in start:
        yield from _read_line(number, line, parse, limit)
    for number, line in numbered:
        yield from _read_line(number, line, parse, limit)


def _read_line(number: int, line: bytes, parse: Callable[[Any], Iterator[Parsed]], limit: int) -> Iterator[Record]:
    if len(line) > limit:
        cure = "one clip a line; was a file without line ends given?"
        yield Record(number, line[:10_000], Parsed(None, (Problem(f"the line is longer than {limit:,} bytes", cure=cure),)))
        return
    value = decode(line.removeprefix(BOM).rstrip(b"\r\n"))  # without its end, behind which a message would say "line 2"
    if isinstance(value, Undecodable):
        # only the last line has no line end; one that stops before its closing brace was cut, whatever else the decoder says of it
        cut = not line.endswith(b"\n") and not line.rstrip().endswith(b"}")
        yield Record(number, line, Parsed(None, (_CUT if cut else value.problem,)))
        return
    for parsed in parse(value):
        yield Record(number, line, parsed)


def _read_document(start: bytes, stream: BinaryIO, parse: Callable[[Any], Iterator[Parsed]], limit: int) -> Iterator[Record]:
    data = start + stream.read(max(0, limit + 1 - len(start)))
    if len(data) > limit:
        problem = Problem(f"one JSON document of more than {limit:,} bytes", cure="write JSON Lines: one clip a line")
        yield Record(1, data[:10_000], Parsed(None, (problem,)))
        return
    value = decode(data)
    if isinstance(value, Undecodable):
        cut = not data.rstrip().endswith((b"}", b"]"))
        yield Record(1, data[:10_000], Parsed(None, (_CUT if cut else value.problem,)))
        return
    del data
    items = value if isinstance(value, list) else [value]
    for number, item in enumerate(items, 1):
        for parsed in parse(item):
            yield Record(number, item, parsed)
