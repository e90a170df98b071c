"""Text as people read it: case, accents, invisible characters, look-alikes and stretched letters out of the way, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Cyrillic and Greek letters that are drawn like Latin ones; after Unicode's confusables table (UTS #39), the lower-case core of it.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕһԁԛԝӏαεικνορτυχ", "aeopcyxijshdqwlaeiknoptux")
# Curly quotes and dashes have no decomposition; one sign each is enough for a reader.
_SIGNS = {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."}
_STRETCH = re.compile(r"([a-z])\1{2,}")
# Digits and signs that stand for letters, between letters only: "f1ght", "a$$hole", but not "3pm", "24h", "mp3" or "covid19".
_LEET = re.compile(r"(?<=[a-z])[013457@$!]{1,2}(?=[a-z])")
_LETTERS = str.maketrans("013457@$!", "oieastasi")
# Four or more single letters with one and the same sign between them: "f i g h t", "f.i.g.h.t", but not "U.S.A."
_SPACED = re.compile(r"(?<![^\W_])[a-z]([ .*_-])[a-z](?:\1[a-z]){2,}(?![^\W_])")


@dataclass(frozen=True)
class Normalised:
    """A text in normal form; ``origin[i]`` is the code point of the original that character ``i`` came from (``None``: the same)."""

    text: str
    origin: Sequence[int] | None
    obfuscated: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters ``start`` to ``end`` of the normal form as code points of the original.

        Examples
        --------
        >>> normalise("Nooooo way").span(4, 7)
        (7, 10)
        """
        if self.origin is None or end <= start:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One character in normal form: compatibility decomposed, without accents, ignorables and skin tones, lower case."""
    if char in _SIGNS:
        return _SIGNS[char]
    if _ignorable(char):
        return ""
    folded = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))


def _ignorable(char: str) -> bool:
    code = ord(char)
    return (
        0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0000 <= code <= 0xE0FFF
        or code in (0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0)
        or (unicodedata.category(char) == "Cf")
    )


def normalise(text: str) -> Normalised:
    """Bring a text into the form that features are read from.

    Parameters
    ----------
    text
        Any text, lone surrogates and NUL included; the caller cuts what is too long.

    Returns
    -------
    Normalised
        The normal form with its way back to the original, and whether somebody seems to have hidden words in it (look-alike letters
        inside Latin words, invisible characters between letters).

    Examples
    --------
    >>> normalise("They’re FIGHTINGGGG").text
    "they're fightingg"
    >>> normalise("fіght").obfuscated  # with a Cyrillic i
    True
    """
    if text.isascii():
        return _undone(text.lower(), None, False)
    out: list[str] = []
    origin = array("L")
    hidden = False
    for i, char in enumerate(text):
        folded = char.lower() if char < "\x80" else _fold(char)
        if not folded:
            hidden = hidden or _splits_a_word(text, i)
        out.append(folded)
        origin.extend([i] * len(folded))
    plain, looked_alike = _latin("".join(out))
    return _undone(plain, origin, hidden or looked_alike)


def _undone(text: str, origin: array[int] | None, obfuscated: bool) -> Normalised:
    """What spelling hides, undone: signs for letters, letters apart, letters drawn out (only the last is no disguise)."""
    letters = _LEET.sub(lambda run: run[0].translate(_LETTERS), text)
    joined, origin, spaced = _without(
        letters, origin, [i for run in _SPACED.finditer(letters) for i in range(run.start() + 1, run.end(), 2)]
    )
    stretched = [i for run in _STRETCH.finditer(joined) for i in range(run.start() + 2, run.end())]
    short, origin, _ = _without(joined, origin, stretched)
    return Normalised(short, origin, obfuscated or spaced or letters != text)


def _without(text: str, origin: array[int] | None, places: list[int]) -> tuple[str, array[int] | None, bool]:
    """The text and its way back without the characters at ``places`` (rising), and whether there were any."""
    if not places:
        return text, origin, False
    back = array("L", range(len(text))) if origin is None else origin
    kept = array("L")
    pieces: list[str] = []
    start = 0
    for place in [*places, len(text)]:
        pieces.append(text[start:place])
        kept.extend(back[start:place])
        start = place + 1
    return "".join(pieces), kept, True


def _splits_a_word(text: str, i: int) -> bool:
    """Whether the invisible character at ``i`` stands between two Latin letters (joiners within emoji and other scripts do not)."""
    return 0 < i < len(text) - 1 and text[i - 1 : i].isascii() and text[i - 1].isalpha() and text[i + 1].isascii() and text[i + 1].isalpha()


def _latin(text: str) -> tuple[str, bool]:
    """Look-alikes inside words that also hold Latin letters turned into those; a wholly Cyrillic or Greek word is left as it is."""
    swapped = text.translate(_LOOK_ALIKES)
    if swapped == text:
        return text, False
    found = False
    out = list(text)
    for word in re.finditer(r"\w+", text):
        if re.search("[a-z]", word[0]) and word[0].isalpha():
            piece = swapped[word.start() : word.end()]
            found = found or piece != word[0]
            out[word.start() : word.end()] = piece
    return "".join(out), found
