"""What a corpus is made of, as plain data: counts by everything that a writer or a reader of a data card asks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from misread.corpus.read import SPLITS, Corpus, StatementKind
from misread.records import KINDS, Clip, Evidence

READINGS = ("conflict", "friendly")
STANCES = ("conflict", "friendly", "neutral")
#: Stands for a field that a clip lacks.
NONE = "none"
#: The family of a clip that belongs to none.
PLAIN = "plain"


def stats(corpus: Corpus) -> dict[str, Any]:
    """Counts, shares and lengths of a corpus.

    Parameters
    ----------
    corpus
        Clips (labelled or not) and statements.

    Returns
    -------
    dict
        Plain data for JSON and for ``present.corpus``; every table by label has ``n``, ``conflict`` and ``friendly``.

    Examples
    --------
    >>> found = stats(Corpus((Clip(clip_id="a", label="friendly", first_impression="conflict"),)))
    >>> found["label"]["friendly"], found["first_impression_wrong"]["friendly"]
    (1, {'n': 1, 'wrong': 1, 'share': 1.0})
    """
    clips = corpus.clips
    comments = [c for clip in clips for c in clip.comments]
    evidence = [e for clip in clips for e in clip.evidence]
    return {
        "n_clips": len(clips),
        "n_events": len({c.event for c in clips}),
        "n_comments": len(comments),
        "n_evidence": len(evidence),
        "n_statements": len(corpus.statements),
        "label": _counts((c.label for c in clips), READINGS),
        "first_impression": _counts((c.first_impression for c in clips), READINGS),
        "first_impression_wrong": {label: _wrong([c for c in clips if c.label == label]) for label in READINGS},
        "setting": _by_label((tag(c, "setting"), c) for c in clips),
        "family": _by_label((family, c) for c in clips for family in families(c)),
        "caption": _by_label((tag(c, "caption"), c) for c in clips),
        "platform": _by_label((c.platform or NONE, c) for c in clips),
        "kind": _counts((e.kind for e in evidence), KINDS),
        "stance": _counts((e.stance for e in evidence), STANCES),
        "relevance": _counts((None if e.relevance is None else str(e.relevance) for e in evidence), "0123"),
        "kind_stance": _kind_stance(evidence),
        "comment_stance": _counts((c.stance for c in comments), STANCES),
        "words": _lengths(clips),
        "per_clip": {
            "comments": spread([len(c.comments) for c in clips]),
            "evidence": spread([len(c.evidence) for c in clips]),
        },
        "likes": spread([c.likes for c in comments if c.likes is not None]),
        "dated": {
            "clips": _dated(c.posted_at for c in clips),
            "comments": _dated(c.posted_at for c in comments),
            "evidence": _dated(e.posted_at for e in evidence),
        },
        "years": dict(sorted(Counter((c.posted_at or NONE)[:4] for c in clips).items())),
        "groups": _groups(clips),
        "pairs": _pairs(clips),
        "splits": _splits(corpus),
        "statements": {
            "stance": _counts((s.stance for s in corpus.statements), STANCES),
            "kind": _counts((s.kind for s in corpus.statements), get_args(StatementKind)),
            "directness": _counts((s.directness for s in corpus.statements), ("plain", "indirect")),
        },
    }


def tag(clip: Clip, name: str) -> str:
    """A tag of a clip as text; users' tags may be anything.

    Examples
    --------
    >>> tag(Clip(clip_id="a", tags={"setting": "chess"}), "setting"), tag(Clip(clip_id="a"), "setting")
    ('chess', 'none')
    """
    value = (clip.tags or {}).get(name)
    return NONE if value is None else str(value)


def families(clip: Clip) -> list[str]:
    """The difficulty families of a clip, or that it is plain.

    Examples
    --------
    >>> families(Clip(clip_id="a", tags={"families": ["sarcasm"]})), families(Clip(clip_id="a"))
    (['sarcasm'], ['plain'])
    """
    value = (clip.tags or {}).get("families")
    named = [value] if isinstance(value, str) and value else value if isinstance(value, list) else []
    return list(dict.fromkeys(str(name) for name in named)) or [PLAIN]


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """How many values, the smallest, nine tenths of the way and so on; ranks are the nearest ones, so each is a value that occurs.

    Examples
    --------
    >>> spread([1, 2, 3, 10])
    {'n': 4, 'min': 1, 'p10': 1, 'p25': 1, 'median': 2, 'p75': 3, 'p90': 10, 'max': 10, 'mean': 4.0}
    """
    ordered = sorted(values)
    n = len(ordered)
    ranks = (("min", 0.0), ("p10", 0.1), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9), ("max", 1.0))
    found: dict[str, float | int | None] = {"n": n}
    for name, share in ranks:
        found[name] = ordered[max(0, -int(-share * n // 1) - 1)] if n else None
    found["mean"] = round(sum(ordered) / n, 2) if n else None
    return found


def _counts(values: Iterable[str | None], words: Iterable[str]) -> dict[str, int]:
    """Counts in the order of the words; `NONE` is last and stands there only if something lacks the field."""
    counted = Counter(values)
    found = {word: counted[word] for word in words}
    if counted[None]:
        found[NONE] = counted[None]
    return found


def _by_label(pairs: Iterable[tuple[str, Clip]]) -> dict[str, dict[str, int]]:
    """Clips by a name and by label, the most frequent first."""
    table: dict[str, dict[str, int]] = defaultdict(lambda: {"n": 0, "conflict": 0, "friendly": 0})
    for name, clip in pairs:
        table[name]["n"] += 1
        if clip.label:
            table[name][clip.label] += 1
    return dict(sorted(table.items(), key=lambda item: (-item[1]["n"], item[0])))


def _wrong(clips: Sequence[Clip]) -> dict[str, Any]:
    known = [c for c in clips if c.first_impression is not None]
    wrong = sum(c.first_impression != c.label for c in known)
    return {"n": len(known), "wrong": wrong, "share": _share(wrong, len(known))}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _kind_stance(evidence: Iterable[Evidence]) -> dict[str, dict[str, int]]:
    table = {kind: dict.fromkeys((*STANCES, NONE), 0) for kind in KINDS}
    for item in evidence:
        table[item.kind][item.stance or NONE] += 1
    return table


def _lengths(clips: Sequence[Clip]) -> dict[str, Any]:
    """Words of each sort of text; a text that is not there has no length."""
    texts: dict[str, list[str | None]] = {
        "caption": [c.caption for c in clips],
        "transcript": [c.transcript for c in clips],
        "comment": [m.text for c in clips for m in c.comments],
        "evidence": [e.text for c in clips for e in c.evidence],
    }
    return {name: spread([len(text.split()) for text in found if text]) for name, found in texts.items()}


def _dated(times: Iterable[str | None]) -> dict[str, int]:
    found = {"to_the_moment": 0, "to_the_day": 0, "undated": 0}
    for time in times:
        found["undated" if time is None else "to_the_day" if len(time) == len("2023-09-13") else "to_the_moment"] += 1
    return found


def _groups(clips: Sequence[Clip]) -> dict[str, Any]:
    sizes = Counter(Counter(c.event for c in clips).values())
    shared = sum(size * n for size, n in sizes.items() if size > 1)
    return {
        "n": sum(sizes.values()),
        "sizes": {str(s): sizes[s] for s in sorted(sizes)},
        "shared": shared,
        "share": _share(shared, len(clips)),
    }


def _pairs(clips: Sequence[Clip]) -> dict[str, int]:
    """Minimal pairs, and how many of them hold both labels."""
    labels: dict[str, set[str | None]] = defaultdict(set)
    for clip in clips:
        if (name := tag(clip, "pair_id")) != NONE:
            labels[name].add(clip.label)
    return {"n": len(labels), "both_labels": sum({"conflict", "friendly"} <= found for found in labels.values())}


def _splits(corpus: Corpus) -> dict[str, dict[str, int]]:
    """Clips and events of each split; empty where the corpus has none of its own."""
    if not corpus.splits:
        return {}
    found: dict[str, dict[str, int]] = {}
    for split in SPLITS:
        clips = [c for c in corpus.clips if corpus.splits.get(c.event) == split]
        by_label = {label: sum(c.label == label for c in clips) for label in READINGS}
        found[split] = {"n": len(clips), **by_label, "events": len({c.event for c in clips})}
    if n_left := sum(c.event not in corpus.splits for c in corpus.clips):
        found[NONE] = {"n": n_left, "conflict": 0, "friendly": 0, "events": 0}
    return found
