"""yt-dlp's info.json → clips: the caption, the crowd, and what the uploader said in the thread.

Fields as documented in yt-dlp's ``extractor/common.py``. Its own clean-up drops every null on writing, so a missing field and null
say the same here too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from misread.errors import Problem
from misread.formats.anonymise import known_as
from misread.formats.parse import Parsed, clip_from
from misread.formats.subtitles import transcript

_PLATFORMS = {"tiktok": "tiktok", "instagram": "instagram", "youtube": "youtube", "twitter": "x", "twitch": "twitch"}
_AGAIN = "capture it again: yt-dlp --skip-download --write-info-json --write-comments URL"
#: Times beyond this (the year 2100) are milliseconds or mistakes.
_END_OF_TIME = 4_102_444_800
_HTML = re.compile(r"<[^<>]*>")
_DAY = re.compile(r"[0-9]{8}\Z")


@dataclass
class _Heard:
    """What is met while one capture is read."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_odd: int = 0


def clips_of(info: dict[str, Any], participants: Sequence[str] = ()) -> Iterator[Parsed]:
    """The clip of a capture, or the clips of a playlist.

    Parameters
    ----------
    info
        An info.json as decoded.
    participants
        Names of people in the clip; where the uploader (by name, id or channel) is one of them, their comments are follow-up posts.

    Examples
    --------
    >>> [p.clip.clip_id for p in clips_of({"id": "x1", "extractor_key": "TikTok", "description": "they made up"})]
    ['tiktok:x1']
    """
    waiting: list[Any] = [info]
    while waiting:  # a list, not recursion: playlists of playlists may be nested as deep as the file likes
        item = waiting.pop()
        if not isinstance(item, dict):
            if item is not None:  # yt-dlp writes null for an entry that it could not extract
                yield Parsed(None, (Problem("expected an object", "entries", _AGAIN),))
            continue
        kind = item.get("_type") or "video"
        if kind in ("playlist", "multi_video"):
            entries = item.get("entries")
            if isinstance(entries, list):
                waiting.extend(reversed(entries))
            else:
                yield Parsed(None, (Problem("a playlist's own info.json holds no clips", "entries", "give the clips' info.json files"),))
        elif kind in ("url", "url_transparent"):
            yield Parsed(None, (Problem("a link to a clip, not a capture of it", "_type", "run yt-dlp without --flat-playlist"),))
        else:
            yield clip_of(item, participants)


def clip_of(info: dict[str, Any], participants: Sequence[str] = ()) -> Parsed:
    """One capture as a clip, with notes on what the capture lacks.

    Examples
    --------
    >>> said = {"id": "1", "text": "we were rehearsing", "author_is_uploader": True}
    >>> info = {"id": "x", "extractor": "tiktok", "uploader": "mara", "comments": [said], "comment_count": 1}
    >>> clip_of(info, ["Mara"]).clip.evidence[0].kind
    'follow_up_post'
    """
    heard = _Heard()
    comments = _comments(info, heard)
    crowd, own = _sides(info, comments)
    evidence = _evidence(info, own, participants)
    present = {comment["comment_id"] for comment in crowd}
    for comment in crowd:
        if comment["reply_to"] not in present:
            comment["reply_to"] = None
    total = _total(info, len(comments), heard)
    record = {
        "clip_id": _clip_id(info, heard),
        "caption": _text(info, "description", heard) or _text(info, "title", heard) or "",
        "transcript": transcript(info),
        "platform": _platform(info),
        "url": _text(info, "webpage_url", heard),
        "posted_at": _moment(info.get("timestamp"), heard) or _day(info.get("upload_date")),
        "participants": list(participants),
        "comments": [{name: value for name, value in comment.items() if not name.startswith("_")} for comment in crowd],
        "n_comments_total": total,
        "evidence": evidence,
    }
    if heard.n_odd:  # asked last: the record above meets odd values too
        heard.notes.append(f"{heard.n_odd} likes or times that are none were left out")
    parsed = clip_from(record)
    problems = (*heard.problems, *parsed.problems)
    return Parsed(None if problems else parsed.clip, problems, {}, tuple(heard.notes))


def _text(info: dict[str, Any], name: str, heard: _Heard, path: str = "") -> str | None:
    value = info.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        heard.problems.append(Problem("expected text", path + name, _AGAIN))
        return None
    return value


def _clip_id(info: dict[str, Any], heard: _Heard) -> str | None:
    own = info.get("id")
    if own is None or own == "" or isinstance(own, (dict, list, bool, float)):
        heard.problems.append(Problem("missing", "id", _AGAIN))
        return "?"
    key = info.get("extractor_key") or info.get("ie_key") or info.get("extractor")
    return f"{key.split(':')[0].lower()}:{own}" if isinstance(key, str) and key else f"{own}"


