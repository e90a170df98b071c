"""Every way in which misread says no, each with enough to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: So much of a refused record is kept, in characters.
MAX_RAW = 10_000


class MisreadError(Exception):
    """The root of all errors that misread raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one record, in words that lead to the cure.

    Parameters
    ----------
    reason
        What is wrong, e.g. ``"expected a whole number, got text"``.
    field
        Path inside the record, e.g. ``"comments[2].likes"``; empty for the whole record.
    cure
        What to do about it; may be empty.
    file, line
        Where it stands: file name as given and line (row) from 1; ``None`` where unknown.
    raw
        The record as it was read, for the rejects file; at most 10,000 characters are kept.

    Examples
    --------
    >>> str(Problem("expected a whole number", "likes", file="clips.jsonl", line=17))
    'clips.jsonl:17 likes: expected a whole number'
    """

    reason: str
    field: str = ""
    cure: str = ""
    file: str | None = None
    line: int | None = None
    raw: str | None = None

    def at(self, file: str | None, line: int | None, raw: str | None = None) -> Problem:
        """The same problem with its place filled in."""
        return replace(self, file=file, line=line, raw=None if raw is None else raw[:MAX_RAW])

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        where = " ".join(part for part in (place, self.field) if part)
        text = f"{where}: {self.reason}" if where else self.reason
        return f"{text} ({self.cure})" if self.cure else text


class InputError(MisreadError):
    """Something given to misread cannot be read; carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class ModelError(MisreadError):
    """A model folder that cannot be trusted or is not fit for this version."""


class JobError(MisreadError):
    """A labelling job that cannot go on as asked."""
