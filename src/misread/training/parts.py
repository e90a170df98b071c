"""Clips whose texts have been read → the numbers that the verdict is fitted on, by the very functions that serve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from misread.model.crowd import mean_reading, voices
from misread.model.evidence import EvidenceRanker, echo_groups, relevance_features, scene, share_echoes
from misread.records import KINDS, Clip
from misread.training.reading import Readings

Floats = npt.NDArray[np.float64]

#: Columns of the crowd's head.
CROWD_COLUMNS = ("caption", "transcript", "comments", "caption_mood", "comments_mood")
#: Columns of the verdict before the kinds of evidence; the last is the caption's mood where there are no comments.
FUSION_COLUMNS = ("caption", "transcript", "crowd", "mood_alone")


@dataclass(frozen=True)
class ClipNumbers:
    """What one clip says once its texts are read: stances, moods, and one signed sum of relevance × stance a kind of evidence."""

    caption: float
    transcript: float
    crowd: float
    has_comments: bool
    kinds: Floats
    caption_mood: float = 0.0
    crowd_mood: float = 0.0


def relevance_rows(clips: Sequence[Clip], readings: Readings, starts: Sequence[int]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Features of relevance for every evidence item and the row of its reading; shapes (n_items, 3) and (n_items,)."""
    rows: list[tuple[float, float, float]] = []
    places: list[int] = []
    for clip, start in zip(clips, starts, strict=True):
        around = scene(clip)
        first = start + 2 + len(clip.comments)
        for i, item in enumerate(clip.evidence):
            rows.append(relevance_features(item, float(readings.scores[first + i, 2]), around))
            places.append(first + i)
    return np.array(rows).reshape(-1, 3), np.array(places, dtype=np.int64)


def clip_numbers(clips: Sequence[Clip], readings: Readings, starts: Sequence[int], relevance: Sequence[float]) -> list[ClipNumbers]:
    """One `ClipNumbers` a clip.

    Parameters
    ----------
    clips
        The clips.
    readings
        Of all their texts in the order of `examples.from_clip`; out of sample where what is fitted on them is to be believed.
    starts
        Row of each clip's first text.
    relevance
        Intercept and weights of relevance.
    """
    ranker = EvidenceRanker(tuple(float(w) for w in relevance), {})
    stance, mood = readings.stance, readings.mood
    out = []
    for clip, start in zip(clips, starts, strict=True):
        n = len(clip.comments)
        loudness, own = voices(clip.comments), slice(start + 2, start + 2 + n)
        crowd, crowd_mood = (mean_reading(side[own].tolist(), loudness).mean for side in (stance, mood))
        around = scene(clip)
        first = start + 2 + n
        alone = [
            ranker.relevance_of(relevance_features(item, float(readings.scores[first + i, 2]), around)) * float(stance[first + i])
            for i, item in enumerate(clip.evidence)
        ]
        kinds = np.zeros(len(KINDS))
        for item, effect in zip(clip.evidence, share_echoes(alone, echo_groups(clip.evidence)), strict=True):
            kinds[KINDS.index(item.kind)] += effect
        caption_mood = float(mood[start])
        out.append(ClipNumbers(float(stance[start]), float(stance[start + 1]), crowd, n > 0, kinds, caption_mood, crowd_mood))
    return out


def crowd_design(numbers: Sequence[ClipNumbers]) -> Floats:
    """Rows over `CROWD_COLUMNS`."""
    return np.array([[c.caption, c.transcript, c.crowd, c.caption_mood, c.crowd_mood] for c in numbers])


def fusion_design(numbers: Sequence[ClipNumbers]) -> Floats:
    """Rows over `FUSION_COLUMNS` and then `KINDS`."""
    parts = np.array([[c.caption, c.transcript, c.crowd, c.caption_mood * (not c.has_comments)] for c in numbers])
    return np.column_stack([parts, np.array([c.kinds for c in numbers])])


def dropped(numbers: Sequence[ClipNumbers], comments: bool = False, evidence: bool = False, caption: bool = False) -> list[ClipNumbers]:
    """The same clips with parts taken away, as real records often lack them.

    Examples
    --------
    >>> dropped([ClipNumbers(0.5, 0.0, 0.2, True, np.zeros(10))], comments=True)[0].has_comments
    False
    """
    return [
        ClipNumbers(
            0.0 if caption else c.caption,
            c.transcript,
            0.0 if comments else c.crowd,
            c.has_comments and not comments,
            np.zeros(len(KINDS)) if evidence else c.kinds,
            0.0 if caption else c.caption_mood,
            0.0 if comments else c.crowd_mood,
        )
        for c in numbers
    ]
