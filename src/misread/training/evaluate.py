"""A model on labelled clips: figures with intervals, slices and baselines."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from misread.corpus.read import Corpus
from misread.errors import InputError, Problem
from misread.model.bundle import Model
from misread.records import Clip, Verdict
from misread.scoring import score
from misread.training import baselines, metrics
from misread.training.metrics import Estimate

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

FIGURES: dict[str, Callable[[Floats, Floats], float]] = {
    "brier": metrics.brier,
    "log_loss": metrics.log_loss,
    "accuracy": metrics.accuracy,
    "auroc": metrics.auroc,
}


@dataclass(frozen=True)
class Evaluation:
    """Figures of one model (or baseline) on one set of clips."""

    model_id: str
    n: int
    overall: dict[str, Estimate]
    crowd_right: dict[str, Estimate]
    crowd_wrong: dict[str, Estimate]
    crowd_reading: dict[str, Estimate]
    misread: dict[str, Estimate]
    evidence: dict[str, Estimate]
    baselines: dict[str, dict[str, Estimate]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; an undefined figure is null."""
        return _plain(dataclasses.asdict(self))  # type: ignore[no-any-return]


def evaluate(model: Model, corpus: Corpus, seed: int, with_baselines: bool = True, n_draws: int = 1000) -> Evaluation:
    """Measure a model on the corpus's test split (on all labelled clips where the corpus has no splits).

    Parameters
    ----------
    model
        From `scoring.load_model`.
    corpus
        Labelled clips. Without a split of its own every clip is tested, and no baseline that learns can be fitted.
    seed
        Of bootstrap and baselines.
    with_baselines
        Whether to put baselines beside it (fitted on train and calibrate splits).
    n_draws
        Bootstrap samples.

    Raises
    ------
    InputError
        If there is no labelled clip to test on.
    """
    labelled = [c for c in (corpus.split("test") if corpus.splits else corpus.clips) if c.label is not None]
    if not labelled:
        raise InputError(Problem("no labelled clip to test on", "label", "give clips a label, or check splits.csv"))
    verdicts = [score(model, c) for c in labelled]
    p = np.array([v.p_conflict for v in verdicts])
    y = np.array([float(c.label == "conflict") for c in labelled])
    known = np.array([c.first_impression is not None for c in labelled])
    right = np.array([c.first_impression == c.label for c in labelled])

    def on(mask: npt.NDArray[np.bool_], q: Floats, target: Floats) -> dict[str, Estimate]:
        return _figures([c for c, m in zip(labelled, mask, strict=True) if m], q[mask], target[mask], seed, n_draws)

    everything = np.ones(len(labelled), dtype=bool)
    first = np.array([float(c.first_impression == "conflict") for c in labelled])
    rivals: dict[str, dict[str, Estimate]] = {}
    train = [c for c in (*corpus.split("train"), *corpus.split("calibrate")) if c.label is not None] if corpus.splits else []
    if with_baselines and len({c.label for c in train}) == 2:
        rivals = {name: on(everything, q, y) for name, q in baselines.p_conflict(train, labelled, verdicts, seed).items()}
    return Evaluation(
        model_id=model.meta.model_id,
        n=len(labelled),
        overall=on(everything, p, y),
        crowd_right=on(known & right, p, y),
        crowd_wrong=on(known & ~right, p, y),
        crowd_reading=on(known, np.array([v.p_conflict_crowd for v in verdicts]), first),
        misread=on(known, np.array([v.p_misread for v in verdicts]), (~right).astype(float)),
        evidence=_evidence(labelled, verdicts, seed, n_draws),
        baselines=rivals,
    )


def _figures(clips: Sequence[Clip], p: Floats, y: Floats, seed: int, n_draws: int) -> dict[str, Estimate]:
    events = [c.event for c in clips]
    return {
        name: metrics.estimate(lambda rows, f=figure: f(p[rows], y[rows]), events, seed, n_draws)  # type: ignore[misc]
        for name, figure in FIGURES.items()
    }


def _evidence(clips: Sequence[Clip], verdicts: Sequence[Verdict], seed: int, n_draws: int) -> dict[str, Estimate]:
    """NDCG@5 of the supporting evidence by clip; stance and relevance AUROC by item."""
    gains = [_gains(c, v) for c, v in zip(clips, verdicts, strict=True)]
    kept = [i for i, g in enumerate(gains) if any(g)]
    values = np.array([metrics.ndcg(gains[i], 5) for i in kept])
    by_clip = metrics.estimate(lambda rows: float(np.mean(values[rows])), [clips[i].event for i in kept], seed, n_draws)
    items = [
        (c.event, e.stance, e.relevance, r.p_stance["conflict"] - r.p_stance["friendly"], r.relevance)
        for c, v in zip(clips, verdicts, strict=True)
        for r in v.evidence
        for e in c.evidence
        if e.evidence_id == r.evidence_id and e.stance is not None and e.relevance is not None
    ]
    sided = [i for i in items if i[1] != "neutral" and (i[2] or 0) >= 2]
    return {
        "ndcg_at_5": by_clip,
        "stance_auroc": _item_auroc([i[0] for i in sided], [i[3] for i in sided], [i[1] == "conflict" for i in sided], seed, n_draws),
        "relevance_auroc": _item_auroc([i[0] for i in items], [i[4] for i in items], [(i[2] or 0) >= 2 for i in items], seed, n_draws),
    }


def _gains(clip: Clip, verdict: Verdict) -> list[float]:
    """Gain of each item in the verdict's order: its relevance where its gold stance is the gold label, else 0."""
    gold = {e.evidence_id: float(e.relevance or 0) if e.stance == clip.label else 0.0 for e in clip.evidence}
    # the ranking puts support for the verdict first; what is measured is support for the truth, so a wrong verdict is a wrong order
    return [gold[r.evidence_id] for r in verdict.evidence]


def _item_auroc(events: list[str], values: list[float], gold: list[bool], seed: int, n_draws: int) -> Estimate:
    p, y = np.array(values), np.array(gold, dtype=float)
    return metrics.estimate(lambda rows: metrics.auroc(p[rows], y[rows]), events, seed, n_draws)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, float):
        # the last digits of a baseline's fit depend on the number of threads; a model's bytes must not
        return None if math.isnan(value) else round(value, 6)
    return value
