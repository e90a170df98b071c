"""Clips → a model: the reader, then what is fitted on its out-of-fold readings, then calibration on other events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from misread.corpus.read import Corpus
from misread.errors import InputError, Problem
from misread.model.evidence import RELEVANCE_FEATURES
from misread.model.reader import ROLES, SCORES, TextReader
from misread.records import KINDS, Clip
from misread.training import base, examples, logistic, matrix, parts, reading
from misread.training.keyed import Floats, Keys
from misread.training.parts import ClipNumbers
from misread.training.reading import Readings

#: A reader's keys, its table in whole numbers, the unit of each column, and the biases.
Tables = tuple[Keys, npt.NDArray[np.int16], Floats, Floats]

#: A clip is seen whole and with parts taken away, at these weights, so that a caption alone gets a sound answer.
DROPOUT: tuple[tuple[float, dict[str, bool]], ...] = (
    (1.0, {}),
    (0.3, {"evidence": True}),
    (0.3, {"comments": True, "evidence": True}),
    (0.2, {"comments": True}),
    (0.2, {"caption": True}),
)

_RIDGE = 0.5
#: How strongly trust in each kind is drawn toward the mean of all kinds.
_POOL = 4.0
_LEAST_TRUST = 0.05
#: The least weight of a lone caption's mood; fitted freely it is nothing, for invented captions bait, and plain posts of other sources are
#: then read worse (chosen on such texts and on the calibrate split).
MOOD_FLOOR = 1.0
_FEWEST = 10


@dataclass(frozen=True)
class Learnt:
    """The arrays of a model, by the names they have in its file."""

    arrays: dict[str, npt.NDArray[Any]]
    n_train: int
    n_calibrate: int


def learn(corpus: Corpus, seed: int, n_jobs: int = 1, say: Callable[[str], None] = lambda _: None) -> Learnt:
    """Learn everything from the corpus's train split, calibrate on its calibrate split; the test split is never looked at.

    Parameters
    ----------
    corpus
        Labelled clips; statements are read as further evidence.
    seed
        Of folds and solvers.
    n_jobs
        Folds fitted side by side; the result does not depend on it.
    say
        Told what is being done.

    Raises
    ------
    InputError
        If there are too few labelled clips of both labels.
    """
    train = [c for c in corpus.split("train") if c.label is not None]
    calibrate = [c for c in corpus.split("calibrate") if c.label is not None]
    _enough(train, calibrate)
    texts, starts = _texts(train, corpus)
    say(f"reading {len(texts)} texts of {len(train)} clips and {len(corpus.statements)} statements")
    found = matrix.build(texts, base.priors())
    say(f"fitting the reader on {found.n_hashed} features, {reading.N_FOLDS} folds and whole")
    oof = reading.out_of_fold(found, texts, seed, n_jobs)
    known, folded, bias = matrix.fold(found, reading.coefficients(found, texts, np.arange(len(texts)), seed))
    keys, table, unit = matrix.rounded(known, folded)
    say("fitting relevance, crowd, trust and verdict on out-of-fold readings")
    relevance = _relevance(train, texts, oof, starts)
    numbers = parts.clip_numbers(train, oof, starts, relevance.tolist())
    crowd = _crowd(train, numbers)
    fusion, trust, trust_sd = _fusion(train, numbers)
    say(f"calibrating on {len(calibrate)} clips of other events")
    held = _held_numbers(calibrate, (keys, table, unit, bias), relevance)
    crowd = _calibrated(crowd, parts.crowd_design(held), np.array([c.first_impression == "conflict" for c in calibrate]))[0]
    whole, slope = _calibrated(np.concatenate([fusion, trust]), parts.fusion_design(held), _labels(calibrate))
    arrays: dict[str, npt.NDArray[Any]] = {
        "reader.keys": keys,
        "reader.table": table,
        "reader.unit": unit,
        "reader.bias": bias,
        "relevance": relevance,
        "trust": whole[len(fusion) :],
        "trust_sd": trust_sd * slope,
        "fusion": whole[: len(fusion)],
        "crowd": crowd,
    }
    return Learnt(arrays, len(train), len(calibrate))


def _enough(train: Sequence[Clip], calibrate: Sequence[Clip]) -> None:
    for name, clips in (("train", train), ("calibrate", calibrate)):
        n_conflict = sum(c.label == "conflict" for c in clips)
        if min(n_conflict, len(clips) - n_conflict) < _FEWEST:
            reason = f"the {name} split has {n_conflict} clips labelled conflict and {len(clips) - n_conflict} friendly"
            raise InputError(
                Problem(
                    reason,
                    "label",
                    f"at least {_FEWEST} of each are needed: label some 150 clips (60 % train, 15 % calibrate), or give a splits.csv",
                )
            )


def _texts(clips: Sequence[Clip], corpus: Corpus) -> tuple[list[examples.Example], list[int]]:
    texts: list[examples.Example] = []
    starts = []
    for clip in clips:
        starts.append(len(texts))
        texts.extend(examples.from_clip(clip))
    return texts + examples.from_statements(corpus.statements), starts


def _labels(clips: Sequence[Clip]) -> Floats:
    return np.array([float(c.label == "conflict") for c in clips])


def _relevance(clips: Sequence[Clip], texts: Sequence[examples.Example], oof: Readings, starts: Sequence[int]) -> Floats:
    """Intercept and weights over `RELEVANCE_FEATURES`, none below zero; all-relevant where the corpus has no gold relevance."""
    rows, places = parts.relevance_rows(clips, oof, starts)
    gold = np.array([-1.0 if (r := texts[i].relevance) is None else r for i in places])
    known = gold >= 0
    if not known.any():
        return np.array([4.0, 0.0, 0.0, 0.0])
    lower = np.array([-np.inf] + [0.0] * len(RELEVANCE_FEATURES))
    return logistic.fit(rows[known], gold[known], lower=lower).weights


def _crowd(clips: Sequence[Clip], numbers: list[ClipNumbers]) -> Floats:
    """The crowd's head, fitted on first impressions (on labels where the corpus has none)."""
    known = [i for i, c in enumerate(clips) if c.first_impression is not None]
    if len(known) < _FEWEST:
        known = list(range(len(clips)))
        y = _labels(clips)
    else:
        y = np.array([float(clips[i].first_impression == "conflict") for i in known])
    kept = [numbers[i] for i in known]
    views = [(weight, drop) for weight, drop in DROPOUT if not drop.get("caption")]
    x = np.vstack([parts.crowd_design(parts.dropped(kept, **drop)) for _, drop in views])
    weight = np.concatenate([np.full(len(kept), weight) for weight, _ in views])
    lower = np.array([-np.inf] + [0.0] * len(parts.CROWD_COLUMNS))
    penalty = np.diag([0.0] + [_RIDGE] * len(parts.CROWD_COLUMNS))
    return logistic.fit(x, np.tile(y, len(views)), weight, lower, penalty).weights


