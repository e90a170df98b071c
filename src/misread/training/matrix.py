"""Texts → a sparse matrix in the columns of the reader's table, with weights by sort of feature and a lexicon beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from misread.model.reader import ROLES
from misread.records import MAX_TEXT
from misread.text import features
from misread.training.examples import Example

Floats = npt.NDArray[np.float64]

#: Rows of the reader's table; 4 columns of 16-bit numbers make 8 MiB.
N_BUCKETS = 1 << 20

#: How much a feature of each sort (word, pair, cue, n-gram) weighs against the ridge; chosen by grouped cross-validation in training.
BLOCK_WEIGHT = np.array([1.0, 0.6, 1.0, 0.35])

_NEGATED_VALENCE, _DISTANT_VALENCE = -0.74, 0.5


@dataclass(frozen=True)
class Matrix:
    """``X`` (texts × used buckets, priors with tone first, roles), the used buckets' numbers and weights, and the priors by bucket."""

    x: sparse.csr_matrix
    buckets: npt.NDArray[np.int64]
    bucket_weight: Floats
    priors: sparse.csr_matrix

    @property
    def n_hashed(self) -> int:
        """Columns that are hash buckets."""
        return len(self.buckets)


@lru_cache(maxsize=1)
def lexicon() -> dict[int, float]:
    """VADER's valences (Hutto & Gilbert 2014, MIT licence) by word feature, in about [-1, 1], pleasant positive.

    A word in the reach of a negation has the opposite sign at VADER's damping of 0.74; one put at a distance counts by half, as what
    stands before "but" does there.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    found: dict[int, float] = {}
    vader = SentimentIntensityAnalyzer()
    valences = dict(vader.lexicon)
    for emoji, meaning in vader.emojis.items():  # VADER reads an emoji as the words that describe it
        valences[emoji] = sum(vader.lexicon.get(word, 0.0) for word in meaning.split())
    for word, valence in sorted(valences.items()):
        if (word.isascii() and word.isalpha()) or (len(word) == 1 and valence):
            found[features.word_hash(word)] = valence / 4
            found[features.word_hash(word, features.DISTANT)] = _DISTANT_VALENCE * valence / 4
            found[features.word_hash(word, features.NEGATED)] = _NEGATED_VALENCE * valence / 4
    return found


def lexicon_by_bucket() -> Floats:
    """The lexicon laid out in the table's rows; what a bucket shares by accident adds up, as it will when served."""
    table = np.zeros(N_BUCKETS)
    for crc, valence in lexicon().items():
        table[crc & (N_BUCKETS - 1)] += valence
    return table


def counts(texts: Sequence[str]) -> tuple[sparse.csr_matrix, Floats]:
    """Scaled counts of every bucket, shape (n_texts, `N_BUCKETS`), and each bucket's weight by its sort of feature."""
    rows = [_row(text[:MAX_TEXT]) for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(r[0]) for r in rows], dtype=np.int64)])
    indices = np.concatenate([r[0] for r in rows]) if rows else np.zeros(0, np.int64)
    values = np.concatenate([r[1] for r in rows]) if rows else np.zeros(0)
    blocks = np.concatenate([r[2] for r in rows]) if rows else np.zeros(0, np.int64)
    raw = sparse.csr_matrix((values, indices, indptr), shape=(len(rows), N_BUCKETS))
    weight = np.zeros(N_BUCKETS)
    weight[indices] = BLOCK_WEIGHT[blocks]
    raw.sum_duplicates()
    return raw, weight


def build(examples: Sequence[Example], priors: sparse.csr_matrix, min_texts: int = 2) -> Matrix:
    """The matrix that the reader's weights are fitted on.

    Parameters
    ----------
    examples
        Texts in their roles.
    priors
        What is known of each bucket beforehand, shape (`N_BUCKETS`, any), scaled against the ridge (`base.priors`).
    min_texts
        A bucket is used where at least this many texts hold it; the others get no weight but what the priors give.

    Examples
    --------
    >>> build([Example("they made up", "caption", "e", None)], sparse.csr_matrix((N_BUCKETS, 1)), min_texts=1).x.shape[0]
    1
    """
    raw, weight = counts([example.text for example in examples])
    used = np.flatnonzero(np.bincount(raw.indices, minlength=N_BUCKETS) >= min_texts)
    hashed = raw[:, used] @ sparse.diags(weight[used])
    roles = np.array([[float(example.role == role) for role in ROLES] for example in examples]).reshape(-1, len(ROLES))
    roles *= (np.diff(raw.indptr) > 0)[:, None]
    x = sparse.hstack([hashed, raw @ priors, sparse.csr_matrix(roles)], format="csr")
    return Matrix(sparse.csr_matrix(x), used, weight[used], priors)


def fold(matrix: Matrix, coefficients: Floats) -> tuple[Floats, Floats]:
    """Coefficients over the matrix's columns as rows of the table and a bias for each role.

    Everything here is linear in the counts of features, so the folded table gives the very sums that were fitted.

    Parameters
    ----------
    coefficients
        One an output and column of ``matrix.x``, shape (n_outputs, n_columns).

    Returns
    -------
    tuple
        Table of shape (`N_BUCKETS`, n_outputs) and biases of shape (len(ROLES), n_outputs).
    """
    n, n_priors = matrix.n_hashed, matrix.priors.shape[1]
    table = np.asarray(matrix.priors @ coefficients[:, n : n + n_priors].T)
    table[matrix.buckets] += (coefficients[:, :n] * matrix.bucket_weight).T
    return table, coefficients[:, n + n_priors :].T


def rounded(table: Floats) -> tuple[npt.NDArray[np.int16], Floats]:
    """A table in 16-bit whole numbers, and what 1 in each column stands for.

    Examples
    --------
    >>> whole, unit = rounded(np.array([[1.0, 0.0], [-0.5, 0.0]]))
    >>> whole[:, 0].tolist(), bool(abs(whole[1, 0] * unit[0] + 0.5) < 1e-4)
    ([32767, -16384], True)
    """
    unit = np.maximum(np.abs(table).max(axis=0), 1e-12) / 32767
    return np.round(table / unit).astype(np.int16), unit


def _row(text: str) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]]:
    found = features.read(text)
    buckets = np.array(found.hashes, dtype=np.int64) & (N_BUCKETS - 1)
    return buckets, np.full(len(buckets), found.scale), np.frombuffer(bytes(found.blocks), dtype=np.uint8).astype(np.int64)
