"""How far annotators agree: Krippendorff's alpha, the consensus of Dawid and Skene, and where they part."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from misread.corpus.annotations import Annotation

Metric = Literal["nominal", "ordinal"]
#: What one annotator said of one unit.
Rating = tuple[str, str, str]  # unit, annotator, value
Matrix = list[list[float]]

_TINY = 1e-12


@dataclass(frozen=True)
class Question:
    """One thing that annotators are asked: its answers in order, how far apart two of them are, and what was said."""

    values: tuple[str, ...]
    metric: Metric
    said: Callable[[Annotation], Iterable[tuple[str, str | None]]]  # (unit within the clip, value)


QUESTIONS: dict[str, Question] = {
    "label": Question(("conflict", "friendly"), "nominal", lambda a: [("", a.label)]),
    "first_impression": Question(("conflict", "friendly"), "nominal", lambda a: [("", a.first_impression)]),
    "stance": Question(("conflict", "friendly", "neutral"), "nominal", lambda a: [(j.evidence_id, j.stance) for j in a.evidence]),
    "relevance": Question(
        ("0", "1", "2", "3"),
        "ordinal",
        lambda a: [(j.evidence_id, None if j.relevance is None else str(j.relevance)) for j in a.evidence],
    ),
}


def agree(annotations: Sequence[Annotation], seed: int, n_draws: int = 1000) -> dict[str, Any]:
    """Agreement of several annotators, question by question.

    Parameters
    ----------
    annotations
        One for each annotator and clip (`annotations.latest`).
    seed
        Of the bootstrap.
    n_draws
        Bootstrap samples of clips.

    Returns
    -------
    dict
        Plain data: ``annotators`` (clips of each), ``questions`` (for each ``alpha`` with its 95 % interval over clips, ``n_units`` that
        at least two annotators judged, and of these ``consensus`` and ``confusion``), ``disputes`` (the clips most in dispute, with what
        was said). Two annotators who err alike look right to any consensus: trust it from three on.

    Examples
    --------
    >>> both = [Annotation(clip_id=i, annotator=who, label="friendly" if i == "a" else "conflict") for i in "ab" for who in ("x", "y")]
    >>> agree(both, seed=0)["questions"]["label"]["alpha"]["value"]
    1.0
    """
    said = {name: _ratings(question, annotations) for name, question in QUESTIONS.items()}
    return {
        "annotators": dict(sorted(Counter(a.annotator for a in annotations).items())),
        "n_clips": len({a.clip_id for a in annotations}),
        "questions": {name: _answered(question, said[name], seed, n_draws) for name, question in QUESTIONS.items()},
        "disputes": disputes(said),
    }


def _ratings(question: Question, annotations: Iterable[Annotation]) -> dict[str, list[Rating]]:
    """What was said, by clip."""
    found: dict[str, list[Rating]] = defaultdict(list)
    for one in annotations:
        for part, value in question.said(one):
            if value is not None:
                found[one.clip_id].append((f"{one.clip_id} {part}".rstrip(), one.annotator, value))
    return found


def _answered(question: Question, by_clip: Mapping[str, Sequence[Rating]], seed: int, n_draws: int) -> dict[str, Any]:
    ratings = [rating for said in by_clip.values() for rating in said]
    # what one annotator judged alone can only confirm them, and would drown what others were asked too
    often = Counter(unit for unit, _, _ in ratings)
    consensus, confusion = dawid_skene([rating for rating in ratings if often[rating[0]] > 1], question.values)
    matrices = [coincidences(_units(said), question.values) for said in by_clip.values()]
    low, high = interval(matrices, question.metric, seed, n_draws)
    value = alpha(_sum(matrices, len(question.values)), question.metric)
    return {
        "metric": question.metric,
        "alpha": {"value": _plain(value), "low": _plain(low), "high": _plain(high)},
        "n_units": sum(len(values) > 1 for said in by_clip.values() for values in _units(said)),
        "n_ratings": len(ratings),
        "consensus": {unit: {v: round(p, 4) for v, p in shares.items()} for unit, shares in consensus.items()},
        "confusion": confusion,
    }


def _units(ratings: Iterable[Rating]) -> list[list[str]]:
    units: dict[str, list[str]] = defaultdict(list)
    for unit, _, value in ratings:
        units[unit].append(value)
    return list(units.values())


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def coincidences(units: Iterable[Sequence[str]], values: Sequence[str]) -> Matrix:
    """How often two values met in one unit (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", step 2).

    Each pair of a unit's ``m`` values counts 1 ÷ (m − 1), in both orders; a unit with one value says nothing of agreement. Matrices of
    several sets of units add up.

    Examples
    --------
    >>> coincidences([["a", "a"], ["a", "b"], ["b"]], "ab")
    [[2.0, 1.0], [1.0, 0.0]]
    """
    place = {value: i for i, value in enumerate(values)}
    matrix = [[0.0] * len(values) for _ in values]
    for unit in units:
        counts = Counter(place[value] for value in unit)
        m = len(unit)
        for c, n_c in counts.items() if m > 1 else ():
            for k, n_k in counts.items():
                matrix[c][k] += n_c * (n_k - (c == k)) / (m - 1)
    return matrix


def alpha(matrix: Matrix, metric: Metric) -> float:
    """Krippendorff's alpha: 1 − observed ÷ expected disagreement; 1 is perfect, 0 chance (Krippendorff 2011, steps 3 and 4).

    Parameters
    ----------
    matrix
        From `coincidences`.
    metric
        ``nominal``: two values differ or not. ``ordinal``: they are as far apart as there are values between them.

    Returns
    -------
    float
        ``nan`` where only one value was given, or no unit was judged twice.

    Examples
    --------
    >>> round(alpha([[2.0, 1.0], [1.0, 4.0]], "nominal"), 3)
    0.533
    """
    n_of = [sum(row) for row in matrix]
    n = sum(n_of)
    far = _distance(n_of, metric)
    size = range(len(matrix))
    observed = sum(matrix[c][k] * far[c][k] for c in size for k in size)
    expected = sum(n_of[c] * n_of[k] * far[c][k] for c in size for k in size)
    return 1 - (n - 1) * observed / expected if expected > _TINY else math.nan


def _distance(n_of: Sequence[float], metric: Metric) -> Matrix:
    """Squared differences δ² between values, from how often each was given."""
    size = range(len(n_of))
    if metric == "nominal":
        return [[float(c != k) for k in size] for c in size]
    return [[(sum(n_of[min(c, k) : max(c, k) + 1]) - (n_of[c] + n_of[k]) / 2) ** 2 for k in size] for c in size]


def _sum(matrices: Iterable[Matrix], size: int) -> Matrix:
    total = [[0.0] * size for _ in range(size)]
    for matrix in matrices:
        for row, added in zip(total, matrix, strict=True):
            for k, value in enumerate(added):
                row[k] += value
    return total


def interval(matrices: Sequence[Matrix], metric: Metric, seed: int, n_draws: int = 1000) -> tuple[float, float]:
    """The 95 % interval of alpha from a bootstrap over clips: a clip is drawn with all its units.

    Parameters
    ----------
    matrices
        The coincidences of each clip.
    metric
        As in `alpha`.
    seed
        Of the draws.
    n_draws
        Bootstrap samples; those on which alpha is undefined are left out.
    """
    import numpy as np

    n_clips = len(matrices)
    if n_clips < 2:
        return math.nan, math.nan
    flat = np.array(matrices).reshape(n_clips, -1)
    rng = np.random.default_rng(seed)
    size = len(matrices[0])
    drawn = []
    for _ in range(n_draws):
        total = np.bincount(rng.integers(0, n_clips, n_clips), minlength=n_clips) @ flat
        value = alpha(total.reshape(size, size).tolist(), metric)
        if not math.isnan(value):
            drawn.append(value)
    if not drawn:
        return math.nan, math.nan
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def dawid_skene(
    ratings: Sequence[Rating], values: Sequence[str], n_rounds: int = 200, tolerance: float = 1e-6
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, dict[str, float]]]]:
    """The likeliest truth of each unit and how each annotator errs, by expectation and maximisation (Dawid & Skene 1979).

    It starts from the vote of each unit; formulas 2.3 to 2.5 of the paper, without smoothing.

    Parameters
    ----------
    ratings
        Unit, annotator, value; an annotator may judge a unit more than once.
    values
        All values.
    n_rounds, tolerance
        It ends when no share moves by more than ``tolerance``.

    Returns
    -------
    consensus
        Unit → value → probability.
    confusion
        Annotator → true value → share of each value said. A true value that the annotator never met is left out.

    Examples
    --------
    >>> said = [(unit, who, unit[0]) for unit in ("a1", "a2", "b1") for who in "xyz"]
    >>> dawid_skene(said, "ab")[0]["b1"]
    {'a': 0.0, 'b': 1.0}
    """
    by_unit: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit, annotator, value in ratings:
        by_unit[unit].append((annotator, value))
    truth = {u: {v: sum(said == v for _, said in given) / len(given) for v in values} for u, given in by_unit.items()}
    confusion: dict[str, dict[str, dict[str, float]]] = {}
    for _ in range(n_rounds):
        prior, confusion = _maximise(by_unit, truth, values)
        new = {unit: _expect(given, prior, confusion, truth[unit]) for unit, given in by_unit.items()}
        moved = max((abs(new[u][v] - truth[u][v]) for u in new for v in values), default=0.0)
        truth = new
        if moved <= tolerance:
            break
    rounded = {a: {t: {v: round(p, 4) for v, p in row.items()} for t, row in rows.items()} for a, rows in sorted(confusion.items())}
    return truth, rounded


def _maximise(
    by_unit: Mapping[str, Sequence[tuple[str, str]]], truth: Mapping[str, Mapping[str, float]], values: Sequence[str]
) -> tuple[dict[str, float], dict[str, dict[str, dict[str, float]]]]:
    """Shares of the true values (2.4) and every annotator's confusion (2.3), given what is likely true."""
    prior = {v: sum(t[v] for t in truth.values()) / len(truth) for v in values} if truth else {}
    counted: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: {t: dict.fromkeys(values, 0.0) for t in values})
    for unit, given in by_unit.items():
        for annotator, said in given:
            for true in values:
                counted[annotator][true][said] += truth[unit][true]
    shares = {
        annotator: {true: {v: n / sum(row.values()) for v, n in row.items()} for true, row in rows.items() if sum(row.values()) > _TINY}
        for annotator, rows in counted.items()
    }
    return prior, shares


