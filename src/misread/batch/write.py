"""Verdicts → bytes of JSON Lines, CSV or Parquet, a chunk at a time: encoded where they were made, written by one hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, BinaryIO, Literal, Protocol

import msgspec

from misread.errors import InputError, Problem
from misread.records import Verdict

Kind = Literal["jsonl", "csv", "parquet"]
#: A verdict and the fields of its record that are not ours.
Row = tuple[Verdict, dict[str, Any]]

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
    for verdict, extra in rows:
        made = msgspec.to_builtins(verdict)
        cells = [made[name] for name in _FLAT] + [made["parts"][name] for name in _PARTS]
        cells += [msgspec.json.encode(made[name]).decode() for name in _NESTED] + [_extra(extra)]
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue().encode()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _arrow(rows: Sequence[Row]) -> bytes:
    import pyarrow as pa

    made = [{**msgspec.to_builtins(verdict), "extra": _extra(extra)} for verdict, extra in rows]
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema()) as stream:
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

    def close(self) -> None:
        """Write what belongs at the end; the stream stays open."""


def open_sink(stream: BinaryIO, kind: Kind) -> Sink:
    """A sink of the kind onto a stream of bytes."""
    return _ParquetSink(stream) if kind == "parquet" else _ByteSink(stream, kind)


class _ByteSink:
    def __init__(self, stream: BinaryIO, kind: Kind) -> None:
        self._stream = stream
        if kind == "csv":
            stream.write((",".join(CSV_COLUMNS) + "\n").encode())

    def write(self, chunk: bytes) -> None:
        self._stream.write(chunk)

    def close(self) -> None:
        pass


class _ParquetSink:
    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(stream, schema(), compression="zstd")

    def write(self, chunk: bytes) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.ipc.open_stream(chunk).read_all())

    def close(self) -> None:
        self._writer.close()
