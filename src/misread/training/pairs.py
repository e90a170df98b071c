"""A text and what it is about, as rows of a matrix: the reader's features of the text, and how the two stand to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import sparse

from misread.errors import InputError, Problem
from misread.training import base, matrix
from misread.training.pair_signs import COUNTS, Pair, Read, Words, all_names, clean, names, numbers

Floats = npt.NDArray[np.float64]

#: Standardised numbers weigh so much against the ridge, where the hashed features of a text have length near 1.
DENSE_WEIGHT = 0.2
#: Columns that hashed features are put in, so that pairs read apart fit into one matrix.
N_BUCKETS = 1 << 20


@dataclass(frozen=True)
class Raw:
    """Features of pairs before anything is learnt: numbers by name, the reader's counts and priors, hashed features of the pair."""

    dense: Floats
    reader: sparse.csr_matrix
    reader_weight: Floats
    priors: Floats
    hashed: sparse.csr_matrix

    def rows(self, at: npt.NDArray[np.int64]) -> Raw:
        """The features of some pairs."""
        return Raw(self.dense[at], self.reader[at], self.reader_weight, self.priors[at], self.hashed[at])


@dataclass(frozen=True)
class Space:
    """The columns that training texts use, and the scale of the numbers there."""

    mean: Floats
    scale: Floats
    reader: npt.NDArray[np.int64]
    reader_weight: Floats
    hashed: npt.NDArray[np.int64]

    def place(self, raw: Raw) -> sparse.csr_matrix:
        """Pairs as rows of a matrix, in columns that do not depend on them."""
        dense = sparse.csr_matrix(DENSE_WEIGHT * np.clip((raw.dense - self.mean) / self.scale, -10, 10))
        reader = raw.reader[:, self.reader] @ sparse.diags(self.reader_weight)
        parts = [dense, sparse.csr_matrix(raw.priors), reader, raw.hashed[:, self.hashed]]
        return sparse.csr_matrix(sparse.hstack(parts, format="csr"))


def read_pairs(paths: Sequence[Path]) -> list[Pair]:
    """Pairs from files of JSON Lines with ``text``, ``target``, ``label``, ``thread_id``; keys that are not known are ignored.

    Raises
    ------
    InputError
        If a line is no JSON object or has no label.
    """
    found = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.append(pair(msgspec.json.decode(line, type=dict[str, Any])))
            except (msgspec.MsgspecError, KeyError) as err:
                cure = "each line needs text, target, label and thread_id"
                raise InputError(Problem(f"no pair: {err}", file=str(path), line=number, cure=cure)) from err
    return found


def pair(row: dict[str, Any]) -> Pair:
    """A pair from a record; its group is the record's event, else its thread, else its target.

    Examples
    --------
    >>> pair({"text": None, "target": "it rains", "label": "deny", "thread_id": 7}).group
    '7'
    """
    text, target, parent = (str(row.get(key) or "") for key in ("text", "target", "parent"))
    group = next((str(row[key]) for key in ("event", "thread_id") if row.get(key) not in (None, "")), target)
    about = tuple((key, _number(row.get(key))) for key in ("is_source", "depth", "verified", *COUNTS))
    return Pair(text, target, str(row["label"]), group, parent, about, any(key in row for key in ("is_source", "depth", "parent")))


def extract(pairs: Sequence[Pair]) -> Raw:
    """Features of pairs, each from the pair alone.

    Examples
    --------
    >>> extract([Pair("no, it is fake", "it rains", "deny", "1"), Pair("", "", "deny", "1")]).dense.shape[0]
    2
    """
    known = base.priors()
    texts, *others = (matrix.counts([clean(text) for text in side]) for side in ([p.text for p in pairs], *_others(pairs)))
    priors, *sides = ((side.raw @ known.at(side.keys)).toarray() for side in (texts, *others))
    reader, weight = _in_buckets(texts)
    words = Words()
    read = [Read.of(p) for p in pairs]
    found = [numbers(r, words, priors[i], sides[0][i], sides[1][i]) for i, r in enumerate(read)]
    columns = all_names(words, known.width)
    dense = np.array([[one.get(name, 0.0) for name in columns] for one in found]).reshape(len(pairs), len(columns))
    return Raw(dense, reader, weight, priors, _hashed(read))


def space(raw: Raw, min_texts: int = 2) -> Space:
    """The columns in which a model is fitted: hashed features that at least ``min_texts`` pairs have.

    Examples
    --------
    >>> bool(space(extract([Pair("it is fake", "it rains", "deny", "1")] * 2)).scale.min() > 0)
    True
    """
    used = [np.flatnonzero(np.bincount(x.indices, minlength=N_BUCKETS) >= min_texts) for x in (raw.reader, raw.hashed)]
    deviation = raw.dense.std(axis=0)
    return Space(raw.dense.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0), used[0], raw.reader_weight[used[0]], used[1])


def _others(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [p.target for p in pairs], [p.parent for p in pairs]


def _in_buckets(found: matrix.Counts) -> tuple[sparse.csr_matrix, Floats]:
    """Counts of features in as many columns as there are buckets, and each column's weight."""
    bucket = found.keys.astype(np.int64) & (N_BUCKETS - 1)
    place = sparse.csr_matrix((np.ones(len(bucket)), (np.arange(len(bucket)), bucket)), shape=(len(bucket), N_BUCKETS))
    weight = np.zeros(N_BUCKETS)
    weight[bucket] = found.weight
    return sparse.csr_matrix(found.raw @ place), weight


def _number(value: object) -> float:
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(found, 0.0) if np.isfinite(found) else 0.0


def _hashed(read: Sequence[Read]) -> sparse.csr_matrix:
    rows = [sorted({crc32(name.encode("utf-8", "replace")) & (N_BUCKETS - 1) for name in names(r)}) for r in read]
    values = np.concatenate([np.zeros(0), *(np.full(len(row), (len(r.text) + 4) ** -0.5) for row, r in zip(rows, read, strict=True))])
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.array([index for row in rows for index in row], dtype=np.int64)
    return sparse.csr_matrix((values, indices, indptr), shape=(len(read), N_BUCKETS))
