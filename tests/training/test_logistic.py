"""The bounded logistic regression against scikit-learn's and at its bounds."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from misread.training import logistic


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 3))
    return x, (x @ [1.0, -2.0, 0.0] + rng.logistic(size=300) > 0).astype(float)


def test_without_bounds_it_is_scikit_learns(data) -> None:
    x, y = data
    ours = logistic.fit(x, y, penalty=np.diag([0.0, 0.5, 0.5, 0.5])).weights
    theirs = LogisticRegression(C=2.0, tol=1e-8).fit(x, y)
    assert ours == pytest.approx(np.concatenate([theirs.intercept_, theirs.coef_[0]]), abs=1e-4)


def test_bounds_hold(data) -> None:
    x, y = data
    found = logistic.fit(x, y, lower=np.array([-np.inf, 0.0, 0.0, 0.0])).weights
    assert (found[1:] >= 0).all()
    assert found[2] == 0.0


def test_soft_labels_are_repeated_rows(data) -> None:
    x, _ = data
    soft = logistic.fit(x[:40], np.full(40, 0.25)).weights
    hard = logistic.fit(np.repeat(x[:40], 4, axis=0), np.tile([1.0, 0, 0, 0], 40), np.full(160, 0.25)).weights
    assert soft == pytest.approx(hard, abs=1e-4)
