"""Loose data → `Clip`, naming every problem of a record at once rather than the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec

from misread.errors import InputError, Problem
from misread.records import KINDS, PLATFORMS, Clip, Comment, Evidence, Reading, Stance, time_problem

#: Fields that a clip has; whatever else stands in a record passes through untouched.
CLIP_FIELDS = frozenset(Clip.__struct_fields__)
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Far deeper than any record of ours; a fixed limit, so that what is read can also be written, whoever calls.
_MAX_DEPTH = 100
_STANCES = get_args(Stance)
_READINGS = get_args(Reading)

Check = Callable[[str, Any], Iterator[Problem]]


@dataclass(frozen=True)
class Parsed:
    """One record of a file: either a clip (with the fields that are not ours) or the problems that keep it from being one."""

    clip: Clip | None
    problems: tuple[Problem, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def _text(path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(f"expected text, got {_name(value)}", path)


def _count(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(f"expected a whole number, got {value if isinstance(value, float) else _name(value)}", path)
    elif not 0 <= value < 2**63:
        yield Problem(f"expected a number from 0, got {_shown(value)}", path, "leave it out where it is unknown")


def _time(path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(f"expected a time, got {_name(value)}", path, "RFC 3339 text, e.g. 2023-09-13T02:10:00+00:00")
    elif problem := time_problem(value):
        cure = "add Z or +hh:mm" if "offset" in problem else "RFC 3339 with an offset, or a bare date such as 2023-09-13"
        yield Problem(f"{problem}: {value[:40]!r}", path, cure)


def _one_of(words: tuple[str, ...]) -> Check:
    def check(path: str, value: Any) -> Iterator[Problem]:
        if value not in words:
            yield Problem(f"unknown word {_shown(value)!r}", path, "one of: " + ", ".join(words))

    return check


def _grade(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 3:
        yield Problem(f"expected 0, 1, 2 or 3, got {_shown(value)}", path)


def _texts(path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(f"expected a list of texts, got {_name(value)}", path)
        return
    for i, item in enumerate(value):
        yield from _text(f"{path}[{i}]", item)


def _object(path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(f"expected an object, got {_name(value)}", path)


_COMMENT: dict[str, Check] = {
    "comment_id": _text, "text": _text, "author": _text, "likes": _count, "posted_at": _time, "reply_to": _text,
    "stance": _one_of(_STANCES),
}  # fmt: skip
_EVIDENCE: dict[str, Check] = {
    "evidence_id": _text, "kind": _one_of(KINDS), "text": _text, "author": _text, "posted_at": _time, "url": _text,
    "stance": _one_of(_STANCES), "relevance": _grade,
}  # fmt: skip


def _items(checks: dict[str, Check], id_field: str) -> Check:
    def check(path: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(f"expected a list, got {_name(value)}", path)
            return
        seen: set[str] = set()
        for i, item in enumerate(value):
            here = f"{path}[{i}]"
            if not isinstance(item, dict):
                yield Problem(f"expected an object, got {_name(item)}", here)
                continue
            yield from _walk(checks, here + ".", item)
            item_id = item.get(id_field)
            identity = str(i + 1) if item_id is None else _shown(item_id, 10**6)
            if identity in seen:
                yield Problem(f"{id_field} {identity[:40]!r} stands twice in this clip", f"{here}.{id_field}", "make ids unique")
            seen.add(identity)

    return check


_CLIP: dict[str, Check] = {
    "clip_id": _text, "caption": _text, "transcript": _text, "platform": _one_of(PLATFORMS), "url": _text, "posted_at": _time,
    "participants": _texts, "group_id": _text, "comments": _items(_COMMENT, "comment_id"), "n_comments_total": _count,
    "evidence": _items(_EVIDENCE, "evidence_id"), "label": _one_of(_READINGS), "first_impression": _one_of(_READINGS),
    "tags": _object,
}  # fmt: skip


def _walk(checks: dict[str, Check], prefix: str, record: dict[str, Any]) -> Iterator[Problem]:
    for name, check in checks.items():
        value = record.get(name)
        if value is not None:
            yield from check(prefix + name, value)


def problems(record: Any) -> list[Problem]:
    """Every violation of the record format in ``record``, in the order of the format's fields.

    Examples
    --------
    >>> [p.field for p in problems({"caption": 3, "comments": [{"likes": -1}]})]
    ['clip_id', 'caption', 'comments[0].likes']
    """
    if not isinstance(record, dict):
        return [Problem(f"expected an object, got {_name(record)}", "", "one JSON object per clip")]
    found: list[Problem] = []
    if record.get("clip_id") is None:
        found.append(Problem("missing", "clip_id", "every record needs an id"))
    found.extend(_walk(_CLIP, "", record))
    return found


def clip_from(record: Any) -> Parsed:
    """A record as a clip, or every problem that it has.

    JSON null and a missing field are the same; ids of comments and evidence default to their position (from 1); lone surrogates,
    which no file can hold, become U+FFFD.

    Examples
    --------
    >>> clip_from({"clip_id": "a", "comments": [{"text": "lol"}]}).clip.comments[0].comment_id
    '1'
    """
    try:
        record = _mended(record)  # before the checks: two ids that differ in a lone surrogate only are one id once mended
    except RecursionError:
        return Parsed(None, (Problem(f"nested more than {_MAX_DEPTH} deep", "", "no field of a clip is nested so deep"),))
    found = problems(record)
    if found:
        return Parsed(None, tuple(found))
    ours = {name: value for name, value in record.items() if name in CLIP_FIELDS and value is not None}
    extra = {name: value for name, value in record.items() if name not in CLIP_FIELDS}
    if "comments" in ours:
        ours["comments"] = [_filled(item, i, "comment_id") for i, item in enumerate(ours["comments"], 1)]
    if "evidence" in ours:
        ours["evidence"] = [_filled(item, i, "evidence_id") for i, item in enumerate(ours["evidence"], 1)]
    try:
        return Parsed(msgspec.convert(ours, Clip), (), extra)
    except msgspec.ValidationError as err:  # the walk above and the types must never part; if they do, refuse rather than guess
        return Parsed(None, (Problem(str(err)),))


def only(parsed: Parsed) -> Clip:
    """The clip, or an `InputError` with all its problems.

    Raises
    ------
    InputError
        If the record is no clip.
    """
    if parsed.clip is None:
        raise InputError(*parsed.problems)
    return parsed.clip


def _filled(item: dict[str, Any], position: int, id_field: str) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if value is not None}
    kept.setdefault(id_field, str(position))
    return kept


def mended_text(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no file can hold.

    Examples
    --------
    >>> mended_text("lol \\ud83d") == "lol \\ufffd"
    True
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _mended(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return mended_text(value)
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        return {mended_text(name) if isinstance(name, str) else name: _mended(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_mended(item, depth + 1) for item in value]
    return value


def _shown(value: Any, limit: int = 40) -> str:
    """A value for a message; Python refuses to write out whole numbers of more than 4,300 digits."""
    if isinstance(value, int) and value.bit_length() > 1_000:
        return "a number of more than 300 digits"
    return str(value)[:limit]


def _name(value: Any) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
        type(None): "null",
    }
    return names.get(type(value), type(value).__name__)


__all__ = ["CLIP_FIELDS", "Comment", "Evidence", "Parsed", "clip_from", "mended_text", "only", "problems"]
