"""Labelled files → every violation of the record format and of what a corpus promises beyond it, all at once."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from misread.corpus.read import SPLITS, SPLITS_FILE, Statement, corpus_files, holds_statements  # one definition of a statements file
from misread.errors import InputError, Problem
from misread.formats import jsonl
from misread.formats.detect import BOM
from misread.formats.read import read_clips
from misread.records import Clip, Comment, Evidence, known_at

#: What came up so much before the clip was posted can't be about it; less may be clocks and zones.
_EARLY = timedelta(days=1)


class Row(NamedTuple):
    """One row of ``splits.csv`` and its line from 1; a cell is ``None`` where the row is too short."""

    line: int
    event: str | None
    split: str | None


def check(paths: Sequence[str | Path]) -> list[Problem]:
    """Everything wrong with labelled files and folders, in the order of files and lines.

    Parameters
    ----------
    paths
        Files or folders of clips and of statements; ``splits.csv`` in their folders is held against the clips.

    Returns
    -------
    list of Problem
        With file, line and field; empty where all is well.

    Raises
    ------
    InputError
        If paths do not exist or a folder holds no record file.
    """
    missing = [Problem("no such file or folder", cure="check the name", file=str(p)) for p in map(Path, paths) if not p.exists()]
    if missing:
        raise InputError(*missing)
    found: list[Problem] = []
    events: dict[Path, set[str]] = defaultdict(set)  # by folder
    refused: set[Path] = set()
    seen = _Ids(), _Ids()
    for file in corpus_files(paths):
        if holds_statements(file):
            found += statement_problems(str(file), file.read_bytes(), seen[1])
            continue
        here = events[file.parent]
        n_before = len(found)
        found += _clips(file, seen[0], here)
        if any(p.raw is not None or p.line is None for p in found[n_before:]):  # a record, or the rest of the file, was not read
            refused.add(file.parent)
    whole = {p for p in map(Path, paths) if p.is_dir()} - refused
    for folder, names in events.items():
        if (folder / SPLITS_FILE).is_file():
            found += _splits(folder / SPLITS_FILE, names, whole=folder in whole)
    return found


class _Ids:
    """Where each id stood first, over all files."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def twice(self, name: str, file: str, line: int | None, field: str) -> list[Problem]:
        """A problem if the id was met before."""
        first = self._places.setdefault(name, f"{file}:{line}")
        if first == f"{file}:{line}":
            return []
        return [Problem(f"{name[:100]!r} was seen before, at {first}", field, "drop one, or give it its own id", file, line)]


def _clips(file: Path, seen: _Ids, events: set[str]) -> list[Problem]:
    """The problems of one file of clips; ``events`` is added to."""
    found: list[Problem] = []
    ids: list[tuple[int, str]] = []
    lines = _lines(file)
    try:
        for position, parsed in enumerate(read_clips([str(file)])):
            clip = parsed.clip
            if clip is None:
                found += parsed.problems
                continue
            line = lines[position] if position < len(lines) else position + 1
            events.add(clip.event)
            ids.append((line, clip.clip_id))
            found += [p.at(str(file), line) for p in clip_problems(clip)]
            if file.suffix == ".jsonl" or clip.clip_id != str(line):  # a table's row number stands in for an id and may come again
                found += seen.twice(clip.clip_id, str(file), line, "clip_id")
    except InputError as err:
        found += err.problems
    if file.match("clips-*.jsonl"):  # ours (data/README.md); users may order theirs as they like
        found += [p.at(str(file), p.line) for p in order_problems(ids)]
    return found


def _lines(file: Path) -> list[int]:
    """The line of each record of JSON Lines (blank lines hold none); of other files nothing: there a record's number is its place."""
    if file.suffix not in (".jsonl", ".ndjson"):
        return []
    with file.open("rb") as stream:
        return [number for number, line in jsonl.lines(stream) if line.removeprefix(BOM).strip()]


