"""Clips → train, calibrate and test, by event: stratified, or forward in time; the same answer for the same seed anywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from misread.corpus.check import read_rows, split_problems
from misread.corpus.read import SPLITS, Split
from misread.corpus.repeats import near_duplicates
from misread.corpus.stats import PLAIN, families
from misread.errors import InputError, Problem
from misread.records import Clip, known_at

#: The share of clips in each split.
SHARES: dict[Split, float] = {"train": 0.60, "calibrate": 0.15, "test": 0.25}


@dataclass(frozen=True)
class Drawn:
    """The split of each event, how many clips that makes, and what may leak all the same."""

    splits: dict[str, Split]
    n_kept: int
    clips: dict[str, dict[str, int]]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"splits": self.splits, "n_kept": self.n_kept, "clips": self.clips, "warnings": list(self.warnings)}


def split(clips: Sequence[Clip], seed: int, forward: bool = False, keep: Path | None = None) -> Drawn:
    """Draw splits and look for what leaks between them.

    Parameters
    ----------
    clips
        Of the whole corpus.
    seed
        Of the order in which events are drawn; not used forward in time.
    forward
        Test on the latest events, calibrate on those before; undated events go to train.
    keep
        A ``splits.csv`` whose rows stay as they are; only other events are drawn.

    Raises
    ------
    InputError
        If there is no clip, if ``keep`` puts an event into two splits, or if ``keep`` is to be combined with ``forward``.
    """
    if not clips:
        raise InputError(Problem("no clip to split"))
    if keep is not None and forward:
        cure = "drop one of the two: kept events may be later than those drawn"
        raise InputError(Problem("splits cannot be kept and forward in time", cure=cure, file=str(keep)))
    kept = kept_splits(keep, clips) if keep is not None else {}
    splits = drawn_forward(clips) if forward else drawn(clips, seed, kept)
    warnings = [*_leaks(clips, splits), *(_undated(clips) if forward else ())]
    counts: dict[str, dict[str, int]] = {
        name: {
            "n": sum(splits[c.event] == name for c in clips),
            **{label: sum(splits[c.event] == name and c.label == label for c in clips) for label in ("conflict", "friendly")},
            "events": sum(found == name for found in splits.values()),
        }
        for name in SPLITS
    }
    return Drawn(splits, len(kept), counts, tuple(warnings))


def kept_splits(path: Path, clips: Sequence[Clip]) -> dict[str, Split]:
    """The rows of a ``splits.csv`` for events that these clips have.

    Raises
    ------
    InputError
        If it cannot be read, names an unknown split, or has an event twice.
    """
    events = {c.event for c in clips}
    rows = read_rows(path)
    named = {row.event for row in rows if row.event}
    if problems := split_problems(rows, named, whole=False):
        raise InputError(*(p.at(str(path), p.line) for p in problems))
    return {row.event: _SPLIT[row.split] for row in rows if row.event in events and row.event and row.split}


_SPLIT: dict[str, Split] = {name: name for name in SPLITS}


def drawn(clips: Sequence[Clip], seed: int, kept: Mapping[str, Split] | None = None) -> dict[str, Split]:
    """Splits by event, 60 : 15 : 25 of the clips within each label and within plain and hard ones.

    Events are taken in the order of a hash of seed and name, each into the split that lacks most clips of its stratum.

    Parameters
    ----------
    clips
        Any; unlabelled ones are a stratum of their own.
    seed
        Of the order.
    kept
        Splits that stand already.

    Examples
    --------
    >>> sorted(drawn([Clip(clip_id=str(i)) for i in range(4)], seed=1).values())
    ['calibrate', 'test', 'train', 'train']
    """
    members: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        members[clip.event].append(clip)
    splits: dict[str, Split] = {event: at for event, at in (kept or {}).items() if event in members}
    strata: dict[str, list[str]] = defaultdict(list)
    for event in members:
        strata[_stratum(members[event])].append(event)
    overall = _Quota(len(clips))
    for stratum in sorted(strata):
        events = strata[stratum]
        quota = _Quota(sum(len(members[e]) for e in events))
        for event in (e for e in events if e in splits):
            quota.fill(splits[event], len(members[event]))
            overall.fill(splits[event], len(members[event]))
        for event in sorted((e for e in events if e not in splits), key=lambda e: _place(seed, e)):
            splits[event] = max(SPLITS, key=lambda name: (round(quota.lack(name), 9), overall.lack(name)))
            quota.fill(splits[event], len(members[event]))
            overall.fill(splits[event], len(members[event]))
    return dict(sorted(splits.items()))


class _Quota:
    """How many clips each split still lacks of its share."""

    def __init__(self, n_clips: int) -> None:
        self._left = {name: SHARES[name] * n_clips for name in SPLITS}

    def fill(self, name: Split, n_clips: int) -> None:
        """Take note of clips given to a split."""
        self._left[name] -= n_clips

    def lack(self, name: Split) -> float:
        """The share of its quota that a split still lacks, in clips."""
        return self._left[name]


def _stratum(clips: Sequence[Clip]) -> str:
    """Label × plain or hard of an event; minimal pairs hold both labels and are a stratum too."""
    labels = {c.label or "none" for c in clips}
    hard = any(families(c) != [PLAIN] for c in clips)
    return f"{'+'.join(sorted(labels))} {'hard' if hard else 'plain'}"


def _place(seed: int, event: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{event}".encode("utf-8", "replace")).digest()


def drawn_forward(clips: Sequence[Clip]) -> dict[str, Split]:
    """Splits by time: the latest events are for test, those before for calibrate, the earliest (and undated) for train.

    An event is as late as its latest clip. Events of one moment may fall on both sides of a border.

    Examples
    --------
    >>> drawn_forward([Clip(clip_id=str(year), posted_at=f"{year}-01-01") for year in (2021, 2024, 2022, 2023)])
    {'2021': 'train', '2022': 'train', '2023': 'calibrate', '2024': 'test'}
    """
    members: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        members[clip.event].append(clip)
    latest = {
        event: max((known_at(c.posted_at).timestamp() for c in found if c.posted_at), default=None) for event, found in members.items()
    }
    splits: dict[str, Split] = dict.fromkeys(members, "train")
    quota = _Quota(len(clips))
    dated = sorted(((at, event) for event, at in latest.items() if at is not None), reverse=True)
    order: tuple[Split, ...] = ("test", "calibrate")
    at = 0
    for _, event in dated:
        size = len(members[event])
        while at < len(order) and quota.lack(order[at]) < size / 2:  # more than half of it would be too much
            at += 1
        if at == len(order):
            break
        splits[event] = order[at]
        quota.fill(order[at], size)
    return dict(sorted(splits.items()))


def _leaks(clips: Sequence[Clip], splits: Mapping[str, Split]) -> list[str]:
    return [
        f"near-duplicates across splits: {t.first.clip_id} {t.first.field} ({t.first.split}) and "
        f"{t.second.clip_id} {t.second.field} ({t.second.split}), Jaccard {t.jaccard:.2f}; one event? see misread corpus dedupe"
        for t in near_duplicates(clips, splits)
        if t.across
    ]


def _undated(clips: Sequence[Clip]) -> list[str]:
    dated = {c.event for c in clips if c.posted_at}
    n_undated = len({c.event for c in clips} - dated)
    return [f"{n_undated} undated events are in train"] if n_undated else []


def csv_of(splits: Mapping[str, str]) -> bytes:
    """``splits.csv``, sorted by event.

    Examples
    --------
    >>> csv_of({"b": "test", "a": "train"})
    b'group_id,split\\na,train\\nb,test\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["group_id", "split"])
    writer.writerows(sorted(splits.items()))
    return out.getvalue().encode()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
