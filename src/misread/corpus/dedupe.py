"""Clips that seem to show one event → the ``group_id`` that they should share, proposed with the reason."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from misread.corpus.repeats import near_duplicates
from misread.corpus.split import write_whole
from misread.formats.read import read_clips
from misread.records import Clip, known_at

#: The same people in two clips posted within so long are likely in one event.
WITHIN = timedelta(days=3)
_MAX_REASONS = 3


@dataclass(frozen=True)
class Proposal:
    """One clip that should change its event: its ``group_id`` now (``None``: none of its own), the proposed one, and why."""

    clip_id: str
    old: str | None
    new: str
    because: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def propose(clips: Sequence[Clip], within: timedelta = WITHIN) -> list[Proposal]:
    """Proposals for all clips whose event looks like another clip's.

    Two events are taken for one if captions or items of evidence are near-duplicates, or if somebody is in clips of both that were posted
    at most ``within`` apart; and what is one with the same third event is one. The new ``group_id`` is the smallest that a clip among them
    has already, else the smallest ``clip_id``.

    Parameters
    ----------
    clips
        Any.
    within
        How far apart clips of the same people may be; undated clips are not joined by people.

    Returns
    -------
    list of Proposal
        In the order of the clips; a clip that keeps its event is not in it.

    Examples
    --------
    >>> clips = [Clip(clip_id=i, posted_at=day, participants=("Mara Okoye",)) for i, day in (("a", "2024-05-01"), ("b", "2024-05-03"))]
    >>> [(p.clip_id, p.old, p.new, p.because) for p in propose(clips)]
    [('b', None, 'a', ('Mara Okoye in a and b, 2 days apart',))]
    """
    joined: dict[str, str] = {}
    reasons: dict[str, list[str]] = defaultdict(list)
    for one, other, why in (*_same_texts(clips), *_same_people(clips, within)):
        for clip in (one, other):
            if why not in reasons[clip.clip_id] and len(reasons[clip.clip_id]) < _MAX_REASONS:
                reasons[clip.clip_id].append(why)
        roots = sorted((_root(joined, one.event), _root(joined, other.event)))
        if roots[0] != roots[1]:
            joined[roots[1]] = roots[0]
    together: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        together[_root(joined, clip.event)].append(clip)
    new = {}
    for members in together.values():
        if len({c.event for c in members}) > 1:
            name = min((c.group_id for c in members if c.group_id), default=min(c.clip_id for c in members))
            new.update({c.clip_id: name for c in members if c.event != name})
    return [Proposal(c.clip_id, c.group_id, new[c.clip_id], tuple(reasons[c.clip_id])) for c in clips if c.clip_id in new]


def _root(joined: dict[str, str], event: str) -> str:
    while event in joined:
        event = joined[event]
    return event


def _same_texts(clips: Sequence[Clip]) -> Iterator[tuple[Clip, Clip, str]]:
    by_id = {c.clip_id: c for c in clips}
    for twins in near_duplicates(clips, fields=("caption", "evidence")):
        first, second = twins.first, twins.second
        why = f"{first.clip_id} {first.field} and {second.clip_id} {second.field}: Jaccard {twins.jaccard:.2f}"
        yield by_id[first.clip_id], by_id[second.clip_id], why


def _same_people(clips: Sequence[Clip], within: timedelta) -> Iterator[tuple[Clip, Clip, str]]:
    """Neighbours in time suffice: whoever is near a clip is near one between them too."""
    posted: dict[str, list[tuple[Any, Clip, str]]] = defaultdict(list)
    for clip in clips:
        if clip.posted_at is not None:
            for name in clip.participants:
                if key := " ".join(name.casefold().split()):
                    posted[key].append((known_at(clip.posted_at), clip, name))
    for appearances in posted.values():
        appearances.sort(key=lambda a: (a[0], a[1].clip_id))
        for (then, one, name), (now, other, _) in pairwise(appearances):
            if now - then <= within and one.event != other.event:
                days = (now - then).days
                apart = f"{days} day{'s' * (days != 1)}" if days else "less than a day"
                yield one, other, f"{name} in {one.clip_id} and {other.clip_id}, {apart} apart"


def write_grouped(paths: Sequence[str | Path], proposals: Iterable[Proposal], out: Path) -> int:
    """Write the clips of the files as JSON Lines with the proposals applied; returns how many.

    Fields that are not ours are kept. ``out`` appears whole or not at all, and may be one of the files.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    groups: Mapping[str, str] = {p.clip_id: p.new for p in proposals}
    lines = io.BytesIO()
    n_clips = 0
    for parsed in read_clips([str(p) for p in paths]):
        if parsed.clip is not None:
            clip = msgspec.structs.replace(parsed.clip, group_id=groups.get(parsed.clip.clip_id, parsed.clip.group_id))
            lines.write(msgspec.json.encode({**msgspec.to_builtins(clip), **parsed.extra}) + b"\n")
            n_clips += 1
    write_whole(out, lines.getvalue())
    return n_clips
