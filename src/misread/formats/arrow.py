"""Parquet and Arrow → rows, a batch at a time, cells as plain Python: nested lists and structs, times as text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO, NamedTuple

from misread.errors import InputError, Problem
from misread.formats.columns import AS_THEY_ARE, Columns
from misread.formats.jsonl import Record
from misread.formats.parse import CLIP_FIELDS, Parsed
from misread.formats.table import check_columns, clip_of_row

#: Rows turned to Python objects at a time; with long comment threads a row is some hundred kilobytes.
_BATCH = 512
_CUT = "it may have been cut off: copy or export it again"


def read_arrow(stream: BinaryIO, file: str, kind: str, prefix: str = "", columns: Columns = AS_THEY_ARE) -> Iterator[Record]:
    """Every row of a Parquet or Arrow file as a clip, numbered from 1.

    A damaged row group of a Parquet file costs its own rows, each refused, and no others.

    Parameters
    ----------
    stream
        Bytes, at the start; seekable but for ``"arrow_stream"``.
    file
        Its name, for messages.
    kind
        ``"parquet"``, ``"arrow"`` or ``"arrow_stream"``.
    prefix
        Goes before row numbers that stand in for ids.
    columns
        Their names → ours.

    Raises
    ------
    InputError
        If the file is damaged from the start, or has none of our columns.
    """
    import pyarrow as pa

    number, checked = 0, False
    batches = _batches(stream, kind)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError, ValueError) as err:
            problem = _damage(err)
            if not checked:
                raise InputError(problem.at(file, None)) from err
            yield Record(number + 1, None, Parsed(None, (problem,)))
            return
        if batch is None:
            return
        if isinstance(batch, _Lost):
            for _ in range(batch.n_rows):
                number += 1
                yield Record(number, None, Parsed(None, (batch.problem,)))
            continue
        if not checked:
            _check(batch.schema, file, columns)
            checked = True
        for row in _rows(batch):
            number += 1
            yield Record(number, row, row_as_clip(columns.record(row), number, prefix))


class _Lost(NamedTuple):
    """Rows that are known to have been there and cannot be read."""

    n_rows: int
    problem: Problem


def _damage(err: Exception) -> Problem:
    return Problem(f"cannot be read from here: {str(err)[:200]}", cure=_CUT)


def _batches(stream: BinaryIO, kind: str) -> Iterator[Any]:
    """Small batches; the first is given even where there are no rows, for its schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if kind == "parquet":
        source = pq.ParquetFile(stream)
        yield _empty(source.schema_arrow)
        for i in range(source.num_row_groups):
            yield from _row_group(source, i)
        return
    if kind == "arrow":
        reader = pa.ipc.open_file(stream)
        yield _empty(reader.schema)
        large = (reader.get_batch(i) for i in range(reader.num_record_batches))
    else:
        reader = pa.ipc.open_stream(stream)
        yield _empty(reader.schema)
        large = iter(reader)
    for batch in large:
        for start in range(0, batch.num_rows, _BATCH):
            yield batch.slice(start, _BATCH)


def _row_group(source: Any, i: int) -> Iterator[Any]:
    """One row group in small batches; what of it cannot be read is `_Lost`."""
    import pyarrow as pa

    left = source.metadata.row_group(i).num_rows
    try:
        for batch in source.iter_batches(batch_size=_BATCH, row_groups=[i]):
            left -= batch.num_rows
            yield batch
    except (pa.ArrowException, OSError, ValueError) as err:
        if isinstance(err, OSError) and err.errno is not None:  # the disk's own: another try may find it mended
            raise
        yield _Lost(left, _damage(err))


def _empty(schema: Any) -> Any:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema=schema)


def _check(schema: Any, file: str, columns: Columns) -> None:
    columns.check(schema.names, file)
    check_columns(columns.names(schema.names), file)
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        raise InputError(*(Problem("the column stands twice", name, "keep one of them", file) for name in twice))


def _rows(batch: Any) -> Iterator[dict[str, Any]]:
    """Rows as dicts; a cell that Python cannot hold (a year over 9999, text that is no UTF-8) is its error, for its row alone."""
    columns = [_column(column) for column in batch.columns]
    for i in range(batch.num_rows):
        yield {name: column[i] for name, column in zip(batch.schema.names, columns, strict=True)}


def _column(column: Any) -> list[Any]:
    column = _in_microseconds(column)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(scalar) for scalar in column]


def _cell(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError) as err:
        return err


def _in_microseconds(column: Any) -> Any:
    """Times in nanoseconds would be given as pandas objects; nothing here needs what a microsecond leaves out."""
    target = _microseconds(column.type)
    return column if target == column.type else column.cast(target, safe=False)


def _microseconds(kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = kind.value_field
        make = pa.list_ if pa.types.is_list(kind) else pa.large_list
        return make(inner.with_type(_microseconds(inner.type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_microseconds(field.type)) for field in kind])
    return kind


def row_as_clip(row: dict[str, Any], number: int, prefix: str = "") -> Parsed:
    """One row, its cells as pyarrow's ``as_py`` gives them, as a clip.

    Examples
    --------
    >>> row_as_clip({"clip_id": 7, "posted_at": date(2024, 5, 4)}, 1).clip.posted_at
    '2024-05-04'
    """
    found: list[Problem] = []
    plain = {name: _plain(value, name, found) if name in CLIP_FIELDS else value for name, value in row.items()}
    for name, value in row.items():
        if isinstance(value, Exception) and name not in CLIP_FIELDS:
            plain[name] = None  # a column that is not ours never keeps a clip from being read
    if isinstance(plain.get("tags"), list):  # an Arrow map is a list of pairs
        plain["tags"] = dict(pair for pair in plain["tags"] if isinstance(pair, tuple) and len(pair) == 2)
    if isinstance(plain.get("tags"), dict):
        plain["tags"] = {name: value for name, value in plain["tags"].items() if value is not None}
    return clip_of_row(plain, number, prefix, found)


def _plain(value: Any, path: str, found: list[Problem]) -> Any:
    """A cell as JSON would have it: times as RFC 3339 in UTC, dates bare, whole floats whole, NaN absent."""
    if isinstance(value, Exception):
        found.append(Problem(f"cannot be read: {str(value)[:100]}", path, "write it as text"))
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            found.append(Problem("a time without an offset", path, "write the column with a time zone, e.g. UTC"))
            return None
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dict):
        return {name: _plain(item, f"{path}.{name}", found) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, f"{path}[{i}]", found) for i, item in enumerate(value)]
    return value
