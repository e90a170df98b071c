"""Relevance × stance × learnt trust in its kind = signed effect; the effects, sorted, are the ranking."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from misread.model.reader import TextReading
from misread.records import Clip, Evidence
from misread.text.copies import clusters, word_set

#: What the relevance of an item is read from, besides the intercept.
RELEVANCE_FEATURES = ("words", "overlap", "people")

_ECHO = 0.6
_ECHO_WORDS = 5


@dataclass(frozen=True)
class Scene:
    """What the clip itself talks of: the words of caption, transcript and comments, and its people's names."""

    words: frozenset[str]
    people: frozenset[str]


@dataclass(frozen=True)
class Weighed:
    """One item weighed: relevance in [0, 1], stance in (-1, 1), signed effect in the verdict's log-odds, and echoes in its group."""

    item: Evidence
    reading: TextReading
    relevance: float
    effect: float
    echoes: int


def scene(clip: Clip) -> Scene:
    """What relevance is measured against; it never includes other evidence, so items do not lean on one another.

    Examples
    --------
    >>> sorted(scene(Clip(clip_id="1", caption="the ref saw", participants=("Ana Bo",))).people)
    ['ana', 'bo']
    """
    words = set(word_set(clip.caption)) | word_set(clip.transcript or "")
    for comment in clip.comments:
        words |= word_set(comment.text)
    people = frozenset(word for name in clip.participants for word in word_set(name))
    return Scene(frozenset(w for w in words if len(w) > 3), people)


def relevance_features(item: Evidence, score: float, around: Scene) -> tuple[float, float, float]:
    """The three numbers of `RELEVANCE_FEATURES`.

    Parameters
    ----------
    item
        The item of evidence.
    score
        What its words say of its relevance (`TextReading.relevance_score`).
    around
        The clip's own words and people.

    Returns
    -------
    tuple
        The score; the share of the item's longer words that the clip shares; 1 where a participant is named in it or is its author.

    Examples
    --------
    >>> around = Scene(frozenset({"handshake"}), frozenset({"ana"}))
    >>> relevance_features(Evidence(evidence_id="1", text="Ana liked that handshake"), 0.2, around)
    (0.2, 0.3333333333333333, 1.0)
    """
    own = word_set(item.text)
    longer = [w for w in own if len(w) > 3]
    overlap = sum(w in around.words for w in longer) / len(longer) if longer else 0.0
    named = bool(around.people & (own | word_set(item.author or "")))
    return score, overlap, float(named)


@dataclass(frozen=True)
class EvidenceRanker:
    """Learnt weights of relevance (intercept first) and trust in each kind (log-odds of a wholly relevant, wholly sided item)."""

    relevance: Sequence[float]
    trust: Mapping[str, float]

    def relevance_of(self, found: Sequence[float]) -> float:
        """Relevance from `relevance_features`.

        Examples
        --------
        >>> EvidenceRanker((0.0, 1.0, 0.0, 0.0), {}).relevance_of((0.0, 1.0, 1.0))
        0.5
        """
        z = self.relevance[0] + sum(w * x for w, x in zip(self.relevance[1:], found, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))

    def weigh(self, clip: Clip, readings: Sequence[TextReading]) -> list[Weighed]:
        """Each item's effect, in the order of the clip; echoes share one effect.

        Parameters
        ----------
        clip
            The clip whose evidence is weighed.
        readings
            One for each item of ``clip.evidence``.
        """
        around = scene(clip)
        relevances = [
            self.relevance_of(relevance_features(e, r.relevance_score, around)) for e, r in zip(clip.evidence, readings, strict=True)
        ]
        alone = [self.trust[e.kind] * rel * r.stance for e, rel, r in zip(clip.evidence, relevances, readings, strict=True)]
        groups = echo_groups(clip.evidence)
        shared = share_echoes(alone, groups)
        size = Counter(groups)
        rows = zip(clip.evidence, readings, relevances, shared, groups, strict=True)
        return [Weighed(item, reading, rel, effect, size[group]) for item, reading, rel, effect, group in rows]


def echo_groups(items: Sequence[Evidence]) -> list[int]:
    """For each item the position of the first item that it repeats (itself where it repeats none)."""
    return clusters([item.text for item in items], _ECHO, min_words=_ECHO_WORDS)


def share_echoes(alone: Sequence[float], groups: Sequence[int]) -> list[float]:
    """Effects when the items of a group count once: the group weighs as its strongest member, split in proportion.

    Examples
    --------
    >>> share_echoes([1.0, 3.0, -2.0], [0, 0, 2])
    [0.75, 2.25, -2.0]
    """
    size: Counter[int] = Counter()
    strongest: dict[int, float] = {}
    for effect, group in zip(alone, groups, strict=True):
        size[group] += 1
        strongest[group] = max(strongest.get(group, 0.0), abs(effect))
    weight: dict[int, float] = {}
    for effect, group in zip(alone, groups, strict=True):
        weight[group] = weight.get(group, 0.0) + abs(effect)
    return [e * strongest[g] / weight[g] if size[g] > 1 and weight[g] > 0 else e for e, g in zip(alone, groups, strict=True)]
