"""Can the label be had without reading what matters? Simple models on every side of a clip that should not tell, held to bounds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from misread.corpus.read import Corpus
from misread.corpus.repeats import MAX_EVENTS, Phrase, Twins, near_duplicates, repeated_phrases
from misread.errors import InputError, Problem
from misread.records import Clip
from misread.training.metrics import Estimate, accuracy, estimate
from misread.training.shortcuts import NUMBERS, TEXTS, all_evidence, signed_kinds

Floats = npt.NDArray[np.float64]
Status = Literal["fine", "broken", "too small to tell"]

N_FOLDS = 10
#: The highest accuracy that each side of a clip may give (a third of the captions tell by rule, and a crowd is sometimes right), and in
#: how many events a sequence of five words may stand.
BOUNDS: dict[str, float] = {
    "caption": 0.68, "comments": 0.66, "transcript": 0.66, "distractors": 0.57, "authors": 0.55,
    "kinds": 0.58, "lengths": 0.58, "positions": 0.58, "likes": 0.58, "platforms": 0.58, "times": 0.58,
    "phrases": MAX_EVENTS,
}  # fmt: skip
#: An interval wider than this tells nothing.
MAX_WIDTH = 0.2
#: Of fewer events a bootstrap can have no width at all, if the model is right (or wrong) on every one.
MIN_EVENTS = 30

_N_WORDS, _N_PLACES = 8, 3


@dataclass(frozen=True)
class Word:
    """A word (or two) that gives the label away: toward which, with what weight, in how many clips (and of that label), where."""

    word: str
    toward: str
    coefficient: float
    n_clips: int
    n_toward: int
    clip_ids: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """How often one side of a clip gives the label; ``accuracy`` is out of fold, ``chance`` the share of the commoner label.

    ``bound`` and ``status`` are ``None`` where nothing is demanded.
    """

    accuracy: Estimate
    chance: float
    model: str
    bound: float | None = None
    status: Status | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Audit:
    """All figures by name, what stands in the corpus more than once, and what breaks the bounds or cannot be told."""

    n: int
    n_events: int
    figures: dict[str, Figure]
    phrases: tuple[Phrase, ...]
    near_duplicates: tuple[Twins, ...]
    broken: tuple[str, ...]
    too_small: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; an undefined figure is null."""
        return _plain(dataclasses.asdict(self))  # type: ignore[no-any-return]


def audit(corpus: Corpus, seed: int, bounds: Mapping[str, float] = BOUNDS, n_draws: int = 1000) -> Audit:
    """Ask every side of a clip that should not tell for the label.

    Parameters
    ----------
    corpus
        Labelled clips; those without a label are left out of all but the search for repeats.
    seed
        Of folds, solvers and bootstrap.
    bounds
        Name of a figure → the accuracy that it may have; a bound is broken where the whole interval lies above it. ``phrases`` is in how
        many events a sequence of five words may stand.
    n_draws
        Bootstrap samples.

    Raises
    ------
    InputError
        If there are no labelled clips of both labels.
    """
    clips = [c for c in corpus.clips if c.label is not None]
    if len({c.label for c in clips}) < 2:
        raise InputError(Problem("nothing to audit: labelled clips of both labels are needed", "label"))
    with threadpool_limits(1):  # small models on many threads wait for one another longer than they work
        figures = _figures(clips, _Draws(_folds(clips, seed), seed, n_draws))
    judged = {name: _judged(figure, bounds.get(name)) for name, figure in figures.items()}
    max_events = bounds.get("phrases")
    phrases = tuple(repeated_phrases(corpus.clips, MAX_EVENTS if max_events is None else int(max_events)))
    twins = tuple(near_duplicates(corpus.clips, corpus.splits))
    broken = [name for name, figure in judged.items() if figure.status == "broken"]
    broken += ["phrases"] if phrases and max_events is not None else []
    broken += ["near-duplicates"] if any(t.across for t in twins) else []
    too_small = tuple(name for name, figure in judged.items() if figure.status == "too small to tell")
    return Audit(len(clips), len({c.event for c in clips}), judged, phrases, twins, tuple(broken), too_small)


class _Draws(NamedTuple):
    """What is drawn at random, once for all figures: the fold of each event, and the seed and number of bootstrap samples."""

    folds: Mapping[str, int]
    seed: int
    n: int


