"""Threads about a rumour, as RumourEval 2019 has them → clips: the post that tells the rumour, and the crowd's stances to it.

**A device for measuring, not meaning.** A rumour is no clip, and its being true is no conflict. But true against false, and replies that
support it or deny it, have the shape of our own question, with gold stances and gold answers by others than us; so they can tell whether
comments are put together well (``benchmarks/veracity.py``). For that alone the words are mapped, each onto the word in its place:

==================  =========================  ============================
in the thread       becomes                    and there stands for
==================  =========================  ============================
stance ``support``  stance ``conflict``        what is rumoured holds
stance ``deny``     stance ``friendly``        it does not hold
``query, comment``  stance ``neutral``         neither
veracity ``true``   label ``conflict``         it held
``false``           label ``friendly``         it did not hold
``unverified``      no label                   nobody knows
==================  =========================  ============================

Never train a model on such clips, and never read the verdict on one as a statement about people.

A row has ``thread_id`` and ``source_text``; ``dataset``, ``platform``, ``event``, ``veracity``, ``n_replies`` and ``comments`` where they
are known; a comment ``id``, ``parent``, ``text``, ``author``, ``likes``, ``created``, ``stance``. The clip's ``group_id`` is the event,
for threads of one event share their rumours, else the thread. Pages that a row holds as ``evidence`` are left out, with a note: they bear
no date, and an encyclopedia's article of a later year tells how the rumour ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from misread.errors import Problem
from misread.formats.parse import Parsed, clip_from
from misread.records import PLATFORMS, time_problem

_STANCES = {"support": "conflict", "deny": "friendly", "query": "neutral", "comment": "neutral"}
_LABELS = {"true": "conflict", "false": "friendly", "unverified": None}
_PLATFORMS = {"twitter": "x", **{name: name for name in PLATFORMS}}
_AS = "a row has thread_id, source_text, veracity and comments with id, parent, text, likes, created, stance"
#: Times beyond this (the year 2100) are milliseconds or mistakes.
_END_OF_TIME = 4_102_444_800
# "Wed Jan 07 11:14:38 +0000 2015"; not by strptime, whose names of months are those of the user's country
_TWITTER = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) ([+-][0-9]{2}):?([0-9]{2}) ([0-9]{4})\Z", re.ASCII
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass
class _Met:
    """What is met while one thread is read."""

    problems: list[Problem] = field(default_factory=list)
    n_odd: int = 0

    def wrong(self, path: str, reason: str, cure: str = _AS) -> None:
        self.problems.append(Problem(reason, path, cure))


def clip_of(row: dict[str, Any]) -> Parsed:
    """One thread as a clip (see the module for what its words then stand for), with notes on what was left out.

    Examples
    --------
    >>> said = {"id": "2", "parent": "1", "text": "no, they only rehearse", "stance": "deny"}
    >>> row = {"thread_id": "1", "platform": "twitter", "source_text": "The mayors fight!", "veracity": "false", "comments": [said]}
    >>> clip = clip_of(row).clip
    >>> clip.clip_id, clip.label, clip.comments[0].stance, clip.comments[0].reply_to
    ('twitter:1', 'friendly', 'friendly', None)
    """
    met = _Met()
    thread, platform, dataset = (_id(row, name, met) for name in ("thread_id", "platform", "dataset"))
    if thread is None and not met.problems:
        met.wrong("thread_id", "missing")
    comments = _comments(row.get("comments"), met)
    n_replies = _count(row.get("n_replies"), met)
    record = {
        "clip_id": f"{platform}:{thread}" if platform else thread or "?",
        "caption": _text(row, "source_text", "", met),
        "platform": None if platform is None else _PLATFORMS.get(platform, "other"),
        "group_id": _id(row, "event", met) or thread,
        "comments": comments,
        "n_comments_total": n_replies if n_replies is not None and n_replies > len(comments) else None,
        "label": _word(row, "veracity", "", _LABELS, met),
        "tags": {"origin": dataset} if dataset else None,
    }
    parsed = clip_from(record)
    problems = (*met.problems, *parsed.problems)
    return Parsed(None if problems else parsed.clip, problems, {}, _notes(row, met))


def _notes(row: dict[str, Any], met: _Met) -> tuple[str, ...]:
    pages = row.get("evidence")
    n_pages = len(pages) if isinstance(pages, list) else pages is not None
    notes = [f"{n_pages} undated pages were left out"] if n_pages else []
    if met.n_odd:
        notes.append(f"{met.n_odd} likes below zero, or likes and times that are none, were left out")
    return tuple(notes)


def _comments(given: Any, met: _Met) -> list[dict[str, Any]]:
    if given is not None and not isinstance(given, list):
        met.wrong("comments", "expected a list")
    comments = []
    seen: set[str] = set()
    for i, item in enumerate(given if isinstance(given, list) else []):
        path = f"comments[{i}]"
        if not isinstance(item, dict):
            met.wrong(path, "expected an object")
            continue
        comment = _comment(item, path + ".", met)
        if comment["comment_id"] is None:
            met.wrong(path + ".id", "missing")
        elif comment["comment_id"] in seen:
            met.wrong(path + ".id", f"{comment['comment_id'][:40]!r} stands twice in this thread", "drop one, or give it its own id")
        else:
            seen.add(comment["comment_id"])
            comments.append(comment)
    for comment in comments:  # the source is the caption, so who answers it answers no comment
        if comment["reply_to"] not in seen or comment["reply_to"] == comment["comment_id"]:
            comment["reply_to"] = None
    return comments


def _comment(item: dict[str, Any], path: str, met: _Met) -> dict[str, Any]:
    return {
        "comment_id": _id(item, "id", met, path),
        "text": _text(item, "text", path, met),
        "author": _id(item, "author", met, path),
        "likes": _count(item.get("likes"), met),
        "posted_at": _moment(item.get("created"), met),
        "reply_to": _id(item, "parent", met, path),
        "stance": _word(item, "stance", path, _STANCES, met),
    }


def _text(item: dict[str, Any], name: str, path: str, met: _Met) -> str:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        met.wrong(path + name, "expected text")
    return value if isinstance(value, str) else ""


def _id(item: dict[str, Any], name: str, met: _Met, path: str = "") -> str | None:
    """Text or a whole number; blank text is none."""
    value = item.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 1_000:
        return str(value)
    met.wrong(path + name, "expected text or a whole number")
    return None


def _word(item: dict[str, Any], name: str, path: str, words: dict[str, Any], met: _Met) -> str | None:
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in words:
        reason = f"unknown word {value[:40]!r}" if isinstance(value, str) else "expected text"
        met.wrong(path + name, reason, "one of: " + ", ".join(words))
        return None
    found: str | None = words[value]
    return found


def _count(value: Any, met: _Met) -> int | None:
    """A count from 0; Reddit's scores go below, which is no number of likes."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**53 and value == int(value):
        return int(value)
    met.n_odd += value is not None
    return None


