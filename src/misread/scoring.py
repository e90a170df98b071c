"""score(model, clip) → verdict: the only place where the parts meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from misread.errors import InputError, ModelError, Problem
from misread.formats.parse import clip_from, only
from misread.model import bundle
from misread.model.bundle import Model
from misread.model.crowd import Crowd, mean_reading, voices
from misread.model.evidence import Weighed
from misread.model.reader import with_text
from misread.model.reading import ClipReading, doubt
from misread.model.verdict import NEVER_UNSURE, CrowdHead, Decision, log_odds, p_misread, sigmoid
from misread.records import MAX_TEXT, Clip, MovingComment, Parts, RankedEvidence, Verdict, as_of, time_problem
from misread.summary import summarise
from misread.text.language import langid_version

_TOLERANCE = 1e-6
_COMMENTS_SHOWN = 5


@dataclass(frozen=True)
class Options:
    """What a user may ask of a scoring.

    Parameters
    ----------
    as_of
        Use only what was known at this time; ``None``: everything.
    prior
        Share of conflict in the user's own stream, in (0, 1).
    decision
        The rule from probability to verdict.
    langid
        Notice other languages than English by py3langid, which must then be installed, instead of by small words.
    """

    as_of: str | None = None
    prior: float = 0.5
    decision: Decision = NEVER_UNSURE
    langid: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.prior < 1:
            raise InputError(Problem(f"expected a share between 0 and 1, got {self.prior}", "prior"))
        if self.as_of is not None and (reason := time_problem(self.as_of)):
            raise InputError(Problem(f"{reason}: {self.as_of!r}", "as_of", "RFC 3339 with an offset, or a bare date"))
        if self.langid:
            langid_version()  # said before any work is done


def load_model(folder: str | Path | None = None) -> Model:
    """A model that has proved itself: versions and hash checked, golden predictions replayed.

    Parameters
    ----------
    folder
        Model folder; ``None``: the model that comes with misread.

    Raises
    ------
    ModelError
        With a sentence that says what to do.

    Examples
    --------
    >>> load_model().meta.name
    'default'
    """
    path = bundle.shipped_folder("default") if folder is None else Path(folder)
    model = bundle.open_folder(path)
    for golden in model.meta.golden:
        logit = score(model, only(clip_from(golden.clip))).logit
        if abs(logit - golden.logit) > _TOLERANCE:
            raise ModelError(f"{path}: golden prediction is {logit:.6f}, should be {golden.logit:.6f}: train it again with this version")
    return model


def score(model: Model, clip: Clip, options: Options = Options()) -> Verdict:
    """The verdict on one clip.

    Parameters
    ----------
    model
        From `load_model`.
    clip
        Gold labels and tags in it are never looked at.
    options
        See `Options`.

    Examples
    --------
    >>> score(load_model(), Clip(clip_id="1", caption="He punched him and they had to be pulled apart, screaming")).verdict
    'conflict'
    """
    warnings: list[str] = []
    if options.as_of is not None:
        clip, undated = as_of(clip, options.as_of)
        warnings.extend(undated)
    read = ClipReading(model.reader, clip)
    loudness = voices(clip.comments)
    crowd, mood = (mean_reading(side, loudness) for side in ([r.stance for r in read.comments], [r.mood for r in read.comments]))
    weighed = model.ranker.weigh(clip, read.evidence)
    parts = _parts(model, clip, read, crowd, sum(w.effect for w in weighed), options.prior)
    logit = parts.prior + parts.caption + parts.transcript + parts.crowd + parts.evidence
    p = sigmoid(logit)
    c = sigmoid(_first_impression(model.crowd, read, crowd, mood))
    verdict, reason = options.decision.decide(p, read.cause(langid=options.langid), doubt(clip, weighed))
    ranked = _ranked(weighed, p)
    return Verdict(
        clip_id=clip.clip_id,
        verdict=verdict,
        p_conflict=p,
        logit=logit,
        parts=parts,
        p_conflict_crowd=c,
        p_misread=p_misread(p, c),
        misread=verdict != "unsure" and (p >= 0.5) != (c >= 0.5),
        reason=reason,
        warnings=tuple(warnings + _warnings(clip, read)),
        summary=summarise(clip, verdict, p, c, ranked, reason),
        evidence=ranked,
        caption_words=with_text(
            read.caption.words(model.fusion.caption, model.fusion.mood_weight(bool(clip.comments))),
            clip.caption,
        ),
        transcript_words=with_text(read.transcript.words(model.fusion.transcript), clip.transcript or ""),
        comments=_movers(clip, read, model.crowd, crowd, mood),
        model_id=model.meta.model_id,
    )


def _parts(model: Model, clip: Clip, read: ClipReading, crowd: Crowd, evidence: float, prior: float) -> Parts:
    """Shares of the log-odds."""
    fusion = model.fusion
    return Parts(
        prior=fusion.bias + log_odds(prior),
        caption=fusion.caption * read.caption.stance + fusion.mood_weight(bool(clip.comments)) * read.caption.mood,
        transcript=fusion.transcript * read.transcript.stance,
        crowd=fusion.crowd * crowd.mean,
        evidence=evidence,
    )


def _first_impression(head: CrowdHead, read: ClipReading, crowd: Crowd, mood: Crowd) -> float:
    """Log-odds that the crowd takes the clip for a conflict."""
    of_caption = head.caption * read.caption.stance + head.caption_mood * read.caption.mood
    return head.bias + of_caption + head.transcript * read.transcript.stance + head.comments * crowd.mean + head.comments_mood * mood.mean


def _ranked(weighed: Sequence[Weighed], p_conflict: float) -> tuple[RankedEvidence, ...]:
    """Strongest support for the likelier reading first, strongest opposition last, ties by input order."""
    sign = 1 if p_conflict >= 0.5 else -1
    order = sorted(weighed, key=lambda w: -sign * w.effect)
    return tuple(
        RankedEvidence(
            evidence_id=w.item.evidence_id,
            rank=rank,
            stance=w.reading.likeliest,  # type: ignore[arg-type]
            p_stance={"conflict": w.reading.p_conflict, "friendly": w.reading.p_friendly, "neutral": w.reading.p_neutral},
            relevance=w.relevance,
            effect=w.effect,
            words=with_text(w.reading.words(_per_unit(w.effect, w.reading.stance)), w.item.text),
        )
        for rank, w in enumerate(order, 1)
    )


def _movers(clip: Clip, read: ClipReading, head: CrowdHead, crowd: Crowd, mood: Crowd) -> tuple[MovingComment, ...]:
    """The comments that moved the crowd's reading most, loudest first."""
    shares = ((head.comments * said, head.comments_mood * felt) for said, felt in zip(crowd.shares, mood.shares, strict=True))
    rows = sorted(zip(clip.comments, read.comments, shares, strict=True), key=lambda row: -abs(sum(row[2])))
    return tuple(
        MovingComment(
            comment_id=comment.comment_id,
            effect=said + felt,
            words=with_text(reading.words(_per_unit(said, reading.stance), _per_unit(felt, reading.mood)), comment.text),
        )
        for comment, reading, (said, felt) in rows[:_COMMENTS_SHOWN]
    )


def _per_unit(effect: float, amount: float) -> float:
    return effect / amount if amount else 0.0


def _warnings(clip: Clip, read: ClipReading) -> list[str]:
    texts = [clip.caption, clip.transcript or "", *(c.text for c in clip.comments), *(e.text for e in clip.evidence)]
    found = {
        "partial_capture": clip.n_comments_total is not None and clip.n_comments_total > len(clip.comments),
        "cut_text": any(len(t) > MAX_TEXT for t in texts),
        "obfuscated_text": any(r.source.source.obfuscated for r in read.all),
    }
    return [name for name, holds in found.items() if holds]
