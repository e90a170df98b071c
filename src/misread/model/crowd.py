"""Comments → first impression: copies collapsed, one voice an author, likes with diminishing weight, noise no louder for being much."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from misread.records import Comment
from misread.text.copies import clusters

#: Weight of nobody's voice, which the crowd's mean is drawn toward: three voices are believed for three quarters.
SILENT = 1.0
_COPY = 0.8


@dataclass(frozen=True)
class Crowd:
    """The crowd's mean reading, in (-1, 1), conflict positive, and what each comment adds to it (they sum to it)."""

    mean: float
    shares: tuple[float, ...]


def loudness(likes: int | None) -> float:
    """Weight of a comment: 1 without likes, 2 at about 100, never more than 3.

    Examples
    --------
    >>> loudness(None), loudness(99), loudness(10**9)
    (1.0, 2.0, 3.0)
    """
    return min(3.0, 1.0 + math.log10(1 + (likes or 0)) / 2)


def voices(comments: Sequence[Comment]) -> list[float]:
    """How much each comment weighs once copies and repeated authors are collapsed.

    A group of near-copies weighs as much as its loudest member, an author as much as the loudest of theirs; within a group the weight
    is shared evenly, so nobody gains by saying a thing twice.

    Examples
    --------
    >>> [round(w, 2) for w in voices([Comment(comment_id=str(i), text="total fake fight") for i in range(4)])]
    [0.25, 0.25, 0.25, 0.25]
    """
    weights = [loudness(c.likes) for c in comments]
    authors = [c.author or f"\0{i}" for i, c in enumerate(comments)]
    copies = [str(leader) for leader in clusters([c.text for c in comments], _COPY, min_words=3)]
    for groups in (authors, copies):
        size = Counter(groups)
        loudest: dict[str, float] = {}
        for group, weight in zip(groups, weights, strict=True):
            loudest[group] = max(loudest.get(group, 0.0), weight)
        weights = [min(w, loudest[g] / size[g]) for g, w in zip(groups, weights, strict=True)]
    return weights


def mean_reading(stances: Sequence[float], weights: Sequence[float]) -> Crowd:
    """The crowd's reading as a weighted mean drawn toward silence.

    Parameters
    ----------
    stances
        One a comment, in (-1, 1).
    weights
        From `voices`.

    Examples
    --------
    >>> mean_reading([1.0, -1.0, 1.0], [1.0, 1.0, 1.0]).mean
    0.25
    """
    total = sum(weights) + SILENT
    shares = tuple(w * s / total for w, s in zip(weights, stances, strict=True))
    return Crowd(sum(shares), shares)
