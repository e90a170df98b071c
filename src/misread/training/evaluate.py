"""A model on labelled clips: figures with intervals, slices and baselines."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from misread.corpus.read import Corpus
from misread.corpus.stats import PLAIN, families, tag
from misread.errors import InputError, Problem
from misread.model.bundle import Model
from misread.records import Clip, Evidence, Verdict
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


def in_family(clip: Clip) -> bool:
    """Whether a clip is tagged as made around a difficulty.

    Examples
    --------
    >>> in_family(Clip(clip_id="a", tags={"families": ["sarcasm"]})), in_family(Clip(clip_id="a"))
    (True, False)
    """
    return families(clip) != [PLAIN]


#: What the verdict is measured on apart: how hard the clips were made (where tags say so), and what there was to read.
SLICES: dict[str, Callable[[Clip], bool]] = {
    "in a family": in_family,
    "plain": lambda clip: "families" in (clip.tags or {}) and not in_family(clip),
    "with comments": lambda clip: bool(clip.comments),
    "without comments": lambda clip: not clip.comments,
    "with evidence": lambda clip: bool(clip.evidence),
    "without evidence": lambda clip: not clip.evidence,
}
#: The slice of clips that are cut down to a caption which tells what happened.
TELLING = "telling caption alone"


def indirect_decisive(clip: Clip, item: Evidence) -> bool:
    """Whether an item decides (relevance 3) and, as the clip's tags have it, does so without a word that says it.

    Examples
    --------
    >>> item = Evidence(evidence_id="e1", relevance=3)
    >>> indirect_decisive(Clip(clip_id="a", tags={"indirect": ["e1"]}), item), indirect_decisive(Clip(clip_id="a"), item)
    (True, False)
    """
    listed = (clip.tags or {}).get("indirect")
    return item.relevance == 3 and isinstance(listed, list) and item.evidence_id in listed


def captions_that_tell(clips: Sequence[Clip]) -> list[Clip]:
    """The clips whose caption, as their tags have it, tells what happened, cut down to it.

    Examples
    --------
    >>> clip = Clip(clip_id="a", caption="they made up", transcript="hm", tags={"caption": "tells"})
    >>> [(c.caption, c.transcript) for c in captions_that_tell([clip, Clip(clip_id="b", caption="wow")])]
    [('they made up', None)]
    """
    return [Clip(clip_id=c.clip_id, group_id=c.group_id, caption=c.caption, label=c.label) for c in clips if tag(c, "caption") == "tells"]


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
    slices: dict[str, dict[str, Estimate]]
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
    y = _conflict(labelled)
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
        slices={name: on(mask, p, y) for name, mask in _masks(labelled).items()} | _telling(model, labelled, seed, n_draws),
        evidence=_evidence(labelled, verdicts, seed, n_draws),
        baselines=rivals,
    )


def _conflict(clips: Sequence[Clip]) -> Floats:
    return np.array([float(c.label == "conflict") for c in clips])


def _masks(clips: Sequence[Clip]) -> dict[str, npt.NDArray[np.bool_]]:
    """Which clips are in each slice that has any."""
    masks = {name: np.array([inside(c) for c in clips]) for name, inside in SLICES.items()}
    return {name: mask for name, mask in masks.items() if mask.any()}


def _telling(model: Model, clips: Sequence[Clip], seed: int, n_draws: int) -> dict[str, dict[str, Estimate]]:
    cut = captions_that_tell(clips)
    p = np.array([score(model, c).p_conflict for c in cut])
    return {TELLING: _figures(cut, p, _conflict(cut), seed, n_draws)} if cut else {}


def _figures(clips: Sequence[Clip], p: Floats, y: Floats, seed: int, n_draws: int) -> dict[str, Estimate]:
    events = [c.event for c in clips]
    return {
        name: metrics.estimate(lambda rows, f=figure: f(p[rows], y[rows]), events, seed, n_draws)  # type: ignore[misc]
        for name, figure in FIGURES.items()
    }


class _Item(NamedTuple):
    """An item of evidence with gold: its clip, itself, and what was read: stance, conflict positive, and relevance."""

    clip: Clip
    item: Evidence
    stance: float
    relevance: float


def _evidence(clips: Sequence[Clip], verdicts: Sequence[Verdict], seed: int, n_draws: int) -> dict[str, Estimate]:
    """NDCG@5 of the supporting evidence by clip; stance and relevance AUROC by item, stance of hard items apart where there are any."""
    gains = [_gains(c, v) for c, v in zip(clips, verdicts, strict=True)]
    kept = [i for i, g in enumerate(gains) if any(g)]
    values = np.array([metrics.ndcg(gains[i], 5) for i in kept])
    by_clip = metrics.estimate(lambda rows: float(np.mean(values[rows])), [clips[i].event for i in kept], seed, n_draws)
    items = [
        _Item(c, e, r.p_stance["conflict"] - r.p_stance["friendly"], r.relevance)
        for c, v in zip(clips, verdicts, strict=True)
        for r in v.evidence
        for e in c.evidence
        if e.evidence_id == r.evidence_id and e.stance is not None and e.relevance is not None
    ]
    sided = [i for i in items if i.item.stance != "neutral" and _bears(i.item)]
    hard = {
        "stance_auroc_indirect": [i for i in sided if indirect_decisive(i.clip, i.item)],
        "stance_auroc_in_family": [i for i in sided if in_family(i.clip)],
    }
    return {
        "ndcg_at_5": by_clip,
        "stance_auroc": _stance_auroc(sided, seed, n_draws),
        "relevance_auroc": _item_auroc(items, [i.relevance for i in items], [_bears(i.item) for i in items], seed, n_draws),
        **{name: _stance_auroc(some, seed, n_draws) for name, some in hard.items() if some},
    }


def _bears(item: Evidence) -> bool:
    return (item.relevance or 0) >= 2


def _gains(clip: Clip, verdict: Verdict) -> list[float]:
    """Gain of each item in the verdict's order: its relevance where its gold stance is the gold label, else 0."""
    gold = {e.evidence_id: float(e.relevance or 0) if e.stance == clip.label else 0.0 for e in clip.evidence}
    # the ranking puts support for the verdict first; what is measured is support for the truth, so a wrong verdict is a wrong order
    return [gold[r.evidence_id] for r in verdict.evidence]


def _stance_auroc(items: Sequence[_Item], seed: int, n_draws: int) -> Estimate:
    return _item_auroc(items, [i.stance for i in items], [i.item.stance == "conflict" for i in items], seed, n_draws)


def _item_auroc(items: Sequence[_Item], values: list[float], gold: list[bool], seed: int, n_draws: int) -> Estimate:
    p, y = np.array(values), np.array(gold, dtype=float)
    return metrics.estimate(lambda rows: metrics.auroc(p[rows], y[rows]), [i.clip.event for i in items], seed, n_draws)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, float):
        # the last digits of a baseline's fit depend on the number of threads; a model's bytes must not
        return None if math.isnan(value) else round(value, 6)
    return value
