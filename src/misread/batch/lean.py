"""Verdicts cut down to what is wanted: no words, or the weightiest evidence only."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from misread.errors import InputError, Problem
from misread.records import RankedEvidence, Verdict


@dataclass(frozen=True)
class Lean:
    """What of a verdict is kept.

    Parameters
    ----------
    words
        Keep the words that spoke; else the lists of them are empty.
    top
        Keep so many items of evidence: those of the largest effect, either way, in the order and with the ranks that they had among
        all. ``None``: all.
    """

    words: bool = True
    top: int | None = None

    def __post_init__(self) -> None:
        if self.top is not None and self.top < 0:
            raise InputError(Problem(f"expected a number from 0, got {self.top}", "top"))

    def of(self, verdict: Verdict) -> Verdict:
        """The verdict, cut down; fields stay, so that the columns do."""
        if self == ALL:
            return verdict
        evidence = _weightiest(verdict.evidence, self.top)
        if self.words:
            return replace(verdict, evidence=evidence)
        return replace(
            verdict,
            evidence=tuple(replace(item, words=()) for item in evidence),
            caption_words=(),
            transcript_words=(),
            comments=tuple(replace(comment, words=()) for comment in verdict.comments),
        )


def _weightiest(items: tuple[RankedEvidence, ...], top: int | None) -> tuple[RankedEvidence, ...]:
    if top is None or len(items) <= top:
        return items
    kept = {item.rank for item in sorted(items, key=lambda item: (-abs(item.effect), item.rank))[:top]}
    return tuple(item for item in items if item.rank in kept)


ALL = Lean()
