"""Verdicts → bytes of JSON Lines, CSV or Parquet, a chunk at a time: encoded where they were made, written by one hand."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Literal, Protocol

import msgspec

from misread.errors import InputError, Problem
from misread.records import Verdict

Kind = Literal["jsonl", "csv", "parquet"]
#: A verdict and the fields of its record that are not ours.
Row = tuple[Verdict, dict[str, Any]]

#: Rows of a Parquet row group.
ROW_GROUP = 4_096

_FLAT = ("clip_id", "verdict", "p_conflict", "logit", "p_conflict_crowd", "p_misread", "misread", "reason", "summary", "model_id")
_NESTED = ("warnings", "evidence", "caption_words", "transcript_words", "comments")
_PARTS = ("prior", "caption", "transcript", "crowd", "evidence")
CSV_COLUMNS = (*_FLAT, *(f"part_{name}" for name in _PARTS), *_NESTED, "extra")
_FIELDS = frozenset(Verdict.__struct_fields__)
#: A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def kind_of(name: str) -> Kind:
    """The format that a file's name asks for.

    Raises
    ------
    InputError
        If it asks for none that misread writes.

    Examples
    --------
    >>> kind_of("verdicts.PARQUET")
    'parquet'
    """
    suffix = name.lower().rpartition(".")[2]
    kinds: dict[str, Kind] = {"jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "parquet": "parquet"}
    if suffix not in kinds:
        raise InputError(Problem("the name does not say which format to write", "", "end it in .jsonl, .csv or .parquet", name))
    return kinds[suffix]


def encode(rows: Sequence[Row], kind: Kind) -> bytes:
    """A chunk of verdicts as bytes for `Sink.write`.

    Examples
    --------
    >>> encode([], "jsonl")
    b''
    """
    if kind == "jsonl":
        return b"".join(msgspec.json.encode(_merged(verdict, extra)) + b"\n" for verdict, extra in rows)
    if kind == "csv":
        return _csv(rows)
    return _arrow(rows)


def _merged(verdict: Verdict, extra: dict[str, Any]) -> dict[str, Any]:
    """A verdict with the record's own fields behind it; one that has the name of ours is kept as ``input_`` and its name."""
    made = msgspec.to_builtins(verdict)
    for name, value in extra.items():
        key = name
        while key in _FIELDS or (key != name and key in extra):
            key = f"input_{key}"
        made[key] = value
    return made  # type: ignore[no-any-return]


def _extra(extra: dict[str, Any]) -> str | None:
    return msgspec.json.encode(extra, enc_hook=str).decode() if extra else None


def _csv(rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # the other does not quote a bare return, which ends a row
    for verdict, extra in rows:
        made = msgspec.to_builtins(verdict)
        cells = [made[name] for name in _FLAT] + [made["parts"][name] for name in _PARTS]
        cells += [msgspec.json.encode(made[name]).decode() for name in _NESTED] + [_extra(extra)]
        returns = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (careful if returns else writer).writerow([_harmless(cell) for cell in cells])
    return out.getvalue().encode()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _arrow(rows: Sequence[Row]) -> bytes:
    import pyarrow as pa

    made = [{**msgspec.to_builtins(verdict), "extra": _extra(extra)} for verdict, extra in rows]
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema(), options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_table(pa.Table.from_pylist(made, schema()))
    return sink.getvalue()


def schema() -> Any:
    """The columns of Parquet output, as a pyarrow schema; ``extra`` holds the record's other fields as JSON.

    Examples
    --------
    >>> schema().field("p_conflict").type
    DataType(double)
    """
    import pyarrow as pa

    text, real = pa.string(), pa.float64()
    words = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("text", text), ("effect", real)]))
    p_stance = pa.struct([(name, real) for name in ("conflict", "friendly", "neutral")])
    ranked = [("evidence_id", text), ("rank", pa.int64()), ("stance", text), ("p_stance", p_stance), ("relevance", real)]
    ranked += [("effect", real), ("words", words)]
    comments = pa.list_(pa.struct([("comment_id", text), ("effect", real), ("words", words)]))
    columns = [("clip_id", text), ("verdict", text), ("p_conflict", real), ("logit", real)]
    columns += [("parts", pa.struct([(name, real) for name in _PARTS])), ("p_conflict_crowd", real), ("p_misread", real)]
    columns += [("misread", pa.bool_()), ("reason", text), ("warnings", pa.list_(text)), ("summary", text)]
    columns += [("evidence", pa.list_(pa.struct(ranked))), ("caption_words", words), ("transcript_words", words)]
    return pa.schema([*columns, ("comments", comments), ("model_id", text), ("extra", text)])


class Sink(Protocol):
    """What chunks are written to, in order."""

    def write(self, chunk: bytes) -> None:
        """Write one encoded chunk."""

    def pour(self, chunks: BinaryIO) -> None:
        """Write all chunks of a file that holds one after the other."""

    def close(self) -> None:
        """Write what belongs at the end; the stream stays open."""

    def abandon(self) -> None:
        """Close nothing properly: what was written is thrown away."""

    def measure(self) -> int:
        """What was written: rows of Parquet, bytes of the others."""


@contextmanager
def open_sink(stream: BinaryIO, kind: Kind) -> Iterator[Sink]:
    """A sink of the kind onto a stream of bytes, closed on leaving; the stream stays open."""
    sink: Sink = _ParquetSink(stream) if kind == "parquet" else _ByteSink(stream, kind)
    try:
        yield sink
        sink.close()
    except BaseException:
        sink.abandon()
        raise


def header(kind: Kind) -> bytes:
    """What stands before all chunks of JSON Lines or CSV."""
    return (",".join(CSV_COLUMNS) + "\n").encode() if kind == "csv" else b""


class _ByteSink:
    def __init__(self, stream: BinaryIO, kind: Kind) -> None:
        self._stream = stream
        stream.write(header(kind))

    def write(self, chunk: bytes) -> None:
        self._stream.write(chunk)

    def pour(self, chunks: BinaryIO) -> None:
        shutil.copyfileobj(chunks, self._stream, 2**20)

    def close(self) -> None:
        pass

    def abandon(self) -> None:
        pass

    def measure(self) -> int:
        return self._stream.tell()


class _ParquetSink:
    """Row groups of one size, wherever chunks and parts end, so that the bytes depend on the rows alone."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(stream, schema(), compression="zstd")
        self._waiting: list[Any] = []
        self._n_waiting = self._n_written = 0

    def write(self, chunk: bytes) -> None:
        self._read(io.BytesIO(chunk))

    def pour(self, chunks: BinaryIO) -> None:
        while chunks.peek(1):  # type: ignore[attr-defined]
            self._read(chunks)

    def _read(self, stream: BinaryIO) -> None:
        import pyarrow as pa

        with pa.ipc.open_stream(stream) as reader:
            table = reader.read_all()
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        while self._n_waiting >= ROW_GROUP:
            self._write(ROW_GROUP)

    def _write(self, n_rows: int) -> None:
        import pyarrow as pa

        table = pa.concat_tables(self._waiting)
        self._waiting = [table.slice(n_rows)]
        self._n_waiting = table.num_rows - n_rows
        self._n_written += n_rows
        self._writer.write_table(table.slice(0, n_rows).combine_chunks(), row_group_size=ROW_GROUP)

    def close(self) -> None:
        if self._n_waiting:
            self._write(self._n_waiting)
        self._writer.close()

    def abandon(self) -> None:
        with suppress(OSError, ValueError):  # the disk may be full
            self._writer.close()
        self._writer.is_open = False  # or it tries again when it is collected, and complains

    def measure(self) -> int:
        return self._n_written
