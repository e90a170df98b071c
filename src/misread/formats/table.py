"""Rows → clips, and CSV → rows: streaming, one row at a time, each with its line."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from misread.errors import InputError, Problem
from misread.formats.columns import AS_THEY_ARE, Columns
from misread.formats.jsonl import MAX_LINE, Record, Undecodable, decode
from misread.formats.parse import CLIP_FIELDS, Parsed, clip_from

_JSON_COLUMNS = frozenset({"comments", "evidence", "participants", "tags"})
_ID_COLUMNS = frozenset({"clip_id", "group_id"})
#: What a byte that is no UTF-8 is read as (PEP 383), so that its cell can be named.
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_WHOLE = re.compile(r"\s*(-?[0-9]{1,19})(\.0+)?\s*\Z")


def clips_from_rows(rows: Iterable[Mapping[str, Any]], prefix: str = "") -> Iterator[Parsed]:
    """Rows of a flat table as clips; where a row has no ``clip_id`` and the table no such column, its number from 1 stands in.

    Parameters
    ----------
    rows
        Column name → cell. An empty text and ``None`` are the same in our columns: absent.
    prefix
        Goes before a row number that stands in for an id, e.g. ``"clips.csv:"``.

    Examples
    --------
    >>> [p.clip.clip_id for p in clips_from_rows([{"caption": "a"}, {"caption": "b"}], "clips.csv:")]
    ['clips.csv:1', 'clips.csv:2']
    """
    for number, row in enumerate(rows, 1):
        yield clip_of_row(row, number, prefix)


def clip_of_row(row: Mapping[str, Any], number: int, prefix: str = "", found: Sequence[Problem] = ()) -> Parsed:
    """One row as a clip; ``found`` are problems that the reader of the row has met already."""
    problems = list(found)
    record: dict[str, Any] = {}
    for name, cell in row.items():
        value = _value(name, cell) if name in CLIP_FIELDS else cell
        if isinstance(value, Undecodable):
            problems.append(value.problem)
        elif value is not None or name not in CLIP_FIELDS:
            record[name] = value
    if "clip_id" not in row:
        record["clip_id"] = f"{prefix}{number}"
    parsed = clip_from(record)
    if problems:
        named = {problem.field for problem in problems}
        return Parsed(None, (*problems, *(problem for problem in parsed.problems if problem.field not in named)))
    return parsed


def _value(name: str, cell: Any) -> Any:
    """A cell of one of our columns as the record format has it; ``None`` for an absent one."""
    if cell is None or cell == "":
        return None
    if name == "n_comments_total":
        return _whole(name, cell)
    if name in _ID_COLUMNS and isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    if name in _JSON_COLUMNS and isinstance(cell, str):
        return _structure(name, cell)
    return cell


def _structure(name: str, cell: str) -> Any:
    if not cell.strip():
        return None
    if cell.lstrip()[0] in "[{":
        value = decode(cell.encode("utf-8", "surrogatepass"))
        if isinstance(value, Undecodable):
            return Undecodable(Problem(value.problem.reason, name, value.problem.cure or "JSON in a cell has its quotes doubled"))
        return value
    if name == "participants":
        return [part for part in map(str.strip, cell.split(";")) if part]
    return Undecodable(Problem(f"expected JSON, got {cell[:40]!r}", name, "a JSON list or object in the cell; or leave it empty"))


def _whole(name: str, cell: Any) -> Any:
    """Whole numbers as text, and as the floats that a table with gaps makes of them; NaN is such a gap."""
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if not isinstance(cell, str):
        return cell
    if not cell.strip():
        return None
    match = _WHOLE.match(cell)
    if match is None:
        return Undecodable(Problem(f"expected a whole number, got {cell[:40]!r}", name, "digits only; leave it empty where it is unknown"))
    return int(match[1])


def check_columns(names: Sequence[str], file: str) -> None:
    """Refuse a table that has none of our columns, or one of them twice.

    Raises
    ------
    InputError
        With what was found and what is expected.
    """
    ours = [name for name in names if name in CLIP_FIELDS]
    if not ours:
        found = ", ".join(name[:40] for name in names[:20]) or "nothing"
        cure = "expected at least one of: " + ", ".join(sorted(CLIP_FIELDS))
        raise InputError(Problem(f"no column that misread knows; found: {found}", "", cure, file, 1))
    twice = sorted({name for name in ours if ours.count(name) > 1})
    if twice:
        raise InputError(*(Problem("the column stands twice", name, "keep one of them", file, 1) for name in twice))


class _Lines:
    """Lines of text for the csv module, one at a time, none over the limit; remembers what it gave since it was last asked."""

    def __init__(self, text: io.TextIOBase, limit: int) -> None:
        self.text, self.limit = text, limit
        self.number = 0
        self.given = ""
        self.ended = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(self.limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.given += line[: max(0, 10_000 - len(self.given))]
        self.ended = line.endswith(("\n", "\r"))
        if len(line) > self.limit:
            while line and not line.endswith("\n"):
                line = self.text.readline(2**20)
            raise OverflowError(f"the line is longer than {self.limit:,} characters")
        return line

    def taken(self) -> str:
        given, self.given = self.given, ""
        return given.rstrip("\r\n")


def read_csv(stream: BinaryIO, file: str, prefix: str = "", limit: int = MAX_LINE, columns: Columns = AS_THEY_ARE) -> Iterator[Record]:
    """Every row of a CSV file as a clip; the delimiter (comma, semicolon or tab) is told by the header.

    Parameters
    ----------
    stream
        Bytes, at the start; UTF-8 with or without a BOM; need not be seekable.
    file
        Its name, for messages.
    prefix
        Goes before row numbers that stand in for ids.
    limit
        Characters that a line or a cell may have.
    columns
        Their names → ours.

    Raises
    ------
    InputError
        If the header has none of our columns, or one twice.
    """
    import csv

    csv.field_size_limit(limit)  # the module's own, 128 KiB, refuses captions that misread merely cuts
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
    lines = _Lines(text, limit)
    try:
        names, delimiter = _header(lines, file, columns)
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            start = lines.number + 1
            cells, problem = _next_row(rows)
            if cells is None:
                return
            raw = lines.taken()
            if not cells and problem is None:
                continue
            number += 1
            found = [problem] if problem else _defects(cells, names, lines.ended)
            row = dict(zip(names, map(_readable, cells), strict=False))
            if problem or len(cells) > len(names):
                yield Record(start, raw, Parsed(None, tuple(found)))
            else:
                yield Record(start, raw, clip_of_row({name: row.get(name) for name in names}, number, prefix, found))
    finally:
        text.detach()  # the stream is the caller's to close


def _next_row(rows: Iterator[list[str]]) -> tuple[list[str] | None, Problem | None]:
    """The next row's cells, or what is wrong with it; ``(None, None)`` at the end."""
    import csv

    try:
        return next(rows), None
    except StopIteration:
        return None, None
    except OverflowError as err:
        return [], Problem(str(err), cure="one clip a line; was a file without line ends given?")
    except csv.Error as err:
        reason = "a quote is opened and never closed" if "unexpected end of data" in str(err) else f"not CSV: {err}"
        return [], Problem(reason, cure="quotes inside a quoted cell are doubled; or the file was cut off")


