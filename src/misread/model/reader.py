"""Which reading does this text support, and which of its words say so."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from misread.records import KINDS, Span
from misread.text import features
from misread.text.features import Features

#: What a text is summed up to: log-odds of each reading that it may support, against neutral, and a third number: of evidence, that it
#: bears on what happened; of the clip's own texts, their mood as the frozen base reader hears it: angry or warm, whatever that says about
#: these people.
SCORES = ("conflict", "friendly", "third")
#: What the table holds for each feature: the scores in evidence, then in the clip's own texts, where the same words say other things.
COLUMNS = tuple(f"{side}.{score}" for side in ("evidence", "own") for score in SCORES)

#: Where a text stands: how often it takes sides, and bears on what happened, differs. For evidence it is the kind.
OWN_ROLES = ("caption", "transcript", "comment")
ROLES = (*OWN_ROLES, *KINDS)

#: Scores of a text with nothing to read: neutral and, as evidence, off topic.
SILENCE_OF_EVIDENCE, SILENCE = (-40.0, -40.0, -8.0), (-40.0, -40.0, 0.0)

_MOST_SPANS = 12
_LEAST_SHARE = 0.04


@dataclass(frozen=True)
class TextReading:
    """What one text says.

    Attributes
    ----------
    scores
        The sums over the text's features plus the role's bias, one for each of `SCORES`.
    p_conflict, p_friendly, p_neutral
        Probabilities that sum to 1.
    shares, moods
        Each feature's share of the tone, and of the third score.
    """

    source: Features
    scores: tuple[float, float, float]
    p_conflict: float
    p_friendly: float
    p_neutral: float
    shares: Sequence[float]
    moods: Sequence[float]

    @property
    def tone(self) -> float:
        """Log-odds of conflict against friendly, a sum over the text's words."""
        return self.scores[0] - self.scores[1]

    @property
    def relevance_score(self) -> float:
        """Of evidence: log-odds, from its own words, that it bears on what happened."""
        return self.scores[2]

    @property
    def stance(self) -> float:
        """``p_conflict - p_friendly``, in (-1, 1); equals ``(1 - p_neutral) * tanh(tone / 2)``, so words share in it in proportion."""
        return self.p_conflict - self.p_friendly

    @property
    def mood(self) -> float:
        """Of the clip's own texts: how angry or warm the words are, in (-1, 1), angry positive."""
        return math.tanh(self.scores[2] / 2)

    @property
    def likeliest(self) -> str:
        """The stance with the highest probability; ties go to neutral, then friendly."""
        best = max(self.p_neutral, self.p_friendly, self.p_conflict)
        return "neutral" if self.p_neutral == best else "friendly" if self.p_friendly == best else "conflict"

    @cached_property
    def per_tone(self) -> float:
        """Stance for each unit of tone: what turns a word's share of the tone into its share of the stance; in (0, 0.5]."""
        if abs(self.tone) < 1e-9:
            return (1 - self.p_neutral) / 2
        return self.stance / self.tone

    @cached_property
    def per_mood(self) -> float:
        """Mood for each unit of its score; in (0, 0.5]."""
        return self.mood / self.scores[2] if abs(self.scores[2]) > 1e-9 else 0.5

    def words(self, effect_of_stance: float, effect_of_mood: float = 0.0) -> tuple[Span, ...]:
        """The words that spoke, in the order of the text.

        Parameters
        ----------
        effect_of_stance
            What one unit of this text's stance is worth in the verdict (or in the crowd's reading).
        effect_of_mood
            The same for one unit of its mood.

        Returns
        -------
        tuple of Span
            At most twelve, those with the largest effects; offsets are code points of the original text.
        """
        by_token = self._by_token(self.per_tone * effect_of_stance, self.per_mood * effect_of_mood)
        least = _LEAST_SHARE * sum(map(abs, by_token))
        loud = [i for i, share in enumerate(by_token) if abs(share) > least and self.source.tokens[i].text[0] not in ".,;:()\"'*#@&%-"]
        loud = sorted(sorted(loud, key=lambda i: -abs(by_token[i]))[:_MOST_SPANS])
        spans = []
        for i in loud:
            token = self.source.tokens[i]
            start, end = self.source.source.span(token.start, token.end)
            spans.append(Span(start, end, "", by_token[i]))
        return tuple(spans)

    def _by_token(self, of_tone: float, of_mood: float) -> list[float]:
        """Each token's effect; what a pair says is split evenly between its two words."""
        total = [0.0] * len(self.source.tokens)
        for tone, mood, (first, last) in zip(self.shares, self.moods, self.source.owners, strict=True):
            half = (tone * of_tone + mood * of_mood) / 2
            total[first] += half
            total[last] += half
        return total


