"""THE definition of the features: a text as a list of hashed signs, each owned by the words that it came from.

Words, word pairs, character n-grams within words, and named cues; a word in the reach of a negation is a feature of its own.
A feature is known by its CRC-32 alone (zlib: fast in plain Python, simple in a compiled twin); among the some 200,000 that a reader knows
and the 2³² that there are, one that was never seen passes for a known one once in 20,000 times.
Changing anything here changes `FEATURE_VERSION`, and models made with another are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

from misread.text.cues import BY_WORD, CLAUSE_END, CONTRAST, DISTANCE, NEGATION, SENTENCE_END
from misread.text.normalise import Normalised, normalise

FEATURE_VERSION = 2

#: Character n-grams are read within ``<word>`` of at most this many characters.
MAX_WORD = 40
_NGRAMS = (3, 4, 5)
WORD, PAIR, CUE, NGRAM = range(4)
#: Posts have few commas: a negation or a hedge reaches no further than so many tokens, even where its clause goes on.
REACH = 5
#: What goes before the name of a word or cue in the reach of a negation, and of one put at a distance (hedged, hearsay, taken back).
NEGATED, DISTANT = "n", "d"
# words (with inner apostrophes), runs of ! and ?, one sign, or one character that is neither letter, space nor ASCII (emoji, symbols)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[!?]+|\.\.\.|[.,;:\"()*#@&%-]|[^\w\s\x00-\x7f]")
_ENDS = frozenset('.,;:()"...-')


@dataclass(frozen=True)
class Token:
    """A token of the normal form and where it stands there."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Features:
    """The signs of one text.

    Attributes
    ----------
    hashes
        One unsigned 32-bit CRC a feature, repeats included.
    blocks
        For each feature what sort it is: `WORD`, `PAIR`, `CUE` or `NGRAM`; training weighs the sorts apart, serving needs none of it.
    owners
        For each feature the positions of the first and last token that it came from.
    tokens
        The tokens of the text.
    source
        The normal form, with its way back to the original's offsets.
    """

    hashes: list[int]
    blocks: bytearray
    owners: list[tuple[int, int]]
    tokens: list[Token]
    source: Normalised

    @property
    def scale(self) -> float:
        """What every weight of this text is multiplied by: 1 ÷ √(tokens + 4), so that long texts do not shout and short ones do not either.

        Examples
        --------
        >>> read("one of us is late").scale
        0.3333333333333333
        """
        return float((len(self.tokens) + 4) ** -0.5)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in normal form.

    Examples
    --------
    >>> [t.text for t in tokens("they weren't fighting!! 😂")]
    ['they', "weren't", 'fighting', '!!', '😂']
    """
    return [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def read(text: str) -> Features:
    """The features of one text.

    Parameters
    ----------
    text
        Any text; an empty one has no features.

    Examples
    --------
    >>> len(read("lol").hashes)  # the word, its cue, and the n-grams of <lol>
    8
    """
    source = normalise(text)
    found = tokens(source.text)
    out = Features([], bytearray(), [], found, source)
    taken_back = _taken_back(found)
    negated = distant = -1  # the first token out of reach
    reach = ""
    for i, token in enumerate(found):
        word = token.text
        if word in CLAUSE_END or word in _ENDS or word[0] in "!?":
            negated = distant = -1
        before, reach = reach, NEGATED if i < negated else DISTANT if i < distant or i < taken_back[i] else ""
        _add(out, f"{reach}w:{word}", WORD, i, i)
        if i:
            pair = found[i - 1].text + "|" + word
            _add(out, "p:" + pair, PAIR, i - 1, i)
            for cue in BY_WORD.get(pair, ()):
                _add(out, f"{before}q:{cue}", CUE, i - 1, i)
            distant = i + 1 + REACH if pair in DISTANCE else distant
        for cue in BY_WORD.get(word, ()):
            _add(out, f"{reach}q:{cue}", CUE, i, i)
        if word[0].isalnum():
            _add_ngrams(out, word, i)
        if word in NEGATION:
            negated = i + 1 + REACH
            _add(out, "q:negation", CUE, i, i)
        distant = i + 1 + REACH if word in DISTANCE else distant
    _add_cue_pairs(out, found)
    return out


def _add_cue_pairs(out: Features, found: list[Token]) -> None:
    """Two different cues in one text are a sign of their own: blows and laughter, praise and rolled eyes."""
    first: dict[str, int] = {}
    for i, token in enumerate(found):
        word = token.text
        cues = BY_WORD.get(word, ())
        if i:
            cues = (*cues, *BY_WORD.get(found[i - 1].text + "|" + word, ()))
        for cue in cues:
            first.setdefault(cue, i)
        if word in NEGATION:
            first.setdefault("negation", i)
    names = sorted(first)
    for k, a in enumerate(names):
        for b in names[k + 1 :]:
            _add(out, f"qq:{a}|{b}", CUE, *sorted((first[a], first[b])))


def _taken_back(found: list[Token]) -> list[int]:
    """For each token where in its sentence a contrast stands that takes back what was said before it; -1 where none does."""
    last = -1
    back = [-1] * len(found)
    for i in range(len(found) - 1, -1, -1):
        word = found[i].text
        if word in SENTENCE_END or word[0] in "!?":
            last = -1
        elif last < 0 and (word in CONTRAST or (i + 1 < len(found) and f"{word}|{found[i + 1].text}" in CONTRAST)):
            last = i
        back[i] = last
    return back


def _add(out: Features, feature: str, block: int, first: int, last: int) -> None:
    out.hashes.append(crc32(feature.encode("utf-8", "replace")))
    out.blocks.append(block)
    out.owners.append((first, last))


def _add_ngrams(out: Features, word: str, i: int) -> None:
    framed = f"<{word[:MAX_WORD]}>"
    for n in _NGRAMS:
        count = len(framed) - n + 1
        for start in range(count):
            out.hashes.append(crc32(framed[start : start + n].encode("utf-8", "replace"), _NGRAM_SEED))
        if count > 0:
            out.blocks.extend(bytes((NGRAM,)) * count)
            out.owners.extend([(i, i)] * count)


def word_hash(word: str, reach: str = "") -> int:
    """The feature of a single word, as `read` makes it; for priors that are folded into a table.

    Examples
    --------
    >>> word_hash("lol") in read("lol").hashes, word_hash("fun", NEGATED) in read("no fun").hashes
    (True, True)
    """
    return crc32(f"{reach}w:{word}".encode())


_NGRAM_SEED = crc32(b"c:")
