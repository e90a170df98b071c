"""Labelled clips and statements → single texts with what they should be read as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from misread.corpus.read import Statement
from misread.records import Clip

#: Graded relevance as a probability of bearing on the reading: off topic, mentions the event, bears on it, decisive.
RELEVANCE_TARGET = (0.0, 0.15, 0.75, 1.0)

_OPINION_WEIGHT = 0.5


@dataclass(frozen=True)
class Example:
    """One text, where it stands (`model.reader.ROLES`), the event it belongs to, and its gold.

    Attributes
    ----------
    stance
        The reading that it supports, ``None`` where unknown.
    relevance
        Of evidence, in [0, 1].
    weight
        How much it counts in learning stance.
    """

    text: str
    role: str
    event: str
    stance: str | None
    relevance: float | None = None
    weight: float = 1.0


def from_clip(clip: Clip) -> list[Example]:
    """Every text of a clip, in the order caption, transcript, comments, evidence; ``stance`` is ``None`` where there is no gold.

    A caption is an example where the corpus says what it does (``tags.caption``), or where it is all that there is: then the label is
    what it should be read as.

    Examples
    --------
    >>> from_clip(Clip(clip_id="1", caption="they made up", label="friendly"))[0].stance
    'friendly'
    """
    caption = Example(clip.caption, "caption", clip.event, _caption_stance(clip))
    transcript = Example(clip.transcript or "", "transcript", clip.event, None)
    comments = [Example(c.text, "comment", clip.event, c.stance) for c in clip.comments]
    evidence = [
        Example(
            e.text,
            e.kind,
            clip.event,
            e.stance,
            None if e.relevance is None else RELEVANCE_TARGET[e.relevance],
            weight=_OPINION_WEIGHT if e.relevance == 1 and e.stance != "neutral" else 1.0,
        )
        for e in clip.evidence
    ]
    return [caption, transcript, *comments, *evidence]


def from_statements(statements: Iterable[Statement]) -> list[Example]:
    """Single statements, each in the role of its kind; one scene is one event.

    Examples
    --------
    >>> s = Statement(statement_id="1", kind="other", text="they made up", about="two men argue", stance="friendly")
    >>> from_statements([s])[0].role
    'other'
    """
    return [Example(s.text, s.kind, "about: " + s.about, s.stance) for s in statements]


def _caption_stance(clip: Clip) -> str | None:
    does = (clip.tags or {}).get("caption")
    if clip.label is None or does is None:
        alone = clip.label is not None and not clip.comments and not clip.evidence
        return clip.label if alone else None
    if does == "tells":
        return clip.label
    if does == "wrong":
        return "friendly" if clip.label == "conflict" else "conflict"
    return "neutral"
