"""Stance of a text towards a target, as the field measures it: macro-F1 of a linear model on the reader's and pair features.

Run: ``python benchmarks/stance.py --train FILE … (--test FILE | --cross-validate) [--json]``. Files are JSON Lines with ``text``,
``target``, ``label``, ``thread_id`` (RumourEval's have more); none of them is in this repository. The ridge, the class weights (an
exponent of inverse frequency) and an offset for each class are chosen by grouped cross-validation inside train, for macro-F1; groups are
events, else threads, else targets. ``--cross-validate`` makes that choice anew in every fold. Intervals: bootstrap over groups.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from misread.training.metrics import estimate
from misread.training.pairs import Pair, Raw, Space, extract, read_pairs, space

SEED = 20230912
N_FOLDS, N_INNER = 5, 4
CS, EXPONENTS = (0.1, 0.3, 1.0), (0.5, 0.25, 0.75)
UNSEEN = -50.0


@dataclass(frozen=True)
class Setting:
    """What is chosen inside train; ``offsets`` are added to the scores of the classes."""

    c: float = 0.3
    exponent: float = 0.5
    offsets: tuple[float, ...] = ()


def macro_f1(truth: np.ndarray, said: np.ndarray, n: int) -> tuple[float, np.ndarray]:
    """Mean F1 over the classes that occur in truth or answers, as scikit-learn's; and that of each class."""
    hit = np.bincount(truth[truth == said], minlength=n)
    total = np.bincount(truth, minlength=n) + np.bincount(said, minlength=n)
    each = 2 * hit / np.maximum(total, 1)
    return float(each[total > 0].mean()) if len(truth) else float("nan"), each


def scores(x: sparse.csr_matrix, y: np.ndarray, tested: sparse.csr_matrix, n: int, setting: Setting) -> np.ndarray:
    """Scores of each class for tested rows, shape (n_tested, n); a class that ``y`` lacks is never chosen."""
    out = np.full((tested.shape[0], n), UNSEEN)
    seen, count = np.unique(y, return_counts=True)
    if len(seen) == 1:
        out[:, seen] = 0.0
        return out
    weight = (len(y) / count) ** setting.exponent
    weight *= len(y) / (weight @ count)
    two = len(seen) == 2
    model = LogisticRegression(
        C=setting.c,
        class_weight=dict(zip(seen.tolist(), weight.tolist(), strict=True)),
        solver="liblinear" if two else "lbfgs",
        max_iter=500,
        tol=1e-3,
        random_state=SEED,
    ).fit(x, y)
    found = model.decision_function(tested)
    out[:, seen] = np.column_stack([-found / 2, found / 2]) if two else found
    return out


def out_of_fold(x: sparse.csr_matrix, y: np.ndarray, groups: np.ndarray, n: int, setting: Setting) -> np.ndarray:
    out = np.zeros((len(y), n))
    folds = GroupKFold(min(N_INNER, len(np.unique(groups))), shuffle=True, random_state=SEED)
    for train, held in folds.split(y, groups=groups):
        out[held] = scores(x[train], y[train], x[held], n, setting)
    return out


def best_offsets(found: np.ndarray, y: np.ndarray, n: int) -> tuple[float, tuple[float, ...]]:
    """Offsets of the classes that maximise macro-F1, one class after the other, twice; and what they reach."""
    offsets = np.zeros(n)
    best = macro_f1(y, found.argmax(axis=1), n)[0]
    for _ in range(2):
        for k in range(n):
            for step in np.linspace(-1.5, 1.5, 31):
                tried = offsets.copy()
                tried[k] = step
                value = macro_f1(y, (found + tried).argmax(axis=1), n)[0]
                if value > best + 1e-4:
                    best, offsets = value, tried
    return best, tuple(offsets.tolist())


