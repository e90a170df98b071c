"""Fitting the reader: stance and relevance over all labelled texts, and out-of-fold readings of them by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from misread.model.reader import OWN_ROLES, SCORES, SILENCE, SILENCE_OF_EVIDENCE
from misread.training import logistic, matrix
from misread.training.examples import Example

Floats = npt.NDArray[np.float64]

#: Inverse strength of the ridge on stance and on relevance; chosen by grouped cross-validation on the training split.
STANCE_C = 4.0
RELEVANCE_C = 2.0
N_FOLDS = 5

_STANCES = ("conflict", "friendly", "neutral")


@dataclass(frozen=True)
class Readings:
    """Scores of texts (`model.reader.SCORES`), one row a text; shape (n, 3)."""

    scores: Floats

    @property
    def p_stance(self) -> Floats:
        """Probabilities of the three stances, shape (n, 3)."""
        z = np.column_stack([self.scores[:, :2], np.zeros(len(self.scores))])
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(e / e.sum(axis=1, keepdims=True))

    @property
    def stance(self) -> Floats:
        """``p_conflict - p_friendly``, shape (n,)."""
        p = self.p_stance
        return np.asarray(p[:, 0] - p[:, 1])

    @property
    def mood(self) -> Floats:
        """As `TextReading.mood`, shape (n,); of evidence it means nothing."""
        return np.asarray(np.tanh(self.scores[:, 2] / 2))


def coefficients(found: matrix.Matrix, examples: Sequence[Example], rows: npt.NDArray[np.int64], seed: int) -> Floats:
    """Weights of conflict, friendly, relevance and mood over the matrix's columns, fitted on ``rows``; shape (4, n_columns)."""
    labelled = np.array([i for i in rows if examples[i].stance is not None])
    y = np.array([_STANCES.index(examples[i].stance or "") for i in labelled])
    weight = np.array([examples[i].weight for i in labelled])
    graded = np.array([i for i in rows if examples[i].relevance is not None], dtype=np.int64)
    with threadpool_limits(1):
        stance = LogisticRegression(C=STANCE_C, max_iter=1000, fit_intercept=False, random_state=seed)
        stance.fit(found.x[labelled], y, sample_weight=weight)
        three = np.zeros((3, found.x.shape[1]))
        three[stance.classes_] = _three(stance.coef_, stance.classes_)
        out = np.zeros((4, found.x.shape[1]))
        out[:2] = three[:2] - three[2]  # softmax is blind to a common shift: neutral is the zero of the other two
        if len(graded):
            relevance = np.array([examples[i].relevance for i in graded])
            out[2] = logistic.graded(found.x[graded], relevance, np.ones(len(graded)), RELEVANCE_C, seed)
        out[3, found.tone] = 1.0  # mood is the base reader's tone, which nothing here may unlearn
    return out


def out_of_fold(found: matrix.Matrix, examples: Sequence[Example], seed: int, n_jobs: int = 1) -> Readings:
    """Readings of every text by a reader that never saw its event.

    Parameters
    ----------
    found, examples
        The matrix and the texts that it was built from.
    seed
        Of the folds.
    n_jobs
        Folds fitted side by side; the result does not depend on it.
    """
    events = np.array([example.event for example in examples])
    folds = list(GroupKFold(N_FOLDS, shuffle=True, random_state=seed).split(events, groups=events))
    fitted = Parallel(n_jobs=n_jobs)(delayed(coefficients)(found, examples, train, seed) for train, _ in folds)
    own = np.array([example.role in OWN_ROLES for example in examples])
    scores = np.zeros((len(examples), len(SCORES)))
    for (_, held), weights in zip(folds, fitted, strict=True):
        four = found.x[held] @ weights.T
        scores[held] = np.where(own[held, None], four[:, matrix.OWN_SCORES], four[:, matrix.EVIDENCE_SCORES])
    silent = np.asarray(abs(found.x).sum(axis=1)).ravel() == 0
    scores[silent] = np.where(own[silent, None], SILENCE, SILENCE_OF_EVIDENCE)
    return Readings(scores)


def _three(coef: Floats, classes: npt.NDArray[np.int64]) -> Floats:
    """Two-class models have one row; give each class its own."""
    return np.vstack([-coef / 2, coef / 2]) if len(classes) == 2 else coef
