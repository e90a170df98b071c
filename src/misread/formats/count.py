"""About how many records a file has, without reading any: for the time that is left, never for what is answered for."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from misread.errors import MisreadError
from misread.formats.detect import HEAD, is_document, kind_of
from misread.formats.inputs import STDIN
from misread.formats.packed import Unpacked, is_packed


def count_records(path: str) -> int | None:
    """Lines of JSON Lines and CSV (blank ones too), rows of Parquet; ``None`` where it cannot be told.

    Parameters
    ----------
    path
        A file; ``-`` cannot be counted.
    """
    if path == STDIN or not os.path.isfile(path):  # what a pipe holds would be gone
        return None
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
            file.seek(0)
            if not is_packed(head):
                return _count(head, file, path)
            plain = io.BufferedReader(Unpacked(head, file), 2**18)
            return _count(plain.peek(HEAD)[:HEAD], plain, path)
    except (OSError, ValueError, MisreadError):
        return None


def _count(head: bytes, stream: BinaryIO, path: str) -> int | None:
    kind = kind_of(head, path)
    if kind == "parquet" and stream.seekable():
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.ParquetFile(stream).metadata.num_rows)
        except pa.ArrowException:
            return None
    if kind not in ("json", "csv"):
        return None
    first, second = [*head.split(b"\n", 2), b"", b""][:2]
    if kind == "json" and is_document(first, second):
        return None
    n_lines, last = 0, b"\n"
    while data := stream.read(2**20):
        n_lines += data.count(b"\n")
        last = data[-1:]
    return max(0, n_lines + (last != b"\n") - (kind == "csv"))