def _figures(clips: Sequence[Clip], draws: _Draws) -> dict[str, Figure]:
    figures = {name: _text_figure(clips, bag, draws) for name, bag in (*TEXTS.items(), ("all evidence", all_evidence))}
    figures |= {name: _number_figure(clips, numbers, draws) for name, numbers in NUMBERS.items()}
    return figures | _gold_figures(clips, draws)


def _judged(figure: Figure, bound: float | None) -> Figure:
    if bound is None:
        return figure
    return dataclasses.replace(figure, bound=bound, status=status(figure.accuracy, bound))


def status(found: Estimate, bound: float) -> Status:
    """What an estimate says of a bound.

    Parameters
    ----------
    found
        Accuracy with its interval.
    bound
        What it may be.

    Examples
    --------
    >>> status(Estimate(0.70, 0.66, 0.74, 500), 0.65), status(Estimate(0.70, 0.64, 0.76, 500), 0.65)
    ('broken', 'fine')
    >>> status(Estimate(0.60, 0.40, 0.80, 20), 0.65)
    'too small to tell'
    """
    if math.isnan(found.low):
        return "too small to tell"
    if found.low > bound:
        return "broken"
    return "too small to tell" if found.high - found.low > MAX_WIDTH else "fine"


def read_bounds(data: bytes, name: str) -> dict[str, float]:
    """Bounds of the user's own from a JSON object; a name left out keeps ours, ``null`` lifts one.

    Raises
    ------
    InputError
        With every name that is no figure and every bound that is no share.

    Examples
    --------
    >>> read_bounds(b'{"caption": 0.7, "likes": null}', "bounds.json")["caption"]
    0.7
    """
    try:
        given = msgspec.json.decode(data, type=dict[str, float | None])
    except (ValueError, RecursionError) as err:
        raise InputError(Problem(f"no bounds: {err}", cure='a JSON object such as {"caption": 0.7}', file=name)) from err
    known = "one of: " + ", ".join((*FIGURES, "phrases"))
    problems = [Problem("no such figure", key, known, name) for key in given if key not in (*FIGURES, "phrases")]
    for key, bound in given.items():
        if bound is not None and not (1 <= bound < 2**31 if key == "phrases" else 0 <= bound <= 1):
            problems.append(
                Problem(f"{bound} is out of range", key, "a number of events from 1" if key == "phrases" else "from 0 to 1", name)
            )
    if problems:
        raise InputError(*problems)
    return {key: allowed for key, allowed in {**BOUNDS, **given}.items() if allowed is not None}


#: Every figure that can be given a bound.
FIGURES = (*TEXTS, "all evidence", *NUMBERS, "inverted first impression", "majority of gold stance", "vote weighted by kind")


def _truth(clips: Sequence[Clip]) -> Floats:
    return np.array([float(c.label == "conflict") for c in clips])


def _figure(clips: Sequence[Clip], p: Floats | None, model: str, draws: _Draws, words: tuple[Word, ...] = ()) -> Figure:
    """A figure from out-of-fold probabilities; undefined where there are none, or too few events to draw from."""
    y = _truth(clips)
    chance = max(float(y.mean()), 1 - float(y.mean())) if len(clips) else math.nan
    if p is None:
        return Figure(Estimate(math.nan, math.nan, math.nan, len(clips)), chance, model)
    events = [c.event for c in clips]
    found = estimate(lambda rows: accuracy(p[rows], y[rows]), events, draws.seed, draws.n)
    if len(set(events)) < MIN_EVENTS:
        found = dataclasses.replace(found, low=math.nan, high=math.nan)
    return Figure(found, chance, model, words=words)


def _folds(clips: Sequence[Clip], seed: int) -> dict[str, int]:
    """The fold of each event, labels spread evenly; one fold for all where there is too little to cut."""
    y = _truth(clips)
    events = [c.event for c in clips]
    n = min(N_FOLDS, int(y.sum()), int((1 - y).sum()), len(set(events)))
    if n < 2:
        return dict.fromkeys(events, 0)
    cut = StratifiedGroupKFold(n, shuffle=True, random_state=seed).split(np.zeros(len(y)), y, events)
    return {events[i]: fold for fold, (_, test) in enumerate(cut) for i in test}


def _out_of_fold(make: Callable[[], Any], x: Any, clips: Sequence[Clip], folds: Mapping[str, int]) -> Floats | None:
    """The probability of conflict of each clip from a model that saw no clip of its event; nothing where all are in one fold."""
    y = _truth(clips)
    fold = np.array([folds[c.event] for c in clips])
    if len(set(fold.tolist())) < 2:
        return None
    p = np.empty(len(y))
    for k in np.unique(fold):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if len(set(y[train].tolist())) < 2:
            p[test] = y[train].mean()
        else:
            p[test] = make().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    return p


