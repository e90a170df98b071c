"""A labelled file or folder → clips, single statements and the fixed splits."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import msgspec

from misread.errors import InputError, Problem
from misread.formats.read import read_clips
from misread.records import Clip, Kind, Stance

Split = Literal["train", "calibrate", "test"]
SPLITS: tuple[Split, ...] = ("train", "calibrate", "test")
SPLITS_FILE = "splits.csv"


#: What a single statement may be: evidence of a kind, or a caption, transcript or comment by itself.
StatementKind = Literal[Kind, "caption", "transcript", "comment"]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A single piece of evidence, caption, transcript or comment about one scene (``about``); for training only."""

    statement_id: str
    kind: StatementKind
    text: str
    about: str
    stance: Stance
    directness: Literal["plain", "indirect"] | None = None


@dataclass(frozen=True)
class Corpus:
    """Labelled clips with their splits (by event) and the fingerprint of the bytes that they were read from."""

    clips: tuple[Clip, ...]
    statements: tuple[Statement, ...] = ()
    splits: dict[str, Split] = field(default_factory=dict)
    sha256: str = ""

    def split(self, name: Split) -> list[Clip]:
        """The clips of one split; where the corpus has no splits, events are drawn by their hash, 60 : 15 : 25.

        Examples
        --------
        >>> Corpus((Clip(clip_id="a"),), splits={"a": "test"}).split("test")[0].clip_id
        'a'
        """
        return [c for c in self.clips if self.splits.get(c.event, drawn_split(c.event)) == name]

    def with_splits(self) -> Corpus:
        """The same with a split for every event, drawn where the corpus has none of its own.

        Examples
        --------
        >>> Corpus((Clip(clip_id="a"),)).with_splits().splits
        {'a': 'test'}
        """
        splits = {c.event: self.splits.get(c.event, drawn_split(c.event)) for c in self.clips}
        return replace(self, splits=splits)


def drawn_split(event: str) -> Split:
    """A split for an event that has none, by the hash of its name: the same everywhere, whatever else is in the corpus.

    Examples
    --------
    >>> drawn_split("a"), drawn_split("b")
    ('test', 'train')
    """
    place = int.from_bytes(hashlib.sha256(event.encode("utf-8", "replace")).digest()[:4], "big") / 2**32
    return "train" if place < 0.60 else "calibrate" if place < 0.75 else "test"


def corpus_files(paths: Iterable[str | Path]) -> list[Path]:
    """The record files behind files and folders, in the order given, folders by name.

    Raises
    ------
    InputError
        If a path does not exist or a folder holds no record file.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix in (".jsonl", ".parquet") or (p.suffix == ".csv" and p.name != SPLITS_FILE))
        if not inside:
            raise InputError(
                Problem("no .jsonl, .csv or .parquet file in this folder", file=str(path), cure="name the folder of the clips")
            )
        found.extend(inside)
    return found


def read_corpus(paths: Sequence[str | Path]) -> Corpus:
    """Read labelled clips and statements, all problems reported at once.

    Parameters
    ----------
    paths
        Files or folders; a file of records with a ``statement_id`` holds statements. ``splits.csv`` in a folder (or beside a file)
        gives the split of each ``group_id``.

    Raises
    ------
    InputError
        With every problem of every record.
    """
    files = corpus_files(paths)
    clip_files = [f for f in files if not holds_statements(f)]
    problems: list[Problem] = []
    clips: list[Clip] = []
    for parsed in read_clips([str(f) for f in clip_files]) if clip_files else ():
        if parsed.clip is None:
            problems.extend(parsed.problems)
        else:
            clips.append(parsed.clip)
    statements: list[Statement] = []
    for file in files:
        if file not in clip_files:
            statements.extend(_statements(file, problems))
    if problems:
        raise InputError(*problems)
    splits: dict[str, Split] = {}
    for folder in dict.fromkeys(f.parent for f in clip_files):
        splits.update(read_splits(folder / SPLITS_FILE))
    return Corpus(tuple(clips), tuple(statements), splits, _fingerprint(files))


def read_splits(path: Path) -> dict[str, Split]:
    """``splits.csv`` (columns ``group_id``, ``split``) as a dict; empty where there is no such file.

    Raises
    ------
    InputError
        If a row names an unknown split.
    """
    if not path.exists():
        return {}
    found: dict[str, Split] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            group, split = row.get("group_id"), row.get("split")
            if group is None or split not in SPLITS:
                line = len(found) + 2
                cure = "columns group_id,split with one of: " + ", ".join(SPLITS)
                raise InputError(Problem(f"unknown split {split!r}", "split", cure, str(path), line))
            found[group] = split
    return found


def holds_statements(path: Path) -> bool:
    """Whether a file's first record is a statement rather than a clip."""
    if path.suffix != ".jsonl" or not path.is_file():
        return False
    with path.open("rb") as file:
        return b'"statement_id"' in file.readline()


def _statements(path: Path, problems: list[Problem]) -> list[Statement]:
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            found.append(msgspec.json.decode(line, type=Statement))
        except (msgspec.MsgspecError, UnicodeDecodeError) as err:
            problems.append(Problem(str(err), file=str(path), line=number, cure="see data/README.md for a statement's fields"))
    return found


def _fingerprint(files: Sequence[Path]) -> str:
    """One hash over names and bytes of all files, so that a model can say what it learnt from."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda f: f.name):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
