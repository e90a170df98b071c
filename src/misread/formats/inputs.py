"""What is named on a command line → the files to read: files themselves, folders, globs, standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from misread.errors import InputError, Problem
from misread.formats.detect import unreadable
from misread.formats.packed import SUFFIXES

STDIN = "-"
_KNOWN = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".arrow", ".feather")


def expand(named: Sequence[str]) -> list[str]:
    """The files behind what was named, in a fixed order.

    Of a folder every file under it whose name ends as data do (``.jsonl``, ``.csv.gz``, …), sorted; hidden ones, those that begin with
    ``_`` and folders named so are left out. A glob (``**`` goes down) is taken only where no file has just that name.

    Raises
    ------
    InputError
        If a folder holds nothing to read, or a glob matches nothing; all of them are named.

    Examples
    --------
    >>> expand(["-", "clips.jsonl"])
    ['-', 'clips.jsonl']
    """
    files: list[str] = []
    found: list[Problem] = []
    for name in named:
        if name == STDIN or (_exists(name) and not os.path.isdir(name)):
            files.append(name)
        elif _exists(name):
            files += (inside := _under(name, found))
            if not inside:
                found.append(Problem("no file in this folder that misread reads", cure="they end in " + ", ".join(_KNOWN), file=name))
        elif is_glob(name):
            files += (matched := sorted(path for path in glob.glob(name, recursive=True) if not os.path.isdir(path)))
            if not matched:
                found.append(Problem("no file matches", cure="check the spelling", file=name))
        else:
            files.append(name)  # the reader says what is wrong with it, of all of them at once
    if found:
        raise InputError(*found)
    return files


def is_glob(name: str) -> bool:
    """Whether a name has the signs of a pattern.

    Examples
    --------
    >>> is_glob("2026-*/*.jsonl"), is_glob("clips.jsonl")
    (True, False)
    """
    return glob.has_magic(name)


def _exists(name: str) -> bool:
    try:
        return os.path.exists(name)
    except ValueError:  # a NUL byte
        return False


def _under(folder: str, found: list[Problem]) -> list[str]:
    def refuse(err: OSError) -> None:  # a folder that may not be looked into is not passed over in silence
        found.append(unreadable(str(err.filename), err))

    files: list[str] = []
    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        files += [os.path.join(here, name) for name in names if _is_data(name)]
    return sorted(files)


def _is_data(name: str) -> bool:
    plain = name.lower()
    for suffix in SUFFIXES:
        plain = plain.removesuffix(suffix)
    return not name.startswith((".", "_")) and Path(plain).suffix in _KNOWN
