"""Logistic regressions that scikit-learn has not: small ones with bounded weights drawn toward one another, and graded targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Weights (intercept first) and their standard deviations from the curvature at the optimum (Laplace)."""

    weights: Floats
    sd: Floats


def fit(
    x: Floats,
    y: Floats,
    sample_weight: Floats | None = None,
    lower: Floats | None = None,
    penalty: Floats | None = None,
    centre: Floats | None = None,
) -> Fitted:
    """Penalised maximum likelihood: minimise -Σ log p + ½ (w - centre)ᵀ penalty (w - centre) with ``w >= lower``.

    Parameters
    ----------
    x
        Features, shape (n, k); an intercept is added in front.
    y
        Targets in [0, 1] (fractions are soft labels), shape (n,).
    sample_weight
        Shape (n,); default 1.
    lower
        Lower bounds of intercept and weights, shape (k + 1,); default none.
    penalty
        Positive semi-definite matrix over intercept and weights, shape (k + 1, k + 1); default 1e-3 on the weights.
    centre
        Where the penalty draws to, shape (k + 1,); default 0.

    Examples
    --------
    >>> found = fit(np.array([[-1.0], [1.0], [-1.0], [1.0]]), np.array([0.0, 1.0, 1.0, 0.0]))
    >>> bool(abs(found.weights).max() < 1e-6)
    True
    """
    design = np.column_stack([np.ones(len(x)), x])
    k = design.shape[1]
    weight = np.ones(len(x)) if sample_weight is None else sample_weight
    ridge = np.diag([0.0] + [1e-3] * (k - 1)) if penalty is None else penalty
    toward = np.zeros(k) if centre is None else centre

    def loss(w: Floats) -> tuple[float, Floats]:
        z = design @ w
        off = ridge @ (w - toward)
        value = float(weight @ (np.logaddexp(0.0, z) - y * z)) + 0.5 * float((w - toward) @ off)
        return value, design.T @ (weight * (expit(z) - y)) + off

    bounds = None if lower is None else [(None if np.isneginf(low) else low, None) for low in lower]
    start = np.maximum(toward, lower) if lower is not None else toward
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-8})
    p = expit(design @ found.x)
    curvature = design.T @ (design * (weight * p * (1 - p))[:, None]) + ridge
    return Fitted(np.asarray(found.x), np.sqrt(np.clip(np.diag(np.linalg.pinv(curvature)), 0, None)))


def graded(x: sparse.csr_matrix, target: Floats, weight: Floats, c: float, seed: int, intercept: bool = False) -> Floats:
    """Weights of a ridge logistic regression for targets between 0 and 1: each row counts as both answers, in proportion.

    Parameters
    ----------
    x
        Features, shape (n, k).
    target
        In [0, 1], shape (n,).
    weight
        Of each row, shape (n,).
    c
        Inverse strength of the ridge.
    seed
        Of the solver.
    intercept
        Whether one is fitted (it is not returned).

    Examples
    --------
    >>> found = graded(sparse.csr_matrix([[1.0], [-1.0]]), np.array([0.75, 0.25]), np.ones(2), 1e6, 0)
    >>> float(found.round(2)[0])  # the log-odds of three to one
    1.1
    """
    both = sparse.csr_matrix(sparse.vstack([x, x]))
    y = np.concatenate([np.ones(len(target)), np.zeros(len(target))])
    shares = np.concatenate([target * weight, (1 - target) * weight])
    kept = shares > 0
    model = LogisticRegression(C=c, max_iter=1000, fit_intercept=intercept, random_state=seed)
    return np.asarray(model.fit(both[kept], y[kept], sample_weight=shares[kept]).coef_[0])
