"""A user's own column names → ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from misread.errors import InputError, Problem
from misread.formats.parse import CLIP_FIELDS

_IDS = frozenset({"clip_id", "group_id"})


@dataclass(frozen=True)
class Columns:
    """Which of our fields is found under which name of theirs; the names that are not mentioned stay as they are.

    Parameters
    ----------
    ours
        Their name → ours.

    Examples
    --------
    >>> columns = columns_from("caption=title,clip_id=video_id")
    >>> columns.record({"title": "they made up", "video_id": 7, "desk": "sport"})
    {'caption': 'they made up', 'clip_id': '7', 'desk': 'sport'}
    """

    ours: Mapping[str, str] = field(default_factory=dict)

    def names(self, names: Sequence[str]) -> list[str]:
        """Column names as ours; a column that stands in the way of one of ours becomes ``input_`` and its name."""
        taken = {self.ours[name] for name in names if name in self.ours}
        return [self.ours[name] if name in self.ours else _aside(name, taken, names) for name in names]

    def record(self, record: Any) -> Any:
        """A record under our names; numbers become text where they are to be ids. Whatever is no object is given back."""
        if not self.ours or not isinstance(record, dict):
            return record
        made = dict(zip(self.names(list(record)), record.values(), strict=True))
        for theirs, name in self.ours.items():
            if name in _IDS and isinstance(number := record.get(theirs), int) and not isinstance(number, bool):
                made[name] = str(number)
        return made

    def missing(self, names: Sequence[str]) -> list[str]:
        """Names of theirs that a table does not have."""
        return [name for name in self.ours if name not in names]

    def check(self, names: Sequence[str], file: str) -> None:
        """Refuse a table without a column that was asked for.

        Raises
        ------
        InputError
            With the columns that there are.
        """
        if missing := self.missing(names):
            found = ", ".join(name[:40] for name in names[:20])
            raise InputError(*(Problem("no such column", name, f"found: {found}", file, 1) for name in missing))


def _aside(name: str, taken: set[str], names: Sequence[str]) -> str:
    made = name
    while made in taken or (made != name and made in names):
        made = f"input_{made}"
    return made


AS_THEY_ARE = Columns()


def columns_from(text: str) -> Columns:
    """From ``ours=theirs`` pairs, separated by commas.

    Raises
    ------
    InputError
        If a name of ours is unknown (they are listed), or one on either side stands twice.

    Examples
    --------
    >>> columns_from("caption=title").ours
    {'title': 'caption'}
    """
    ours: dict[str, str] = {}
    found: list[Problem] = []
    for pair in filter(None, map(str.strip, text.split(","))):
        left, equals, right = (part.strip() for part in pair.partition("="))
        if not equals or not left or not right:
            found.append(Problem(f"expected OURS=THEIRS, got {pair[:60]!r}", "columns", "e.g. caption=title,clip_id=video_id"))
        elif left not in CLIP_FIELDS:
            found.append(Problem(f"unknown target {left[:60]!r}", "columns", "one of: " + ", ".join(sorted(CLIP_FIELDS))))
        elif right in ours or left in ours.values():
            found.append(Problem(f"{(right if right in ours else left)[:60]!r} stands twice", "columns", "one column for one field"))
        else:
            ours[right] = left
    if found:
        raise InputError(*found)
    return Columns(ours)
