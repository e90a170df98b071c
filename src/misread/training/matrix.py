"""Texts → a sparse matrix over the features of the reader's table, with weights by sort of feature and a lexicon beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from misread.model.reader import COLUMNS, OWN_ROLES, ROLES, SCORES
from misread.records import MAX_TEXT
from misread.text import features
from misread.training.examples import Example
from misread.training.keyed import Floats, Keyed, Keys

#: How much a feature of each sort (word, pair, cue, n-gram) weighs against the ridge; chosen by grouped cross-validation in training.
BLOCK_WEIGHT = np.array([1.0, 0.6, 1.0, 0.35])

#: How much what a feature says in a clip's own texts may differ from what it says in evidence (the easy way of Daumé 2007: columns of
#: their own beside the shared ones); chosen as above.
OWN_WEIGHT = 0.35

#: Which of the fitted outputs (conflict, friendly, relevance, mood) are the scores of each side.
EVIDENCE_SCORES, OWN_SCORES = [0, 1, 2], [0, 1, 3]

_NEGATED_VALENCE, _DISTANT_VALENCE = -0.74, 0.5


@dataclass(frozen=True)
class Counts:
    """Scaled counts of features (texts × features), the features' hashes (rising), and each feature's weight by its sort."""

    raw: sparse.csr_matrix
    keys: Keys
    weight: Floats

    def used(self, min_texts: int) -> npt.NDArray[np.int64]:
        """The columns that at least ``min_texts`` texts have."""
        return np.flatnonzero(np.bincount(self.raw.indices, minlength=len(self.keys)) >= min_texts)


@dataclass(frozen=True)
class Matrix:
    """``X``, the used features' hashes and weights, and the priors.

    Columns of ``X``: features, the same again for a clip's own texts alone, priors (tone first), roles.
    """

    x: sparse.csr_matrix
    keys: Keys
    weight: Floats
    priors: Keyed

    @property
    def n_hashed(self) -> int:
        """Columns that are features, once."""
        return len(self.keys)

    @property
    def tone(self) -> int:
        """The column of the base reader's tone."""
        return 2 * self.n_hashed


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


def lexicon_rows() -> Keyed:
    """The lexicon by feature, one number each."""
    keys = np.array(list(lexicon()), dtype=np.uint32)
    return Keyed.of(keys, sparse.csr_matrix(np.array(list(lexicon().values()))[:, None]))


def counts(texts: Sequence[str]) -> Counts:
    """Scaled counts of every feature of every text.

    Examples
    --------
    >>> counts(["lol", ""]).raw.shape
    (2, 8)
    """
    rows = [_row(text[:MAX_TEXT]) for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(r[0]) for r in rows], dtype=np.int64)])
    hashes = np.concatenate([np.zeros(0, np.uint32), *(r[0] for r in rows)])
    values = np.concatenate([np.zeros(0), *(r[1] for r in rows)])
    blocks = np.concatenate([np.zeros(0, np.uint8), *(r[2] for r in rows)])
    keys, first, place = np.unique(hashes, return_index=True, return_inverse=True)
    raw = sparse.csr_matrix((values, place, indptr), shape=(len(rows), len(keys)))
    raw.sum_duplicates()
    return Counts(raw, keys, BLOCK_WEIGHT[blocks[first]])


def build(examples: Sequence[Example], priors: Keyed, min_texts: int = 2) -> Matrix:
    """The matrix that the reader's weights are fitted on.

    Parameters
    ----------
    examples
        Texts in their roles.
    priors
        What is known of features beforehand, scaled against the ridge (`base.priors`).
    min_texts
        A feature is used where at least this many texts have it; the others get no weight but what the priors give.

    Examples
    --------
    >>> build([Example("they made up", "caption", "e", None)], lexicon_rows(), min_texts=1).x.shape[0]
    1
    """
    found = counts([example.text for example in examples])
    used = found.used(min_texts)
    hashed = found.raw[:, used] @ sparse.diags(found.weight[used])
    roles = np.array([[float(example.role == role) for role in ROLES] for example in examples]).reshape(-1, len(ROLES))
    own = OWN_WEIGHT * roles[:, : len(OWN_ROLES)].sum(axis=1)
    roles *= (np.diff(found.raw.indptr) > 0)[:, None]
    blocks = [hashed, sparse.diags(own) @ hashed, found.raw @ priors.at(found.keys), sparse.csr_matrix(roles)]
    x = sparse.hstack(blocks, format="csr")
    return Matrix(sparse.csr_matrix(x), found.keys[used], found.weight[used], priors)


def fold(matrix: Matrix, coefficients: Floats) -> tuple[Keys, Floats, Floats]:
    """Coefficients over the matrix's columns as rows of the table, and biases of the roles.

    Everything here is linear in the counts of features, so the folded table gives the very sums that were fitted.

    Parameters
    ----------
    coefficients
        Of conflict, friendly, relevance and mood over the columns of ``matrix.x``, shape (4, n_columns).

    Returns
    -------
    tuple
        Hashes, rising; table of shape (len(hashes), len(COLUMNS)); biases of shape (len(ROLES), len(SCORES)).
    """
    n, known = matrix.n_hashed, matrix.priors
    keys = np.union1d(known.keys, matrix.keys)
    of_keys, of_known = np.searchsorted(keys, matrix.keys), np.searchsorted(keys, known.keys)
    evidence, own = coefficients[EVIDENCE_SCORES], coefficients[OWN_SCORES]
    shared, added, priors = slice(0, n), slice(n, 2 * n), slice(2 * n, 2 * n + known.width)
    table = np.zeros((len(keys), len(COLUMNS)))
    for columns, scores, wordwise in (
        (slice(0, len(SCORES)), evidence, evidence[:, shared]),
        (slice(len(SCORES), None), own, own[:, shared] + OWN_WEIGHT * own[:, added]),
    ):
        table[of_known, columns] = known.rows @ scores[:, priors].T
        table[of_keys, columns] += (wordwise * matrix.weight).T
    biases = [(own if role in OWN_ROLES else evidence)[:, 2 * n + known.width + i] for i, role in enumerate(ROLES)]
    return keys, table, np.array(biases)


def rounded(keys: Keys, table: Floats) -> tuple[Keys, npt.NDArray[np.int16], Floats]:
    """A table in 16-bit whole numbers without the rows that say nothing, and what 1 in each column stands for.

    Examples
    --------
    >>> keys, whole, unit = rounded(np.array([3, 5, 8], dtype=np.uint32), np.array([[1.0, 0.0], [0.0, 0.0], [-0.5, 0.0]]))
    >>> keys.tolist(), whole[:, 0].tolist(), bool(abs(whole[1, 0] * unit[0] + 0.5) < 1e-4)
    ([3, 8], [32767, -16384], True)
    """
    unit = np.maximum(np.abs(table).max(axis=0), 1e-12) / 32767
    whole = np.round(table / unit).astype(np.int16)
    kept = whole.any(axis=1)
    return keys[kept], whole[kept], unit


def _row(text: str) -> tuple[Keys, Floats, npt.NDArray[np.uint8]]:
    found = features.read(text)
    return np.array(found.hashes, dtype=np.uint32), np.full(len(found.hashes), found.scale), np.frombuffer(found.blocks, dtype=np.uint8)
