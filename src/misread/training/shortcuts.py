"""The sides of a clip from which nobody should be able to tell its label: texts beside the matter, and the form of the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from misread.records import KINDS, PLATFORMS, Clip, known_at

#: So many places are looked at one by one; longer lists are seen from their ends.
_PLACES = 6
_HOUR = 3600.0


def _joined(texts: Iterable[str | None]) -> str:
    return "\n".join(text for text in texts if text and not text.isspace())


#: A clip → one bag of words; a clip whose bag is empty is not asked.
TEXTS: dict[str, Callable[[Clip], str]] = {
    "caption": lambda c: _joined([c.caption]),
    "comments": lambda c: _joined(m.text for m in c.comments),
    "transcript": lambda c: _joined([c.transcript]),
    "distractors": lambda c: _joined(e.text for e in c.evidence if e.relevance in (0, 1)),
    "authors": lambda c: _joined([*(m.author for m in c.comments), *(e.author for e in c.evidence)]),
}


def all_evidence(clip: Clip) -> str:
    """Every item of evidence in one text: what may and should tell.

    Examples
    --------
    >>> all_evidence(Clip(clip_id="a"))
    ''
    """
    return _joined(e.text for e in clip.evidence)


def kinds(clip: Clip) -> list[float]:
    """How many items of each kind, in the order of `KINDS`, and how many at all.

    Examples
    --------
    >>> sum(kinds(Clip(clip_id="a")))
    0.0
    """
    given = [e.kind for e in clip.evidence]
    return [*(float(given.count(kind)) for kind in KINDS), float(len(given))]  # type: ignore[arg-type]


def lengths(clip: Clip) -> list[float]:
    """Lengths in words and characters of all texts, and how many of each there are.

    Examples
    --------
    >>> lengths(Clip(clip_id="a", caption="they made up"))[:2]
    [3.0, 12.0]
    """
    comments = [c.text for c in clip.comments]
    evidence = [e.text for e in clip.evidence]
    out = [*_size(clip.caption), *_size(clip.transcript or ""), float(clip.transcript is not None)]
    for texts in (comments, evidence):
        words = [float(len(t.split())) for t in texts]
        out += [float(len(texts)), *_summary(words), *_summary([float(len(t)) for t in texts])]
    out += _at_places([float(len(t.split())) for t in evidence], _PLACES)
    return [*out, float(len(clip.participants)), float(clip.n_comments_total or 0), float(clip.n_comments_total is not None)]


def positions(clip: Clip) -> list[float]:
    """Which kind stands at which place (the last one too), and where the longest comment and item stand.

    Examples
    --------
    >>> sum(positions(Clip(clip_id="a")))
    0.0
    """
    given = [e.kind for e in clip.evidence]
    out = [float(i < len(given) and given[i] == kind) for i in range(_PLACES) for kind in KINDS]
    out += [float(bool(given) and given[-1] == kind) for kind in KINDS]
    for texts in ([c.text for c in clip.comments], [e.text for e in clip.evidence]):
        out += _place_of_greatest([float(len(t)) for t in texts])
    return out


def likes(clip: Clip) -> list[float]:
    """Likes of the comments: how many, how they are spread, where the most are.

    Examples
    --------
    >>> sum(likes(Clip(clip_id="a")))
    0.0
    """
    counted = [math.log1p(c.likes) for c in clip.comments if c.likes is not None]
    n = max(len(clip.comments), 1)
    n_zero = sum(c.likes == 0 for c in clip.comments)
    shares = [len(counted) / n if clip.comments else 0.0, n_zero / n, sum(value > math.log(100) for value in counted) / n]
    return [*_summary(counted), *shares, *_place_of_greatest(counted), *_at_places(counted, _PLACES)]


def platforms(clip: Clip) -> list[float]:
    """Which platform, or none.

    Examples
    --------
    >>> sum(platforms(Clip(clip_id="a", platform="tv")))
    1.0
    """
    return [float(clip.platform == name) for name in (*PLATFORMS, None)]


def times(clip: Clip) -> list[float]:
    """Hour, weekday, month and year of the clip; gaps to and between what followed; shares of bare dates and of what is undated.

    Examples
    --------
    >>> times(Clip(clip_id="a", posted_at="2024-05-01T18:30:00Z"))[:3]
    [18.5, 3.0, 5.0]
    """
    start = _moment(clip.posted_at)
    out = [0.0, 0.0, 0.0, 0.0, 0.0] if start is None else [*_clock(start), float(start.year), 1.0]
    for given in ([c.posted_at for c in clip.comments], [e.posted_at for e in clip.evidence]):
        n = max(len(given), 1)
        bare = sum(t is not None and len(t) == len("2024-05-01") for t in given)
        out += [bare / n, sum(t is None for t in given) / n]
        known = sorted(m for t in given if (m := _moment(t)) is not None)
        gaps = [math.log1p(max((m - start).total_seconds(), 0.0) / _HOUR) for m in known] if start is not None else []
        between = [math.log1p((b - a).total_seconds() / _HOUR) for a, b in pairwise(known)]
        out += [*_summary(gaps), *_summary(between), *(_clock(known[0]) if known else (0.0, 0.0, 0.0))]
    return out


#: A clip → numbers about its form; every clip is asked.
NUMBERS: dict[str, Callable[[Clip], list[float]]] = {
    "kinds": kinds,
    "lengths": lengths,
    "positions": positions,
    "likes": likes,
    "platforms": platforms,
    "times": times,
}


def signed_kinds(clip: Clip) -> list[float]:
    """For each kind how many items take the side of conflict less those of friendly, by gold stance: a vote, to be weighted.

    Examples
    --------
    >>> sum(signed_kinds(Clip(clip_id="a")))
    0.0
    """
    side = {"conflict": 1.0, "friendly": -1.0}
    return [sum((side.get(e.stance or "", 0.0) for e in clip.evidence if e.kind == kind), 0.0) for kind in KINDS]


def _size(text: str) -> list[float]:
    return [float(len(text.split())), float(len(text))]


def _summary(values: Sequence[float]) -> list[float]:
    """Sum, mean, smallest and greatest, and their distance; zeros where there is nothing."""
    if not values:
        return [0.0] * 5
    return [sum(values), sum(values) / len(values), min(values), max(values), max(values) - min(values)]


def _at_places(values: Sequence[float], n: int) -> list[float]:
    return [values[i] if i < len(values) else 0.0 for i in range(n)]


def _place_of_greatest(values: Sequence[float]) -> list[float]:
    """Place from the start (from 1), relative place, whether first, whether last; zeros where there is nothing."""
    if not values:
        return [0.0] * 4
    place = max(range(len(values)), key=lambda i: values[i])
    return [place + 1.0, (place + 1) / len(values), float(place == 0), float(place == len(values) - 1)]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else known_at(text)


def _clock(moment: datetime) -> list[float]:
    local = moment.astimezone(UTC)
    return [local.hour + local.minute / 60, float(local.isoweekday()), float(local.month)]
