"""Many texts at once, in Arrow's buffers, through the compiled kernel: the same numbers as the plain path, to the last digits.

Needs numba (``pip install 'misread[fast]'``) and is imported by what reads many texts, never at start.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from misread.text import kernel, kernel_csr
from misread.text import kernel_tables as kt
from misread.text.kernel_words import INVALID, OBFUSCATED, PAD

#: No text is cut.
WHOLE = 2**62
#: Entries of a memo, as a power of two: 16 MB a thread.
_MEMO_BITS = 17
#: A code point folds to at most so many times its bytes (U+FDFA, a phrase of eighteen letters).
_GROWTH = 11


class Read(NamedTuple):
    """What the kernel found, a row a text.

    Attributes
    ----------
    scores
        Sums with bias, as `TextReading.scores`, shape (n, 3).
    n_tokens
        0 where there was nothing to read.
    obfuscated
        Whether somebody seems to have hidden words in it.
    """

    scores: npt.NDArray[np.float64]
    n_tokens: npt.NDArray[np.int32]
    obfuscated: npt.NDArray[np.bool_]


class Listed(NamedTuple):
    """Features of texts: ``hashes[indptr[i]:indptr[i + 1]]`` of text i, repeats included, each with its sort, and each text's scale."""

    indptr: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint32]
    blocks: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float64]

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """The scale of its text, for each feature."""
        return np.repeat(self.scale, np.diff(self.indptr))


class FastReader:
    """A reader's arrays, ready for the kernel; threads may share it.

    Parameters
    ----------
    keys, table, unit
        As in `TextReader`: known hashes, rising; 16-bit weights, six a hash; what 1 in each column stands for.
    sides
        By code of a role: the first column of its three (0: evidence, 3: the clip's own texts).
    bias, silence
        By code of a role: what is added to the three scores, and the scores of a text with nothing to read.

    Examples
    --------
    >>> nothing = np.zeros((1, 3))
    >>> reader = FastReader(np.zeros(0, np.uint32), np.zeros((0, 6), np.int16), np.ones(6), np.array([3]), nothing, nothing)
    >>> reader.read(pa.array(["they argued", ""])).n_tokens.tolist()
    [2, 0]
    """

    def __init__(self, keys: Any, table: Any, unit: Any, sides: Any, bias: Any, silence: Any) -> None:
        columns = np.asarray(table, np.int16).reshape(-1, 6)
        self._rows = kt.rows(np.asarray(keys, np.uint32), columns)
        self._sides = np.asarray(sides, np.int64)
        self._unit, self._bias, self._silence = (np.ascontiguousarray(a, np.float64) for a in (unit, bias, silence))
        self._own = threading.local()

    def read(self, texts: pa.Array | pa.ChunkedArray, roles: npt.ArrayLike = 0, most: int = WHOLE) -> Read:
        """The scores of texts.

        Parameters
        ----------
        texts
            Strings, in Arrow's 32-bit or 64-bit layout; a null is read as an empty text, bytes that are no UTF-8 as U+FFFD.
        roles
            Code of each text's role, or one for all.
        most
            Texts are read to so many code points.
        """
        n = len(texts)
        codes = np.broadcast_to(np.asarray(roles, np.uint8), (n,)).copy()
        out = Read(np.empty((n, 3)), np.zeros(n, np.int32), np.zeros(n, bool))
        done = 0
        for data, offsets in _buffers(texts):
            part = slice(done, done + len(offsets) - 1)
            noticed = np.zeros(len(offsets) - 1, np.uint8)
            self._run(data, offsets, codes[part], most, out.scores[part], out.n_tokens[part], noticed)
            out.obfuscated[part] = noticed == OBFUSCATED
            for i in np.flatnonzero(noticed == INVALID):
                again = self.read(_mended(data, offsets, int(i)), codes[part][i], most)
                out.scores[done + i], out.n_tokens[done + i] = again.scores[0], again.n_tokens[0]
                out.obfuscated[done + i] = again.obfuscated[0]
            done = part.stop
        return out

    def _run(self, data: Any, offsets: Any, roles: Any, most: int, scores: Any, counts: Any, noticed: Any) -> None:
        memo = self._memo()
        at_once = np.empty((kernel.AT_ONCE, kernel.TOKEN), np.int64), np.empty(kernel.AT_ONCE, np.uint32)
        rooms = (memo, np.uint64(64 - _MEMO_BITS), *_rooms(offsets), *at_once)
        reader = self._sides, self._unit, self._bias, self._silence
        kernel.score_texts(data, offsets, roles, most, *reader, *rooms, kt.tables(), self._rows, scores, counts, noticed)

    def _memo(self) -> npt.NDArray[np.int32]:
        """This thread's memo; the last entry is for words too long to be kept."""
        if not hasattr(self._own, "memo"):
            self._own.memo = kt.zeros(((1 << _MEMO_BITS) + 1, kernel.ENTRY), np.int32)
        memo: npt.NDArray[np.int32] = self._own.memo
        return memo