def clip_problems(clip: Clip) -> list[Problem]:
    """What keeps a well-formed clip from being a labelled one.

    Examples
    --------
    >>> [str(p) for p in clip_problems(Clip(clip_id="a", label="friendly", comments=(Comment(comment_id="1", reply_to="9"),)))]
    ["comments[0].reply_to: there is no comment '9' in this clip"]
    """
    found = [] if clip.label else [Problem("no label", "label", "conflict or friendly: what really happened")]
    places = {comment.comment_id: i for i, comment in enumerate(clip.comments)}
    for i, comment in enumerate(clip.comments):
        here = f"comments[{i}]"
        if comment.reply_to is not None:
            found += _reply(comment.reply_to, places.get(comment.reply_to), i, here)
        found += _early(clip.posted_at, comment.posted_at, here)
    for i, item in enumerate(clip.evidence):
        found += _gold(item, clip.label, f"evidence[{i}]")
        found += _early(clip.posted_at, item.posted_at, f"evidence[{i}]")
    return found


def _reply(target: str, place: int | None, own: int, here: str) -> Iterator[Problem]:
    if place is None:
        yield Problem(f"there is no comment {target[:40]!r} in this clip", f"{here}.reply_to")
    elif place >= own:
        what = "itself" if place == own else f"a later one, comments[{place}]"
        yield Problem(f"replies to {what}", f"{here}.reply_to", "what is replied to stands first")


def _gold(item: Evidence, label: str | None, here: str) -> Iterator[Problem]:
    if item.stance is None:
        yield Problem("no stance", f"{here}.stance", "the reading that it supports: conflict, friendly or neutral")
    if item.relevance is None:
        yield Problem("no relevance", f"{here}.relevance", "0 off topic, 1 no bearing, 2 bears on the reading, 3 decisive")
    if item.relevance == 0 and item.stance not in (None, "neutral"):
        yield Problem(f"off topic (relevance 0) but {item.stance}", f"{here}.stance", "what is off topic is neutral")
    if item.relevance == 3 and item.stance == "neutral":
        yield Problem("decisive (relevance 3) but neutral", f"{here}.stance", "what decides has a side")
    elif item.relevance == 3 and label and item.stance and item.stance != label:
        yield Problem(f"decisive (relevance 3) for {item.stance} in a clip labelled {label}", f"{here}.stance", "one of the two is wrong")


def _early(clip_time: str | None, item_time: str | None, here: str) -> Iterator[Problem]:
    """A bare date may be any moment of its day: only what is early at its latest is surely early."""
    if clip_time is None or item_time is None:
        return
    try:
        first = known_at(clip_time) - (timedelta(days=1) if len(clip_time) == len("2023-09-13") else timedelta())
        if known_at(item_time) < first - _EARLY:
            yield Problem(
                f"posted {item_time}, more than a day before the clip ({clip_time})", f"{here}.posted_at", "one of the two is wrong"
            )
    except OverflowError:  # the year 1: there is no day before it
        return


def order_problems(ids: Iterable[tuple[int, str]]) -> list[Problem]:
    """Where the ids of a file do not ascend; (line, id) pairs in the file's order.

    Examples
    --------
    >>> [str(p) for p in order_problems([(1, "b"), (2, "a"), (3, "c")])]
    ["line 2 clip_id: 'a' stands after 'b' (sort the file by clip_id)"]
    """
    found = []
    last = ""
    for line, clip_id in ids:
        if clip_id < last:
            found.append(Problem(f"{clip_id[:40]!r} stands after {last[:40]!r}", "clip_id", "sort the file by clip_id", line=line))
        last = max(last, clip_id)
    return found


