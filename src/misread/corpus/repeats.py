"""What stands in a corpus more than once: five words in a row that many events share, and texts that are nearly the same.

The first is the mark of a template, the second of one event told twice, or of a split that leaks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from zlib import crc32

from misread.records import Clip
from misread.text.copies import word_set
from misread.text.features import tokens
from misread.text.normalise import normalise

N_WORDS = 5
#: A sequence may stand in so many events; English itself repeats "at the end of the".
MAX_EVENTS = 3
#: Share of the words of both texts that near-duplicates have in common (Jaccard).
SAME = 0.8
#: Shorter texts are alike by chance ("this is so cute omg"); captions are fewer and their own author's, so less is enough.
MIN_WORDS = {"caption": 4, "comments": 6, "evidence": 6}

_MAX_SHOWN = 20
# 25 bands of 5 rows miss a pair of Jaccard 0.8 once in 20,000 times, (1 - 0.8^5)^25, and propose one of 0.1 once in 4,000
_BANDS, _ROWS = 25, 5


@dataclass(frozen=True)
class Phrase:
    """Words in a row that stand in ``n_events`` events, and one clip of each (of up to 20 events)."""

    phrase: str
    n_events: int
    clip_ids: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A text of a clip and where it stands."""

    clip_id: str
    event: str
    split: str | None
    field: str
    text: str


@dataclass(frozen=True)
class Twins:
    """Two texts that are nearly the same; ``across`` if their clips are in different splits."""

    first: Place
    second: Place
    jaccard: float
    across: bool


def texts(clip: Clip) -> Iterator[tuple[str, str]]:
    """Every text of a clip with its field.

    Examples
    --------
    >>> list(texts(Clip(clip_id="a", caption="wait for it")))
    [('caption', 'wait for it')]
    """
    yield "caption", clip.caption
    if clip.transcript:
        yield "transcript", clip.transcript
    for i, comment in enumerate(clip.comments):
        yield f"comments[{i}].text", comment.text
    for i, item in enumerate(clip.evidence):
        yield f"evidence[{i}].text", item.text


def repeated_phrases(clips: Sequence[Clip], max_events: int = MAX_EVENTS) -> list[Phrase]:
    """Sequences of five words that stand in more than ``max_events`` events, the most frequent first.

    Clips of one event count once: they may well tell the same thing in the same words, and its name is theirs.

    Examples
    --------
    >>> said = [Clip(clip_id=str(i), caption="They hugged it out right after!") for i in range(4)]
    >>> [(p.phrase, p.n_events) for p in repeated_phrases(said)]
    [('hugged it out right after', 4), ('they hugged it out right', 4)]
    """
    by_event: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        by_event[clip.event].append(clip)
    # hashes first: a big corpus has millions of sequences, and hardly one of them is needed as text
    counted: Counter[int] = Counter()
    for members in by_event.values():
        counted.update({hash(sequence) for clip in members for sequence in _sequences(clip)})
    often = {key for key, n in counted.items() if n > max_events}
    places: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for event, members in by_event.items() if often else ():
        for clip in members:
            for sequence in dict.fromkeys(s for s in _sequences(clip) if hash(s) in often):
                places[" ".join(sequence)][event].append(clip.clip_id)
    found = [
        Phrase(phrase, len(at), tuple(ids[0] for ids in at.values())[:_MAX_SHOWN]) for phrase, at in places.items() if len(at) > max_events
    ]
    return sorted(found, key=lambda p: (-p.n_events, p.phrase))


def _sequences(clip: Clip) -> Iterator[tuple[str, ...]]:
    for _, text in texts(clip):
        words = [t.text for t in tokens(normalise(text).text) if t.text[0].isalnum()]
        for i in range(len(words) - N_WORDS + 1):
            yield tuple(words[i : i + N_WORDS])


def near_duplicates(
    clips: Sequence[Clip], splits: Mapping[str, str] | None = None, fields: Sequence[str] = tuple(MIN_WORDS)
) -> list[Twins]:
    """Texts of different events (or of one event in two splits) that are nearly the same, those across splits first.

    MinHash sketches (Broder 1997) propose pairs, the exact Jaccard coefficient of their sets of words decides. Of texts with the very
    same words each is paired with one other, not with all, so that a flood of one text stays one line a clip.

    Parameters
    ----------
    clips
        Any.
    splits
        The split of each event; without it nothing is across.
    fields
        Which of ``caption``, ``comments`` and ``evidence`` to hold against one another.

    Examples
    --------
    >>> said = "They hugged it out right after the show"
    >>> pair = [Clip(clip_id="a", caption=said), Clip(clip_id="b", caption=said + "!!")]
    >>> [(t.first.clip_id, t.second.clip_id, t.across) for t in near_duplicates(pair, {"a": "train", "b": "test"})]
    [('a', 'b', True)]
    """
    alike: dict[frozenset[str], list[Place]] = defaultdict(list)
    for clip in clips:
        split = (splits or {}).get(clip.event)
        for field, text in texts(clip):
            sort = field.partition("[")[0]
            if sort in fields and len(words := word_set(text)) >= MIN_WORDS.get(sort, N_WORDS):
                alike[words].append(Place(clip.clip_id, clip.event, split, field, text))
    found = [twins for places in alike.values() for twins in _within(places)]
    sets = list(alike)
    for i, j in _candidates(sets):
        jaccard = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        if jaccard >= SAME and (twins := _between(alike[sets[i]], alike[sets[j]], jaccard)):
            found.append(twins)
    return sorted(found, key=lambda t: (not t.across, -t.jaccard, t.first.clip_id, t.second.clip_id, t.first.field, t.second.field))


def _within(places: Sequence[Place]) -> Iterator[Twins]:
    """Each place with the first one; where that says nothing new, with the first that does."""
    for i, place in enumerate(places[1:], 1):
        if twins := _between(places[: min(i, 4)], [place], 1.0):
            yield twins


def _between(some: Sequence[Place], others: Sequence[Place], jaccard: float) -> Twins | None:
    """The most telling pair of two groups, or nothing if all are one event in one split."""
    best: Twins | None = None
    for one, other in product(_delegates(some), _delegates(others)):
        across = one.split is not None and other.split is not None and one.split != other.split
        if across:
            return Twins(one, other, jaccard, True)
        if one.event != other.event and best is None:
            best = Twins(one, other, jaccard, False)
    return best


def _delegates(places: Sequence[Place]) -> list[Place]:
    """Of each split the first places of two events: enough to find a pair of two events or two splits, if there is one."""
    chosen: dict[str | None, dict[str, Place]] = defaultdict(dict)
    for place in places:
        if len(chosen[place.split]) < 2:
            chosen[place.split].setdefault(place.event, place)
    return [place for by_event in chosen.values() for place in by_event.values()]


def _candidates(sets: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of positions whose sets are likely alike."""
    if len(sets) < 2:
        return
    import numpy as np
    from datasketch import MinHash, MinHashLSH

    def given(value: int) -> int:  # the words are hashed already
        return value

    hashes = (np.array(sorted(crc32(w.encode("utf-8", "replace")) for w in words), dtype=np.uint64) for words in sets)
    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    for i, sketch in enumerate(MinHash.generator(hashes, num_perm=_BANDS * _ROWS, seed=1, hashfunc=given)):
        for j in sorted(index.query(sketch)):
            yield j, i
        index.insert(i, sketch)