def _moment(value: Any, met: _Met) -> str | None:
    """When a comment was written, as far as that is known.

    Text is Twitter's form, or RFC 3339; without an offset it says nothing and is left out. A number is Reddit's ``created``: seconds since
    1970, but for years in a zone that Reddit told nobody (``created_utc`` stood beside it), so it is kept to the day.

    Examples
    --------
    >>> _moment("Sat May 04 20:13:20 +0100 2024", _Met()), _moment(1714850000.0, _Met()), _moment("2024-05-04 19:13:20", _Met())
    ('2024-05-04T19:13:20+00:00', '2024-05-04', None)
    """
    found = None
    if isinstance(value, str):
        found = _twitter(value) or (value if time_problem(value) is None else None)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _END_OF_TIME:
        found = datetime.fromtimestamp(int(value), UTC).date().isoformat()
    met.n_odd += found is None and value is not None
    return found


def _twitter(value: str) -> str | None:
    match = _TWITTER.match(value)
    if match is None or match[1] not in _MONTHS:
        return None
    month = _MONTHS.index(match[1]) + 1
    text = f"{match[6]}-{month:02}-{int(match[2]):02}T{match[3]}{match[4]}:{match[5]}"
    return datetime.fromisoformat(text).astimezone(UTC).isoformat() if time_problem(text) is None else None
