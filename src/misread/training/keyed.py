"""Rows of numbers by feature: what is known of each, looked up by its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Keyed:
    """One row of numbers a feature.

    Attributes
    ----------
    keys
        Hashes of the features, rising, none twice; shape (n,).
    rows
        Shape (n, width).
    """

    keys: Keys
    rows: sparse.csr_matrix

    @classmethod
    def of(cls, keys: Keys, rows: sparse.csr_matrix) -> Keyed:
        """Rows in any order; those of one feature add up.

        Examples
        --------
        >>> Keyed.of(np.array([7, 3, 7], dtype=np.uint32), sparse.csr_matrix([[1.0], [2.0], [3.0]])).rows.toarray().ravel().tolist()
        [2.0, 4.0]
        """
        found, place = np.unique(keys, return_inverse=True)
        gather = sparse.csr_matrix((np.ones(len(keys)), (place, np.arange(len(keys)))), shape=(len(found), len(keys)))
        return cls(found.astype(np.uint32), sparse.csr_matrix(gather @ rows))

    @property
    def width(self) -> int:
        """Numbers a row."""
        return int(self.rows.shape[1])

    def at(self, keys: Keys) -> sparse.csr_matrix:
        """The rows of some features, shape (len(keys), width); nothing where a feature is not known.

        Examples
        --------
        >>> known = Keyed.of(np.array([3], dtype=np.uint32), sparse.csr_matrix([[2.0]]))
        >>> known.at(np.array([5, 3], dtype=np.uint32)).toarray().ravel().tolist()
        [0.0, 2.0]
        """
        place = np.searchsorted(self.keys, keys)
        known = np.flatnonzero((place < len(self.keys)) & (self.keys[np.minimum(place, len(self.keys) - 1)] == keys))
        pick = sparse.csr_matrix((np.ones(len(known)), (known, place[known])), shape=(len(keys), len(self.keys)))
        return sparse.csr_matrix(pick @ self.rows)


def beside(blocks: Sequence[Keyed]) -> Keyed:
    """Several kinds of numbers side by side, over all features that any of them knows.

    Examples
    --------
    >>> a, b = (Keyed.of(np.array([k], dtype=np.uint32), sparse.csr_matrix([[1.0]])) for k in (1, 2))
    >>> beside([a, b]).rows.toarray().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    keys = np.unique(np.concatenate([block.keys for block in blocks]))
    return Keyed(keys, sparse.csr_matrix(sparse.hstack([block.at(keys) for block in blocks])))