def _header(lines: _Lines, file: str, columns: Columns) -> tuple[list[str], str]:
    """Column names, ours in their own spelling, and the delimiter that finds most of them."""
    import csv

    try:
        line = next((line for line in lines if line.strip()), "")
    except OverflowError as err:
        raise InputError(Problem(f"no header: {err}", cure="the first line names the columns", file=file, line=1)) from err
    if not line:
        raise InputError(Problem("the file is empty", cure="nothing was read; was it written to the end?", file=file))
    lines.taken()
    best: tuple[list[str], str] = ([], ",")
    found: list[str] = []
    for delimiter in ",;\t":
        try:
            cells = next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            continue
        theirs = [_readable(cell).strip() for cell in cells]
        names = [_column(name, i) for i, name in enumerate(columns.names(theirs), 1)]
        if not best[0] or _n_ours(names) > _n_ours(best[0]):
            best, found = (names, delimiter), theirs
    columns.check(found, file)
    check_columns(best[0], file)
    return _unique(best[0]), best[1]


def _column(name: str, position: int) -> str:
    return name.casefold() if name.casefold() in CLIP_FIELDS else name or f"column_{position}"


def _n_ours(names: Sequence[str]) -> int:
    return sum(name in CLIP_FIELDS for name in names)


def _unique(names: list[str]) -> list[str]:
    """Columns that are not ours may share a name; all of them pass through, so later ones get their position."""
    seen: set[str] = set()
    unique = []
    for i, name in enumerate(names, 1):
        while name in seen:
            name = f"{name}_{i}"
        seen.add(name)
        unique.append(name)
    return unique


def _defects(cells: Sequence[str], names: Sequence[str], ended: bool) -> list[Problem]:
    if len(cells) > len(names):
        reason = f"{len(cells)} cells under {len(names)} columns"
        return [Problem(reason, cure="a cell with the delimiter or a quote in it must be quoted")]
    if len(cells) < len(names) and not ended:
        return [Problem("the file seems to be cut off here", cure="copy or export it again; the lines before this one were read")]
    cure = "save the file as UTF-8"
    return [Problem("invalid UTF-8", name, cure) for name, cell in zip(names, cells, strict=False) if _STRAY_BYTE.search(cell)]


def _readable(cell: str) -> str:
    return cell if cell.isascii() else _STRAY_BYTE.sub("\ufffd", cell)