def choose(x: sparse.csr_matrix, y: np.ndarray, groups: np.ndarray, n: int) -> Setting:
    """The setting of the best out-of-fold macro-F1: first the ridge, then the exponent, offsets for each."""
    if len(np.unique(groups)) < 2 or len(np.unique(y)) < 2:
        return Setting(offsets=(0.0,) * n)
    tried: dict[Setting, float] = {}

    def attempt(c: float, exponent: float) -> None:
        value, offsets = best_offsets(out_of_fold(x, y, groups, n, Setting(c, exponent)), y, n)
        tried[Setting(c, exponent, offsets)] = value

    for c in CS:
        attempt(c, EXPONENTS[0])
    best_c = max(tried, key=lambda setting: tried[setting]).c
    count = np.unique(y, return_counts=True)[1]
    if count.max() > 1.2 * count.min():
        for exponent in EXPONENTS[1:]:
            attempt(best_c, exponent)
    return max(tried, key=lambda setting: tried[setting])


def answers(train: Raw, y: np.ndarray, groups: np.ndarray, test: Raw, n: int) -> np.ndarray:
    """Classes of test rows, by a model and a setting that know the training rows alone."""
    columns: Space = space(train)
    x = columns.place(train)
    setting = choose(x, y, groups, n)
    return (scores(x, y, columns.place(test), n, setting) + np.array(setting.offsets)).argmax(axis=1)


def cross_validated(raw: Raw, y: np.ndarray, groups: np.ndarray, n: int) -> np.ndarray:
    n_groups = len(np.unique(groups))
    if n_groups < 2:
        raise SystemExit("--cross-validate needs at least two events, threads or targets")
    said = np.zeros(len(y), dtype=np.int64)
    for train, held in GroupKFold(min(N_FOLDS, n_groups), shuffle=True, random_state=SEED).split(y, groups=groups):
        said[held] = answers(raw.rows(train), y[train], groups[train], raw.rows(held), n)
    return said


def report(pairs: list[Pair], truth: np.ndarray, said: np.ndarray, labels: list[str]) -> dict[str, object]:
    n = len(labels)
    found = estimate(lambda rows: macro_f1(truth[rows], said[rows], n)[0], [p.group for p in pairs], SEED)
    each = macro_f1(truth, said, n)[1]
    occurring = sorted({*truth.tolist(), *said.tolist()})
    return {
        "macro_f1": round(found.value, 4),
        "accuracy": round(float(np.mean(truth == said)), 4),
        "per_class": {labels[k]: round(float(each[k]), 4) for k in occurring},
        "n": len(pairs),
        "interval": [round(found.low, 4), round(found.high, 4)],
    }


def run(train: list[Pair], test: list[Pair] | None) -> dict[str, object]:
    """The figures on test, or cross-validated inside train where there is none."""
    labels = sorted({p.label for p in [*train, *(test or [])]})
    y, truth = (np.array([labels.index(p.label) for p in pairs], dtype=np.int64) for pairs in (train, test or []))
    groups = np.array([p.group for p in train])
    with threadpool_limits(1):
        raw = extract(train)
        if test is None:
            return report(train, y, cross_validated(raw, y, groups, len(labels)), labels)
        return report(test, truth, answers(raw, y, groups, extract(test), len(labels)), labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--test", type=Path)
    how.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        train = read_pairs(given.train)
        test = read_pairs([given.test]) if given.test else None
    except OSError as err:
        print(f"stance.py: {err.filename}: {err.strerror}", file=sys.stderr)
        raise SystemExit(2) from err
    if not train or test == []:
        raise SystemExit("no rows to train on or to test")
    found = run(train, test)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    low, high = found["interval"]
    print(f"macro_f1  {found['macro_f1']:.3f} [{low:.3f}, {high:.3f}] n={found['n']}\naccuracy  {found['accuracy']:.3f}")
    for label, value in found["per_class"].items():
        print(f"  {label:<16}{value:.3f}")


if __name__ == "__main__":
    main()
