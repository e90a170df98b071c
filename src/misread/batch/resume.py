"""What is there already: nothing, some parts, everything, or somebody else's work."""

from __future__ import annotations

from dataclasses import dataclass

from misread.batch.manifest import Manifest, differences, load
from misread.batch.place import Place
from misread.errors import JobError

_CURE = "choose another name, or overwrite it with --force"


@dataclass(frozen=True)
class Standing:
    """Where the work stands that is asked for: its manifest with the parts that there are."""

    manifest: Manifest
    complete: bool = False
    already: bool = False


def standing(place: Place, asked: Manifest, force: bool) -> Standing:
    """What of the work is there; what is there of other work is refused, or removed with ``force``. Only for who holds the lock.

    Raises
    ------
    JobError
        In a sentence that says what was asked for then.
    """
    place.clear_drafts()
    before = load(place.manifest)
    if not place.in_parts:
        if before is not None and _is_whole(place, before) and _same(before, asked):
            place.clear()  # a process that was killed after giving OUT its name may have left it
            return _already(before)
        _refuse_what_is_there(place, before, asked, force)
    elif before is None and not force and any(not path.name.startswith(".") for path in place.out.iterdir()):
        raise JobError(f"{place.out}: holds files that this job did not make; {_CURE}")
    journal = load(place.journal)
    if not _same(journal, asked):
        if journal is not None and not force and (journal.complete or not journal.of_a_pipe):
            raise JobError(f"{place.out}: {'was made' if journal.complete else 'is being made'} {_from_else(journal, asked)}; {_CURE}")
        place.clear()
        return Standing(asked)
    assert journal is not None
    intact = [part for part in journal.parts if _is_intact(place, part.number, part.n_bytes)]
    if journal.complete and len(intact) == len(journal.parts):
        return _already(journal)
    return Standing(journal.having(intact))


def _already(manifest: Manifest) -> Standing:
    return Standing(manifest, complete=True, already=True)


def _same(before: Manifest | None, asked: Manifest) -> bool:
    return before is not None and not before.of_a_pipe and not differences(before, asked)


def _is_whole(place: Place, before: Manifest) -> bool:
    try:
        return place.out.stat().st_size == before.n_bytes
    except OSError:
        return False


def _is_intact(place: Place, number: int, n_bytes: int) -> bool:
    try:
        return place.part(number).stat().st_size == n_bytes
    except OSError:
        return False


def _refuse_what_is_there(place: Place, before: Manifest | None, asked: Manifest, force: bool) -> None:
    if force:
        return
    if place.out.exists():
        raise JobError(f"{place.out}: is there already and was made {_from_else(before, asked)}; {_CURE}")
    if before is None:
        for path in (place.rejects, place.manifest):
            if path.exists():
                raise JobError(f"{path}: is there already and was not made by this job; move it, or overwrite it with --force")


def _from_else(before: Manifest | None, asked: Manifest) -> str:
    if before is None:
        return "from something else"
    if before.of_a_pipe:
        return "from a pipe, which cannot be compared"
    found = differences(before, asked)
    return "from something else: " + "; ".join(found) if found else "from this, but has changed since"