def split_problems(rows: Sequence[Row], events: Iterable[str], whole: bool = True) -> list[Problem]:
    """What is wrong with the rows of ``splits.csv``.

    Parameters
    ----------
    rows
        In the file's order.
    events
        The events of the clips.
    whole
        Whether ``events`` are all that there are, so that a row for another is one too many.

    Examples
    --------
    >>> [str(p) for p in split_problems([Row(2, "a", "train"), Row(3, "a", "test")], ["a"])]
    ["line 3 group_id: 'a' is in two splits: train (line 2) and test (one event, one split)"]
    """
    found: list[Problem] = []
    first: dict[str, Row] = {}
    known = set(events)
    for row in rows:
        if not row.event:
            found.append(Problem("no group_id", "group_id", "columns group_id,split", line=row.line))
            continue
        if row.split not in SPLITS:
            found.append(Problem(f"unknown split {str(row.split)[:40]!r}", "split", "one of: " + ", ".join(SPLITS), line=row.line))
        before = first.setdefault(row.event, row)
        name = row.event[:40]
        if before is not row and before.split != row.split:
            both = f"{before.split} (line {before.line}) and {row.split}"
            found.append(Problem(f"{name!r} is in two splits: {both}", "group_id", "one event, one split", line=row.line))
        elif before is not row:
            found.append(Problem(f"{name!r} stands twice, first at line {before.line}", "group_id", "drop one", line=row.line))
        elif whole and row.event not in known:
            found.append(Problem(f"no clip belongs to {name!r}", "group_id", "drop the row, or was a clip lost?", line=row.line))
    found += [
        Problem(f"{event[:40]!r} has no split", "group_id", "misread corpus split --keep gives it one")
        for event in sorted(known - first.keys())
    ]
    return found


def read_rows(path: Path) -> list[Row]:
    """The rows of ``splits.csv`` as they stand, nothing refused but a file that is no table of these columns.

    Raises
    ------
    InputError
        If it is not UTF-8, not CSV, or its header lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if not {"group_id", "split"} <= set(table.fieldnames or ()):
                raise InputError(Problem("the header lacks group_id or split", "", "first line: group_id,split", str(path), 1))
            return [Row(table.line_num, row["group_id"], row["split"]) for row in table]
    except (UnicodeDecodeError, csv.Error) as err:
        raise InputError(Problem(f"not readable as CSV: {err}", "", "save it as UTF-8 with the columns group_id,split", str(path))) from err


def _splits(path: Path, events: set[str], whole: bool) -> list[Problem]:
    try:
        return [p.at(str(path), p.line) for p in split_problems(read_rows(path), events, whole)]
    except InputError as err:
        return list(err.problems)


def statement_problems(file: str, data: bytes, seen: _Ids | None = None) -> list[Problem]:
    """Every violation in a file of single statements: fields missing or of the wrong sort, ids twice, empty texts.

    Examples
    --------
    >>> row = b'{"statement_id": "s", "kind": "rumour", "text": "", "about": "a scuffle", "stance": "friendly"}'
    >>> [p.field for p in statement_problems("s.jsonl", row)]
    ['kind', 'text']
    """
    found: list[Problem] = []
    ids = _Ids() if seen is None else seen
    for number, line in enumerate(data.splitlines(), 1):
        try:
            value = msgspec.json.decode(line)
        except (ValueError, RecursionError) as err:
            why = jsonl.decode(line)
            found.append((why.problem if isinstance(why, jsonl.Undecodable) else Problem(str(err))).at(file, number))
            continue
        if not isinstance(value, dict):
            found.append(Problem("expected an object", file=file, line=number, cure="one statement a line"))
        else:
            found += [p.at(file, number) for p in _fields(value)]
            if isinstance(name := value.get("statement_id"), str):
                found += ids.twice(name, file, number, "statement_id")
    return found


def _fields(value: Mapping[str, Any]) -> Iterator[Problem]:
    for field in msgspec.structs.fields(Statement):
        given = value.get(field.name)
        if given is None:
            if field.required:
                yield Problem("missing", field.name, "see data/README.md for a statement's fields")
            continue
        try:
            msgspec.convert(given, field.type)
        except msgspec.ValidationError as err:
            words = get_args(field.type) if get_origin(field.type) is Literal else ()
            yield Problem(str(err), field.name, "one of: " + ", ".join(words) if words else "")
        else:
            if given == "":
                yield Problem("empty", field.name)


__all__ = ["Comment", "Row", "check", "clip_problems", "order_problems", "read_rows", "split_problems", "statement_problems"]