def csr(texts: pa.Array | pa.ChunkedArray, most: int = WHOLE) -> Listed:
    """Every feature of every text, for training.

    Examples
    --------
    >>> found = csr(pa.array(["lol", ""]))
    >>> found.indptr.tolist(), len(found.hashes)
    ([0, 8, 8], 8)
    """
    parts = [_listed(data, offsets, most) for data, offsets in _buffers(texts)]
    starts = np.cumsum([0, *(part.indptr[-1] for part in parts)])
    return Listed(
        np.concatenate([np.zeros(1, np.int64), *(part.indptr[1:] + start for part, start in zip(parts, starts, strict=False))]),
        np.concatenate([np.zeros(0, np.uint32), *(part.hashes for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.blocks for part in parts)]),
        np.concatenate([np.zeros(0), *(part.scale for part in parts)]),
    )


def _listed(data: Any, offsets: Any, most: int) -> Listed:
    n = len(offsets) - 1
    room, word = _rooms(offsets)
    indptr, scale, noticed = np.zeros(n + 1, np.int64), np.zeros(n), np.zeros(n, np.uint8)
    hashes, blocks = kernel_csr.list_texts(data, offsets, most, room, word, kt.tables(), indptr, scale, noticed)
    if noticed.any():
        texts = [bytes(data[a:b]).decode("utf-8", "replace") for a, b in pairwise(offsets)]
        return csr(pa.array(texts, pa.large_string()), most)
    return Listed(indptr, hashes, blocks, scale)


def _rooms(offsets: npt.NDArray[Any]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Room for the longest text in normal form and for its longest word; what is never written costs nothing."""
    longest = int(np.diff(offsets).max(initial=0))
    return np.empty(_GROWTH * longest + PAD, np.uint8), np.zeros(_GROWTH * longest + PAD, np.uint8)


def _mended(data: npt.NDArray[np.uint8], offsets: npt.NDArray[Any], i: int) -> pa.Array:
    return pa.array([bytes(data[offsets[i] : offsets[i + 1]]).decode("utf-8", "replace")], pa.large_string())


def _buffers(texts: pa.Array | pa.ChunkedArray) -> Iterator[tuple[npt.NDArray[np.uint8], npt.NDArray[Any]]]:
    """Bytes and offsets of each piece, not copied unless there are nulls."""
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        full = chunk.fill_null("") if chunk.null_count else chunk
        wide = pa.types.is_large_string(full.type) or pa.types.is_large_binary(full.type)
        if not (wide or pa.types.is_string(full.type) or pa.types.is_binary(full.type)):
            full, wide = full.cast(pa.large_string()), True
        _, where, what = full.buffers()
        kind = np.dtype(np.int64 if wide else np.int32)
        offsets = np.zeros(1, kind) if not len(full) else np.frombuffer(where, kind, len(full) + 1, full.offset * kind.itemsize)
        yield (np.frombuffer(what, np.uint8) if what is not None and what.size else np.zeros(1, np.uint8)), offsets
