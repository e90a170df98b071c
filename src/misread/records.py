"""What goes in and what comes out: frozen records whose types are their validation.

The spelling of every field that crosses a file border. Reading them from loose data, with every problem named, is the work of
``formats.parse``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, get_args

import msgspec

Reading = Literal["conflict", "friendly"]
Stance = Literal["conflict", "friendly", "neutral"]
Kind = Literal[
    "participant_statement",
    "follow_up_post",
    "source_statement",
    "eyewitness",
    "official_statement",
    "extended_footage",
    "news_report",
    "expert_opinion",
    "fan_claim",
    "other",
]
Platform = Literal["tiktok", "instagram", "youtube", "x", "twitch", "tv", "other"]
Reason = Literal["low_confidence", "no_signal", "conflicting_evidence", "language", "unlike_training", "incomplete_capture"]

KINDS: tuple[str, ...] = get_args(Kind)
PLATFORMS: tuple[str, ...] = get_args(Platform)

#: A text is read to this many characters; what follows is left out with the warning ``cut_text``.
MAX_TEXT = 100_000

Count = Annotated[int, msgspec.Meta(ge=0)]
Grade = Annotated[int, msgspec.Meta(ge=0, le=3)]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})\Z")


class Comment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One voice of the crowd; ``stance`` is gold (the reading it takes) and ``None`` outside labelled corpora."""

    comment_id: str
    text: str = ""
    author: str | None = None
    likes: Count | None = None
    posted_at: str | None = None
    reply_to: str | None = None
    stance: Stance | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that turned up besides the crowd; ``stance`` and ``relevance`` (0 to 3) are gold."""

    evidence_id: str
    kind: Kind = "other"
    text: str = ""
    author: str | None = None
    posted_at: str | None = None
    url: str | None = None
    stance: Stance | None = None
    relevance: Grade | None = None


class Clip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything there is about one clip.

    Times are kept as they were written (RFC 3339 with an offset, or a bare date meaning *known to the day*); `known_at` reads them.

    Examples
    --------
    >>> Clip(clip_id="1", caption="they made up").event
    '1'
    """

    clip_id: str
    caption: str = ""
    transcript: str | None = None
    platform: Platform | None = None
    url: str | None = None
    posted_at: str | None = None
    participants: tuple[str, ...] = ()
    group_id: str | None = None
    comments: tuple[Comment, ...] = ()
    n_comments_total: Count | None = None
    evidence: tuple[Evidence, ...] = ()
    label: Reading | None = None
    first_impression: Reading | None = None
    tags: dict[str, Any] | None = None

    @property
    def event(self) -> str:
        """The event that the clip belongs to; never split between training and test."""
        return self.group_id or self.clip_id


class Span(msgspec.Struct, frozen=True):
    """Words that spoke: code points ``start`` to ``end`` of the original text, and their share (toward conflict positive)."""

    start: int
    end: int
    text: str
    effect: float


class RankedEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One item of evidence in its place in the ranking; ``effect`` is its share of the verdict's ``logit``."""

    evidence_id: str
    rank: int
    stance: Stance
    p_stance: dict[str, float]
    relevance: float
    effect: float
    words: tuple[Span, ...] = ()


class MovingComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that moved the crowd's reading; ``effect`` is its share of the crowd's log-odds."""

    comment_id: str
    effect: float
    words: tuple[Span, ...] = ()


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of ``logit``, toward conflict positive."""

    prior: float
    caption: float
    transcript: float
    crowd: float
    evidence: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What misread says about one clip; ``p_conflict`` = sigmoid(``logit``), ``logit`` = the sum of ``parts``."""

    clip_id: str
    verdict: Literal["conflict", "friendly", "unsure"]
    p_conflict: float
    logit: float
    parts: Parts
    p_conflict_crowd: float
    p_misread: float
    misread: bool
    reason: Reason | None
    warnings: tuple[str, ...]
    summary: str
    evidence: tuple[RankedEvidence, ...]
    caption_words: tuple[Span, ...]
    transcript_words: tuple[Span, ...]
    comments: tuple[MovingComment, ...]
    model_id: str


def time_problem(text: str) -> str | None:
    """Why ``text`` is no time that misread accepts, or ``None`` if it is one.

    Examples
    --------
    >>> time_problem("2023-09-13"), time_problem("2023-09-13T02:10:00Z")
    (None, None)
    >>> time_problem("2023-09-13T02:10:00")
    'a time without an offset'
    """
    if _DATE.match(text) or _TIME.match(text):
        try:
            datetime.fromisoformat(text.upper()[:10])
            known_at(text)
        except (ValueError, OverflowError):
            return "no such date or time"
        return None
    if re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\Z", text):
        return "a time without an offset"
    return "not a time"


def known_at(text: str) -> datetime:
    """The first moment at which something so dated is surely known: the time itself, or the end of a bare date's day (UTC).

    Raises
    ------
    ValueError
        If ``text`` is no time.

    Examples
    --------
    >>> known_at("2023-09-13").isoformat()
    '2023-09-14T00:00:00+00:00'
    """
    if _DATE.match(text):
        return datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=1)
    return datetime.fromisoformat(text.upper().replace("Z", "+00:00")).astimezone(UTC)


def as_of(clip: Clip, moment: str) -> tuple[Clip, tuple[str, ...]]:
    """The clip as it was known at ``moment``, and warnings about what could not be dated.

    Comments and evidence known later are left out; undated comments stay, undated evidence is left out and warned of.

    Examples
    --------
    >>> clip = Clip(clip_id="1", evidence=(Evidence(evidence_id="1", text="they made up"),))
    >>> as_of(clip, "2023-09-13T02:10:00Z")[1]
    ('undated_evidence',)
    """
    then = known_at(moment)
    comments = tuple(c for c in clip.comments if c.posted_at is None or known_at(c.posted_at) <= then)
    evidence = tuple(e for e in clip.evidence if e.posted_at is not None and known_at(e.posted_at) <= then)
    undated = any(e.posted_at is None for e in clip.evidence)
    known = msgspec.structs.replace(clip, comments=comments, evidence=evidence, n_comments_total=None)
    return known, ("undated_evidence",) if undated else ()
