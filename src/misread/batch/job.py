"""One labelling job: a part at a time, written and named before the next; what is there already is not done again."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from misread import __version__
from misread.batch.cut import cut
from misread.batch.lean import ALL, Lean
from misread.batch.manifest import Manifest, check_unchanged, fingerprints, save
from misread.batch.parts import Tally, finish, skip_part, write_part
from misread.batch.place import Place, held, writing
from misread.batch.resume import Standing, standing
from misread.batch.workers import Task, Workers
from misread.errors import JobError
from misread.formats.columns import AS_THEY_ARE, Columns
from misread.formats.count import count_records
from misread.formats.inputs import STDIN, expand, is_glob
from misread.formats.parse import Parsed
from misread.formats.read import read_clips
from misread.model.bundle import Model
from misread.present.progress import Step
from misread.scoring import Options, load_model
from misread.text.language import langid_version

#: Records of a part: some seconds of work, so that little is done twice after a stop.
PART_SIZE = 16_384


def n_cores() -> int:
    """Cores that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


@dataclass(frozen=True)
class Job:
    """What is asked for.

    Parameters
    ----------
    sources
        Files, folders, globs; ``-`` is standard input.
    out
        The file to write, or the folder of parts; its name says the format.
    model, options, participants, columns
        As of `load_model`, `score`, `read_clips`.
    n_jobs
        Processes that score.
    force
        Overwrite an output that was made from something else.
    in_parts
        ``out`` is a folder of parts.
    lean
        What of each verdict is kept.
    limit
        Read so many records; ``None``: all.
    part_size
        Records a part.
    """

    sources: tuple[str, ...]
    out: Path
    model: Path | None = None
    options: Options = field(default_factory=Options)
    participants: tuple[str, ...] = ()
    n_jobs: int = 1
    force: bool = False
    in_parts: bool = False
    columns: Columns = AS_THEY_ARE
    lean: Lean = ALL
    limit: int | None = None
    part_size: int = PART_SIZE

    @property
    def place(self) -> Place:
        """Where output and work lie."""
        return Place(self.out, self.in_parts)

    def asked(self) -> dict[str, Any]:
        """All that decides about the bytes besides inputs and model."""
        langid = f"py3langid {langid_version()}" if self.options.langid else None  # another release may say otherwise
        return {
            "misread": __version__,
            "as_of": self.options.as_of,
            "prior": self.options.prior,
            "unsure_below": self.options.decision.unsure_below,
            "langid": langid,
            "participants": list(self.participants),
            "columns": dict(self.columns.ours),
            "words": self.lean.words,
            "top": self.lean.top,
            "limit": self.limit,
            "part_size": self.part_size,
        }

    def records(self, files: Sequence[str]) -> Iterator[Parsed]:
        """Every record that is to be answered for."""
        records = read_clips(files, participants=self.participants, columns=self.columns, go_on=True)
        return records if self.limit is None else islice(records, self.limit)


@dataclass(frozen=True)
class Done:
    """How a job ended."""

    n_written: int
    n_refused: int
    rejects: Path
    already: bool = False

    def counts(self) -> str:
        """In words.

        Examples
        --------
        >>> Done(3, 1, Path("r")).counts()
        '4 records read, 3 labelled, 1 refused'
        """
        return f"{self.n_written + self.n_refused:,} records read, {self.n_written:,} labelled, {self.n_refused:,} refused"


def label(job: Job, advance: Callable[[Step], None] = lambda _: None) -> Done:
    """Label every record of the input; after a stop of any kind the same call does what is missing.

    Parameters
    ----------
    job
        See `Job`.
    advance
        Told now and then how far it is.

    Raises
    ------
    InputError
        If the input cannot be read at all.
    JobError
        If the output holds something else, is being worked on by another process, or cannot be written.
    """
    place = job.place
    check_place(job)
    files = expand(job.sources)
    check_apart(place, files)
    model = load_model(job.model)
    asked = Manifest(inputs=fingerprints(files), model_id=model.meta.model_id, options=job.asked())
    with held(place):
        found = standing(place, asked, job.force)
        if not found.complete:
            try:
                with writing(place.out):
                    found = _do(job, place, files, model, found, advance)
            except BaseException:
                place.clear_beginnings()
                raise
    return Done(found.manifest.n_written, found.manifest.n_refused, place.rejects, found.already)


def check_place(job: Job) -> None:
    """Refuse an output that cannot be.

    Raises
    ------
    JobError
        With what to do instead.
    InputError
        If its name says no format.
    """
    place = job.place
    _ = place.kind
    if not place.out.parent.is_dir():
        raise JobError(f"{place.out.parent}: no such folder; make it first")
    if job.in_parts and place.out.exists() and not place.out.is_dir():
        raise JobError(f"{place.out}: is a file; choose another name for the folder of parts")
    if not job.in_parts and place.out.is_dir():
        raise JobError(f"{place.out}: is a folder; name a file in it")
    written = [place.out, place.part(0) if job.in_parts else place.rejects]
    for source in job.sources:
        if source != STDIN and any(_would_be_read(path.absolute(), source) for path in written):
            raise JobError(f"{place.out}: would be read as input the next time, for it falls under {source}; choose another place")


def _would_be_read(path: Path, source: str) -> bool:
    """Whether a file of this name belongs to a folder or a glob that is read."""
    named = Path(source).absolute()
    if named.is_dir():
        return path.is_relative_to(named)
    if not is_glob(source) or named.exists():
        return False
    if "**" in named.parts:
        return fnmatch.fnmatch(str(path), str(named).replace("**/", "*"))
    return len(path.parts) == len(named.parts) and all(map(fnmatch.fnmatch, path.parts, named.parts))


def check_apart(place: Place, files: Iterable[str]) -> None:
    """Refuse an output that is one of the inputs.

    Raises
    ------
    JobError
        Naming it.
    """
    for path in {place.out, place.rejects, place.manifest}:
        for file in files:
            if file != STDIN and path.exists() and os.path.exists(file) and path.samefile(file):
                raise JobError(f"{path}: is the input; choose another name for the output")


def _do(job: Job, place: Place, files: Sequence[str], model: Model, found: Standing, advance: Callable[[Step], None]) -> Standing:
    manifest = found.manifest
    if manifest.n_expected is None:
        manifest = replace(manifest, n_expected=expected(files, job.limit))
    save(manifest, place.journal, place)
    done = {part.number: part for part in manifest.parts}
    tally = Tally(advance, manifest.n_expected, job.part_size)
    with Workers(Task(job.model, job.options, place.kind, job.lean), model, job.n_jobs) as workers:
        chunks = workers.scored(cut(tally.counting(job.records(files)), job.part_size, done))
        for number, group in groupby(chunks, lambda scored: scored[0].part):
            if number in done:
                skip_part(done[number], group, tally)
            else:
                done[number] = write_part(place, number, group, tally)
                manifest = manifest.having(list(done.values()))
                save(manifest, place.journal, place)
            tally.end_part()
    if tally.n_read != manifest.n_read:
        raise JobError(f"{tally.n_read:,} records read, but {manifest.n_read:,} answered for: do it again with --force, and report this")
    check_unchanged(manifest.inputs)
    return Standing(finish(place, manifest), complete=True, already=False)


def expected(files: Sequence[str], limit: int | None) -> int | None:
    """About how many records there are to read; ``None`` where nobody can say without reading them."""
    counts = [count_records(file) for file in files]
    total = sum(n for n in counts if n is not None)
    if None in counts:
        return None
    return total if limit is None else min(total, limit)