def _expect(
    given: Sequence[tuple[str, str]],
    prior: Mapping[str, float],
    confusion: Mapping[str, Mapping[str, Mapping[str, float]]],
    before: Mapping[str, float],
) -> dict[str, float]:
    """How likely each value is true of a unit (2.5); as before where what was said is impossible under every value."""
    weights = {
        true: p * math.prod(confusion[annotator][true][said] if true in confusion[annotator] else 0.0 for annotator, said in given)
        for true, p in prior.items()
    }
    total = sum(weights.values())
    return {true: w / total for true, w in weights.items()} if total > 0 else dict(before)


def disputes(said: Mapping[str, Mapping[str, Sequence[Rating]]], n_most: int = 20) -> list[dict[str, Any]]:
    """The clips most in dispute, with what each annotator said where they differ.

    Parameters
    ----------
    said
        Question → clip → ratings.
    n_most
        How many clips at most.

    Returns
    -------
    list of dict
        ``clip_id``, ``dispute`` (the share of pairs of answers that differ, averaged over questions; the label weighs as much as all
        others together) and ``answers``: question → unit → annotator → value, of disputed units only.
    """
    found: list[dict[str, Any]] = []
    for clip_id in sorted({clip_id for by_clip in said.values() for clip_id in by_clip}):
        shares: dict[str, float] = {}
        answers: dict[str, dict[str, dict[str, str]]] = {}
        for name, by_clip in said.items():
            units: dict[str, dict[str, str]] = defaultdict(dict)
            for unit, annotator, value in by_clip.get(clip_id, ()):
                units[unit][annotator] = value
            pairs = [a != b for given in units.values() for a, b in combinations(given.values(), 2)]
            shares[name] = sum(pairs) / len(pairs) if pairs else 0.0
            if differ := {unit: dict(given) for unit, given in units.items() if len(set(given.values())) > 1}:
                answers[name] = differ
        if answers:
            rest = [share for name, share in shares.items() if name != "label"]
            dispute = (shares.get("label", 0.0) + sum(rest) / max(len(rest), 1)) / 2
            found.append({"clip_id": clip_id, "dispute": round(dispute, 4), "answers": answers})
    return sorted(found, key=lambda d: (-d["dispute"], d["clip_id"]))[:n_most]