def _text_figure(clips: Sequence[Clip], bag: Callable[[Clip], str], draws: _Draws) -> Figure:
    """A bag of words and of pairs of words; clips that have no such text are not asked."""
    texts = [(c, text) for c in clips if (text := bag(c))]
    asked = [c for c, _ in texts]
    model = "words and pairs, logistic"
    # letters and digits apart, so that handles fall into their words; what the words are called leaks nothing, so they are read once
    reader = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
    try:
        x = csr_matrix(reader.fit_transform([text for _, text in texts]))
        names = reader.get_feature_names_out()
    except ValueError:  # no text at all, or no word that stands in two clips
        x, names = csr_matrix((len(asked), 1)), np.array([""])

    def make() -> LogisticRegression:
        return LogisticRegression(C=10, solver="liblinear", random_state=draws.seed)

    p = _out_of_fold(make, x, asked, draws.folds)
    words = _telling(make().fit(x, _truth(asked)).coef_[0], names, x, asked) if p is not None else ()
    return _figure(asked, p, model, draws, words)


def _telling(weights: Floats, names: npt.NDArray[Any], x: csr_matrix, clips: Sequence[Clip]) -> tuple[Word, ...]:
    """The words of most weight toward either label that stand in two events or more, with some of the clips where they stand."""
    columns = x.tocsc()
    found = []
    for sign, toward in ((1, "conflict"), (-1, "friendly")):
        n_found = 0
        for j in np.argsort(-sign * weights, kind="stable"):
            if sign * weights[j] <= 0 or n_found == _N_WORDS:
                break
            rows = sorted(columns.indices[columns.indptr[j] : columns.indptr[j + 1]])
            if len({clips[i].event for i in rows}) < 2:
                continue  # one story told twice is no habit of the writers
            there = [clips[i].clip_id for i in rows if clips[i].label == toward]
            found.append(Word(str(names[j]), toward, round(float(weights[j]), 3), len(rows), len(there), tuple(there[:_N_PLACES])))
            n_found += 1
    return tuple(found)


def _number_figure(clips: Sequence[Clip], numbers: Callable[[Clip], list[float]], draws: _Draws) -> Figure:
    """The better of a straight and a bent model, which flatters it: for a shortcut that is the careful side to err on."""
    x = np.array([numbers(c) for c in clips])
    y = _truth(clips)
    makers: dict[str, Callable[[], Any]] = {
        "logistic": lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000, random_state=draws.seed)),
        "boosted trees": lambda: HistGradientBoostingClassifier(
            max_iter=50,
            max_leaf_nodes=8,
            max_bins=63,
            learning_rate=0.1,
            min_samples_leaf=10,
            early_stopping=False,
            random_state=draws.seed,
        ),
    }
    ranked = []
    for name, make in makers.items():
        p = _out_of_fold(make, x, clips, draws.folds)
        ranked.append((accuracy(p, y) if p is not None else -1.0, name, p))
    _, name, p = max(ranked, key=lambda r: r[0])
    return _figure(clips, p, f"{name}, better of two", draws)


def _gold_figures(clips: Sequence[Clip], draws: _Draws) -> dict[str, Figure]:
    """What gold itself gives: bounds above or below for whoever reads, so nothing is demanded of them."""
    known = [c for c in clips if c.first_impression is not None]
    inverted = np.array([float(c.first_impression == "friendly") for c in known])
    sided = [c for c in clips if any(e.stance in ("conflict", "friendly") for e in c.evidence)]
    votes = np.array([signed_kinds(c) for c in sided])
    share = float(_truth(clips).mean())
    majority = np.array([(np.sign(v.sum()) + 1) / 2 if v.sum() else share for v in votes])

    def make() -> LogisticRegression:
        return LogisticRegression(max_iter=2000, random_state=draws.seed)

    weighted = _out_of_fold(make, votes, sided, draws.folds)
    return {
        "inverted first impression": _figure(known, inverted if known else None, "the crowd turned round", draws),
        "majority of gold stance": _figure(sided, majority if sided else None, "one item, one vote", draws),
        "vote weighted by kind": _figure(sided, weighted, "gold stance by kind, logistic", draws),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
