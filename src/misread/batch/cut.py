"""Records → chunks that belong to parts: where one ends depends on the input alone, never on who works or how often it was stopped."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from itertools import count, islice
from typing import Any, NamedTuple

import msgspec

from misread.errors import MAX_RAW, Problem
from misread.formats.anonymise import KEY_BYTES, Anonymiser
from misread.formats.parse import Parsed
from misread.records import Clip

#: Records scored at a time, whatever the number of processes.
CHUNK = 512

Pair = tuple[Clip, dict[str, Any]]


class Chunk(NamedTuple):
    """Records of one part: the clips to score, and the others as lines of the rejects file. Of a part that is done, counts only."""

    part: int
    n_read: int
    pairs: list[Pair]
    rejects: bytes
    n_refused: int


def cut(records: Iterator[Parsed], part_size: int, done: Container[int] = ()) -> Iterator[Chunk]:
    """Chunks in the order of the input; a part is ``part_size`` records read, refused ones among them.

    Parameters
    ----------
    records
        From `read_clips`.
    part_size
        Records a part.
    done
        Numbers of the parts that need no scoring.

    Examples
    --------
    >>> parsed = [Parsed(Clip(clip_id=str(i))) for i in range(5)]
    >>> [(chunk.part, chunk.n_read) for chunk in cut(iter(parsed), 2)]
    [(0, 2), (1, 2), (2, 1)]
    """
    hide = Anonymiser(os.urandom(KEY_BYTES))  # no verdict names a poster; a key for this run alone, for nothing hashed is kept
    for part in count():
        left = part_size
        while left and (taken := list(islice(records, min(CHUNK, left)))):
            left -= len(taken)
            refused = [parsed for parsed in taken if parsed.clip is None]
            if part in done:
                yield Chunk(part, len(taken), [], b"", len(refused))
                continue
            pairs = [(hide.clip(parsed.clip), parsed.extra) for parsed in taken if parsed.clip is not None]
            yield Chunk(part, len(taken), pairs, b"".join(map(reject_line, refused)), len(refused))
        if left:
            return


def reject_line(parsed: Parsed) -> bytes:
    """A refused record for the rejects file: where it stood, every problem, and the record as it was read."""
    first = parsed.problems[0] if parsed.problems else Problem("cannot be read")
    row: dict[str, Any] = {
        "file": first.file,
        "line": first.line,
        "field": first.field,
        "reason": first.reason,
        "cure": first.cure,
        "raw": first.raw,
    }
    if first.raw is not None and len(first.raw) >= MAX_RAW:
        row["raw_cut"] = True
    if len(parsed.problems) > 1:
        row["more"] = [{"field": p.field, "reason": p.reason, "cure": p.cure} for p in parsed.problems[1:]]
    return msgspec.json.encode(row) + b"\n"
