"""Log-odds that add up, and, apart from them, the rule that turns them into a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from misread.records import Reason

_EXTREME = 30.0


def sigmoid(logit: float) -> float:
    """The probability of log-odds, kept inside (0, 1).

    Examples
    --------
    >>> sigmoid(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-_EXTREME, min(_EXTREME, logit))))


def log_odds(p: float) -> float:
    """The log-odds of a probability strictly between 0 and 1.

    Examples
    --------
    >>> log_odds(0.5)
    0.0
    """
    return math.log(p / (1 - p))


def p_misread(p_conflict: float, p_conflict_crowd: float) -> float:
    """The chance that crowd and truth differ, were they drawn apart: p(1 - c) + (1 - p)c.

    Examples
    --------
    >>> p_misread(0.0, 1.0), p_misread(1.0, 1.0)
    (1.0, 0.0)
    """
    return p_conflict * (1 - p_conflict_crowd) + (1 - p_conflict) * p_conflict_crowd


@dataclass(frozen=True)
class Fusion:
    """Weights of the parts, calibration folded in.

    Where there is no comment to set beside the caption, its mood counts too (``mood_alone``), never under a floor: what is learnt from
    invented clips must not unteach what tone tells of a plain post. Evidence needs no weight: its effects are in log-odds already, so
    leaving an item out moves the sum by just its effect, echoes aside: items that repeat one another share one.
    """

    bias: float
    caption: float
    transcript: float
    crowd: float
    mood_alone: float

    def mood_weight(self, has_comments: bool) -> float:
        """What a unit of the caption's mood is worth."""
        return 0.0 if has_comments else self.mood_alone


@dataclass(frozen=True)
class CrowdHead:
    """Weights of the crowd's own reading, how the clip is taken, whatever it is: what caption and comments say, and their moods."""

    bias: float
    caption: float
    transcript: float
    comments: float
    caption_mood: float
    comments_mood: float


@dataclass(frozen=True)
class Decision:
    """The rule that turns a probability into a verdict; no part of the score, so a threshold can be refitted alone.

    Parameters
    ----------
    unsure_below
        Abstain where the likelier reading's probability is under this, in [0.5, 1]; ``None``: never.
    """

    unsure_below: float | None = None

    def decide(
        self, p_conflict: float, cause: Reason | None = None, doubt: Reason = "low_confidence"
    ) -> tuple[Literal["conflict", "friendly", "unsure"], Reason | None]:
        """Verdict and, where it is ``unsure``, why.

        Parameters
        ----------
        p_conflict
            In (0, 1).
        cause
            A measured cause for which no verdict can be given, whatever the probability.
        doubt
            What makes a probability below the threshold so low.

        Examples
        --------
        >>> Decision().decide(0.51), Decision(0.8).decide(0.51), Decision().decide(0.9, "language")
        (('conflict', None), ('unsure', 'low_confidence'), ('unsure', 'language'))
        """
        if cause is not None:
            return "unsure", cause
        if self.unsure_below is not None and max(p_conflict, 1 - p_conflict) < self.unsure_below:
            return "unsure", doubt
        return ("conflict" if p_conflict >= 0.5 else "friendly"), None


#: The default rule: always answer, but where there is nothing to read.
NEVER_UNSURE = Decision()
