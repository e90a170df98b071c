"""How good: proper scores first, with intervals that respect events; every formula small and tested against a reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]

_CLIP = 1e-7


@dataclass(frozen=True)
class Estimate:
    """A figure, its 95 % interval from a bootstrap over events, and how many clips it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"


def accuracy(p: Floats, y: Floats) -> float:
    """Share of clips on the right side of 0.5.

    Examples
    --------
    >>> accuracy(np.array([0.9, 0.2]), np.array([1.0, 1.0]))
    0.5
    """
    return float(np.mean((p >= 0.5) == (y == 1)))


def brier(p: Floats, y: Floats) -> float:
    """Mean squared error of the probability (Brier 1950); 0 is perfect, 0.25 a coin.

    Examples
    --------
    >>> brier(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    0.25
    """
    return float(np.mean((p - y) ** 2))


def log_loss(p: Floats, y: Floats) -> float:
    """Mean negative log likelihood in nats; ln 2 = 0.693 is a coin.

    Examples
    --------
    >>> round(log_loss(np.array([0.5]), np.array([1.0])), 3)
    0.693
    """
    q = np.clip(p, _CLIP, 1 - _CLIP)
    return float(-np.mean(y * np.log(q) + (1 - y) * np.log(1 - q)))


def auroc(p: Floats, y: Floats) -> float:
    """Chance that a conflict is ranked above a friendly clip, ties half (Mann-Whitney); ``nan`` with one class only.

    Examples
    --------
    >>> auroc(np.array([0.1, 0.9]), np.array([0.0, 1.0]))
    1.0
    """
    positive = int(np.sum(y == 1))
    negative = len(y) - positive
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(p)
    return float((ranks[y == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def ndcg(gains: Sequence[float], k: int) -> float:
    """Discounted gain of the first ``k`` in the order given, linear gains, over that of the best order (Järvelin & Kekäläinen 2002).

    Returns ``nan`` where there is nothing to gain.

    Examples
    --------
    >>> ndcg([3, 0, 2], 5) < ndcg([3, 2, 0], 5) == 1.0
    True
    """
    best = _dcg(sorted(gains, reverse=True), k)
    return _dcg(gains, k) / best if best > 0 else float("nan")


def _dcg(gains: Sequence[float], k: int) -> float:
    return float(sum(gain / np.log2(i + 2) for i, gain in enumerate(gains[:k])))


def estimate(figure: Callable[[npt.NDArray[np.int64]], float], events: Sequence[str], seed: int, n_draws: int = 1000) -> Estimate:
    """A figure with its grouped-bootstrap interval: events are drawn with replacement, all their clips with them.

    Parameters
    ----------
    figure
        Takes positions of clips (repeats included), gives the figure.
    events
        The event of each clip.
    seed
        Of the draws.
    n_draws
        Bootstrap samples; those on which the figure is undefined are left out.

    Examples
    --------
    >>> estimate(lambda rows: float(len(rows)), ["a", "b"], seed=0).low
    2.0
    """
    n = len(events)
    if n == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    names, of = np.unique(np.array(events), return_inverse=True)
    members = [np.flatnonzero(of == g) for g in range(len(names))]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(n_draws):
        rows = np.concatenate([members[g] for g in rng.integers(0, len(names), len(names))])
        value = figure(rows)
        if not np.isnan(value):
            drawn.append(value)
    low, high = np.percentile(drawn, [2.5, 97.5]) if drawn else (float("nan"), float("nan"))
    return Estimate(figure(np.arange(n)), float(low), float(high), n)
