"""Which texts repeat one another: floods of comments, echoes of one statement."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from misread.text.features import tokens
from misread.text.normalise import normalise

_SKETCH = 6


def word_set(text: str) -> frozenset[str]:
    """The words (and emoji) of a text, regardless of order, number and punctuation.

    Examples
    --------
    >>> sorted(word_set("Fight, FIGHT! 😂"))
    ['fight', '😂']
    """
    return frozenset(t.text for t in tokens(normalise(text).text) if t.text[0].isalnum() or t.text[0] > "\x7f")


def clusters(texts: Sequence[str], containment: float, min_words: int = 1) -> list[int]:
    """Group texts that repeat one another.

    Two texts belong together when of the smaller one's words at least the share ``containment`` stands in the other, and the larger
    is at most three times as long. Each text is held against the first text of earlier groups that share one of its rarest-hash
    words, so the work stays near linear.

    Parameters
    ----------
    texts
        Any number of texts.
    containment
        Share of the smaller text's words, in (0, 1].
    min_words
        Texts with fewer distinct words group only with texts of exactly the same words.

    Returns
    -------
    list of int
        For each text the position of the first text of its group.

    Examples
    --------
    >>> clusters(["fake fight wake up people", "nice dress", "fake fight!! wake up, people 🐑"], 0.8)
    [0, 1, 0]
    """
    leaders: dict[int, list[tuple[int, frozenset[str]]]] = {}
    exact: dict[frozenset[str], int] = {}
    group: list[int] = []
    for i, text in enumerate(texts):
        words = word_set(text)
        if words in exact:
            group.append(exact[words])
            continue
        sketch = sorted(crc32(w.encode("utf-8", "replace")) for w in words)[:_SKETCH]
        found = _leader(words, sketch, leaders, containment) if len(words) >= min_words else None
        group.append(i if found is None else found)
        if words:
            exact[words] = group[-1]
        if found is None and len(words) >= min_words:
            for key in sketch:
                leaders.setdefault(key, []).append((i, words))
    return group


def _leader(
    words: frozenset[str], sketch: list[int], leaders: dict[int, list[tuple[int, frozenset[str]]]], containment: float
) -> int | None:
    for key in sketch:
        for i, other in leaders.get(key, ())[:64]:
            small, large = sorted((len(words), len(other)))
            if large <= 3 * small and len(words & other) >= containment * small:
                return i
    return None