@dataclass(frozen=True)
class TextReader:
    """A table of weights, one row a known feature, one column for each of `COLUMNS`; reading is look-ups and a sum.

    Parameters
    ----------
    keys
        The hashes of the known features, rising; any other feature says nothing.
    table
        16-bit whole numbers, ``len(keys) * len(COLUMNS)`` long, row by row.
    unit
        What 1 in each column stands for, in log-odds.
    bias
        For each of `ROLES` one number a score.
    """

    keys: Sequence[int]
    table: Sequence[float]
    unit: Sequence[float]
    bias: Mapping[str, Sequence[float]]

    def read(self, text: str, role: str) -> TextReading:
        """Read one text in its role; a text without a word or sign is wholly neutral.

        Examples
        --------
        >>> reader = TextReader([], [], [1.0] * 6, {"caption": (0.0, 0.0, 0.0)})
        >>> reader.read("they argued", "caption").stance
        0.0
        """
        source = features.read(text)
        if not source.hashes:
            return TextReading(source, SILENCE if role in OWN_ROLES else SILENCE_OF_EVIDENCE, 0.0, 0.0, 1.0, (), ())
        keys, table, width, n_keys = self.keys, self.table, len(COLUMNS), len(self.keys)
        side = len(SCORES) if role in OWN_ROLES else 0
        of_conflict, of_friendly, of_third = (source.scale * unit for unit in self.unit[side : side + len(SCORES)])
        conflict = friendly = third = 0.0
        shares, moods = [], []
        for crc in source.hashes:
            place = bisect_left(keys, crc)
            if place == n_keys or keys[place] != crc:
                shares.append(0.0)
                moods.append(0.0)
                continue
            row = place * width + side
            c, f, t = table[row], table[row + 1], table[row + 2]
            conflict += c
            friendly += f
            third += t
            shares.append(c * of_conflict - f * of_friendly)
            moods.append(t * of_third)
        bias = self.bias[role]
        scores = (conflict * of_conflict + bias[0], friendly * of_friendly + bias[1], third * of_third + bias[2])
        top = max(scores[0], scores[1], 0.0)
        e = math.exp(scores[0] - top), math.exp(scores[1] - top), math.exp(-top)
        total = sum(e)
        return TextReading(source, scores, e[0] / total, e[1] / total, e[2] / total, shares, moods)

    def knows(self, word: str) -> bool:
        """Whether anything was ever learnt of a word in normal form.

        Examples
        --------
        >>> TextReader([features.word_hash("fight")], [1] * 6, [1.0] * 6, {}).knows("fight")
        True
        """
        crc = features.word_hash(word)
        place = bisect_left(self.keys, crc)
        return place < len(self.keys) and self.keys[place] == crc


def with_text(spans: tuple[Span, ...], original: str) -> tuple[Span, ...]:
    """Spans with the words that they mark in ``original``.

    Examples
    --------
    >>> with_text((Span(0, 3, "", 1.0),), "Lol ok")[0].text
    'Lol'
    """
    return tuple(Span(s.start, s.end, original[s.start : s.end], s.effect) for s in spans)
