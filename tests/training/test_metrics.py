"""Metrics against scikit-learn's own, on random data."""

import numpy as np
import pytest
from sklearn import metrics as reference

from misread.training import metrics


@pytest.fixture(params=range(5))
def drawn(request) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(request.param)
    y = rng.integers(0, 2, 80).astype(float)
    return np.clip(np.round(rng.uniform(0, 1, 80), 1 + request.param), 0.01, 0.99), y  # the first ones have many ties


def test_proper_scores_are_scikit_learns(drawn) -> None:
    p, y = drawn
    assert metrics.brier(p, y) == pytest.approx(reference.brier_score_loss(y, p))
    assert metrics.log_loss(p, y) == pytest.approx(reference.log_loss(y, p))
    assert metrics.auroc(p, y) == pytest.approx(reference.roc_auc_score(y, p))
    assert metrics.accuracy(p, y) == pytest.approx(reference.accuracy_score(y, p >= 0.5))


def test_ndcg_is_scikit_learns_where_there_are_no_ties() -> None:
    rng = np.random.default_rng(0)
    for k in (3, 5):
        gains = rng.integers(0, 4, 7)
        order = np.arange(len(gains), 0, -1)
        assert metrics.ndcg(gains.tolist(), k) == pytest.approx(reference.ndcg_score([gains], [order], k=k))


def test_auroc_and_ndcg_are_undefined_where_they_are() -> None:
    assert np.isnan(metrics.auroc(np.array([0.2, 0.3]), np.array([1.0, 1.0])))
    assert np.isnan(metrics.ndcg([0, 0], 5))


def test_the_bootstrap_draws_events_and_not_clips() -> None:
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 25)
    events = [str(i // 25) for i in range(100)]

    def mean(rows: np.ndarray) -> float:
        return float(values[rows].mean())

    grouped = metrics.estimate(mean, events, seed=0)
    alone = metrics.estimate(mean, [str(i) for i in range(100)], seed=0)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert metrics.estimate(mean, events, seed=0) == grouped