def _platform(info: dict[str, Any]) -> str | None:
    key = info.get("extractor_key") or info.get("extractor")
    if not isinstance(key, str):
        return None
    for start, platform in _PLATFORMS.items():
        if key.lower().removeprefix("vm.").startswith(start):
            return platform
    return "other"


def _number(value: Any) -> int | float | None:
    """A number, or text that is one; ``None`` for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _count(value: Any, heard: _Heard) -> int | None:
    number = _number(value)
    if number is not None and 0 <= number < 2**53 and number == int(number):
        return int(number)
    heard.n_odd += value is not None
    return None


def _moment(value: Any, heard: _Heard, to_the_day: bool = False) -> str | None:
    """Seconds since 1970 as RFC 3339 in UTC, or as a bare date."""
    number = _number(value)
    if number is None or not 0 <= number < _END_OF_TIME:
        heard.n_odd += value is not None
        return None
    moment = datetime.fromtimestamp(int(number), UTC)
    return moment.date().isoformat() if to_the_day else moment.isoformat()


def _day(value: Any) -> str | None:
    """yt-dlp's ``upload_date``, YYYYMMDD, as a bare date."""
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        return datetime.strptime(value, "%Y%m%d").date().isoformat()
    except ValueError:
        return None


def _comments(info: dict[str, Any], heard: _Heard) -> list[dict[str, Any]]:
    """Every comment once, in the file's order; fields that begin with ``_`` are for this module alone."""
    given = info.get("comments")
    if given is not None and not isinstance(given, list):
        heard.problems.append(Problem("expected a list", "comments", _AGAIN))
    items = given if isinstance(given, list) else []
    estimated = _platform(info) == "youtube"  # "3 weeks ago", counted back from the capture
    seen: set[str] = set()
    comments: list[dict[str, Any]] = []
    n_again = 0
    for i, item in enumerate(items):
        path = f"comments[{i}]."
        if not isinstance(item, dict):
            heard.problems.append(Problem("expected an object", path[:-1], _AGAIN))
            continue
        own = _id(item.get("id")) or f"no-id-{i + 1}"
        if own in seen:
            n_again += 1
            continue
        seen.add(own)
        comments.append(_comment(item, own, path, estimated, heard))
    if n_again:
        heard.notes.append(f"{n_again} comments that stand twice were read once")
    return comments


def _comment(item: dict[str, Any], own: str, path: str, estimated: bool, heard: _Heard) -> dict[str, Any]:
    text = _text(item, "text", heard, path)
    if text is None and (marked := _text(item, "html", heard, path)):
        text = html.unescape(_HTML.sub(" ", marked)).strip()
    parent = _id(item.get("parent"))
    return {
        "comment_id": own,
        "text": text or "",
        "author": _text(item, "author", heard, path) or _id(item.get("author_id")),
        "likes": _count(item.get("like_count"), heard),
        "posted_at": _moment(item.get("timestamp"), heard, to_the_day=estimated),
        "reply_to": None if parent == "root" else parent,
        "_is_uploader": item.get("author_is_uploader") is True,
    }


def _id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:x}" if value.bit_length() > 1_000 else str(value)
    return value if isinstance(value, str) and value else None


def _sides(info: dict[str, Any], comments: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The crowd's comments, and the uploader's own."""
    crowd = [comment for comment in comments if not comment["_is_uploader"]]
    return crowd, [comment for comment in comments if comment["_is_uploader"]]


def _evidence(info: dict[str, Any], own: list[dict[str, Any]], participants: Sequence[str]) -> list[dict[str, Any]]:
    names = [info.get(name) for name in ("uploader", "uploader_id", "channel", "channel_id", "creator")]
    creators = info.get("creators")
    names += creators if isinstance(creators, list) else []
    people = {known_as(name) for name in participants}
    among = any(isinstance(name, str) and name and known_as(name) in people for name in names)
    uploader = next((name for name in names if isinstance(name, str) and name), None)
    return [
        {
            "evidence_id": comment["comment_id"],
            "kind": "follow_up_post" if among else "other",
            "text": comment["text"],
            "author": comment["author"] or uploader,
            "posted_at": comment["posted_at"],
        }
        for comment in own
    ]


def _total(info: dict[str, Any], captured: int, heard: _Heard) -> int | None:
    """How many comments the platform counted, where more than were captured; says what the capture lacks."""
    given, total = info.get("comments"), _number(info.get("comment_count"))
    n_counted = int(total) if total is not None and 0 <= total < 2**53 else None
    if given is None and n_counted is None:
        heard.notes.append("no comments: they are disabled, or were not asked for (--write-comments)")
    elif given is None and n_counted:
        heard.notes.append(f"comments were not captured, {n_counted} counted (--write-comments)")
    elif given is not None and n_counted is None:
        heard.notes.append(f"the capture of comments was interrupted after {captured}")
    elif n_counted is not None and n_counted > captured:
        heard.notes.append(f"comments were truncated: {captured} of {n_counted}")
    return n_counted if n_counted is not None and n_counted > captured else None
