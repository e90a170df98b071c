"""Subtitles that stand inside an info.json → the words heard: no cues, no times, no tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from misread.formats.jsonl import Undecodable, decode

_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_NOT_SPEECH = frozenset({"live_chat", "comments", "danmaku", "rechat"})


def transcript(info: dict[str, Any]) -> str | None:
    """The words of one subtitle track that stands inline, or ``None``: tracks given by URL only are not fetched.

    The track that was asked for comes first, then the clip's own language, then English, then the file's order; one track only, or
    the same words would be heard twice.

    Examples
    --------
    >>> vtt = "WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<c>sit</c> &amp; talk"
    >>> transcript({"subtitles": {"en": [{"ext": "vtt", "data": vtt}]}})
    'sit & talk'
    """
    for track in _tracks(info):
        text = words(track)
        if text:
            return text
    return None


def _tracks(info: dict[str, Any]) -> Iterator[str]:
    own = str(info.get("language") or "en")[:2].lower()
    for name in ("requested_subtitles", "subtitles"):
        languages = info.get(name)
        if not isinstance(languages, dict):
            continue
        spoken = [key for key in languages if isinstance(key, str) and key not in _NOT_SPEECH]
        spoken.sort(key=lambda key: (not key.lower().startswith(own), not key.lower().startswith("en")))
        for key in spoken:
            entries = languages[key] if isinstance(languages[key], list) else [languages[key]]
            for entry in reversed(entries):  # yt-dlp sorts them from lower to higher preference
                if isinstance(entry, dict) and isinstance(entry.get("data"), str):
                    yield entry["data"]


def words(data: str) -> str:
    """The text of one track in WebVTT, SubRip or json3; empty for another format.

    Examples
    --------
    >>> words("1\\n00:00:01,000 --> 00:00:02,000\\nwe made up\\n\\n2\\n00:00:02,000 --> 00:00:03,000\\nwe made up\\n")
    'we made up'
    """
    start = data.lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        spoken = list(_json3(start))
    elif start.startswith("WEBVTT") or "-->" in start:
        spoken = list(_cues(start))
    else:
        return ""
    kept = [line for i, line in enumerate(spoken) if i == 0 or line != spoken[i - 1]]  # rolling captions say each line again
    return " ".join(kept)


def _cues(data: str) -> Iterator[str]:
    """Lines between a cue's time and the blank line after it; whatever else a file holds (header, notes, styles, ids) is not spoken."""
    speaking = False
    for line in data.splitlines():
        if "-->" in line:
            speaking = True
        elif not line.strip():
            speaking = False
        elif speaking and (text := _bare(line)):
            yield text


def _json3(data: str) -> Iterator[str]:
    value = decode(data.encode("utf-8", "surrogatepass"))
    if isinstance(value, Undecodable) or not isinstance(value, dict):
        return
    for event in _list(value.get("events")):
        segments = _list(event.get("segs")) if isinstance(event, dict) else []
        parts = [part["utf8"] for part in segments if isinstance(part, dict) and isinstance(part.get("utf8"), str)]
        if text := _bare("".join(parts)):
            yield text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _bare(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