def _fusion(clips: Sequence[Clip], numbers: list[ClipNumbers]) -> tuple[Floats, Floats, Floats]:
    """Weights of the parts (intercept first), trust in each kind, and its standard deviation."""
    x = np.vstack([parts.fusion_design(parts.dropped(numbers, **drop)) for _, drop in DROPOUT])
    weight = np.concatenate([np.full(len(numbers), weight) for weight, _ in DROPOUT])
    n_parts, n_kinds = 1 + len(parts.FUSION_COLUMNS), len(KINDS)
    lower = np.concatenate([[-np.inf], np.zeros(n_parts - 1), np.full(n_kinds, _LEAST_TRUST)])
    lower[1 + parts.FUSION_COLUMNS.index("mood_alone")] = MOOD_FLOOR
    penalty = np.diag(np.concatenate([[0.0], np.full(n_parts - 1, _RIDGE), np.full(n_kinds, 0.01)]))
    penalty[n_parts:, n_parts:] += _POOL * (np.eye(n_kinds) - 1 / n_kinds)
    fitted = logistic.fit(x, np.tile(_labels(clips), len(DROPOUT)), weight, lower, penalty)
    return fitted.weights[:n_parts], fitted.weights[n_parts:], fitted.sd[n_parts:]


def _held_numbers(clips: Sequence[Clip], reader: Tables, relevance: Floats) -> list[ClipNumbers]:
    texts: list[examples.Example] = []
    starts = []
    for clip in clips:
        starts.append(len(texts))
        texts.extend(examples.from_clip(clip))
    return parts.clip_numbers(clips, served(texts, *reader), starts, relevance.tolist())


def served(texts: Sequence[examples.Example], keys: Keys, table: npt.NDArray[np.int16], unit: Floats, bias: Floats) -> Readings:
    """Readings by a folded and rounded table, as the served reader gives them."""
    reader = TextReader(keys.tolist(), table.ravel().tolist(), unit.tolist(), {role: bias[i].tolist() for i, role in enumerate(ROLES)})
    scores = np.zeros((len(texts), len(SCORES)))
    for i, text in enumerate(texts):
        scores[i] = reader.read(text.text, text.role).scores
    return Readings(scores)


def _calibrated(weights: Floats, design: Floats, y: Floats) -> tuple[Floats, float]:
    """All weights × slope, intercept shifted: affine in log-odds, drawn toward leaving things as they are."""
    z = weights[0] + design @ weights[1:]
    fitted = logistic.fit(
        z[:, None], y.astype(float), lower=np.array([-np.inf, 0.1]), penalty=np.diag([2.0, 4.0]), centre=np.array([0.0, 1.0])
    ).weights
    scaled = weights * fitted[1]
    scaled[0] += fitted[0]
    return scaled, float(fitted[1])
