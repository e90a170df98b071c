"""What a job would do: what it reads, which columns it finds there, what it would refuse first. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from misread.batch.job import Job, check_apart, check_place, expected
from misread.errors import Problem
from misread.formats.inputs import STDIN, expand
from misread.formats.parse import CLIP_FIELDS
from misread.records import Clip
from misread.scoring import load_model

#: So many records are looked at.
LOOKED_AT = 1_000
_SHOWN = 5


@dataclass(frozen=True)
class Plan:
    """What would be done.

    Parameters
    ----------
    job
        As asked for.
    files
        Inputs, in order.
    n_expected
        About how many records there are; ``None``: nobody can say.
    model_id
        Of the model that would score.
    ours, theirs
        Fields that hold something in the records looked at: those that misread reads, and those that pass through.
    n_looked_at, n_refused
        Records looked at, and refused among them.
    first
        The first problems.
    """

    job: Job
    files: tuple[str, ...]
    n_expected: int | None
    model_id: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    n_looked_at: int
    n_refused: int
    first: tuple[Problem, ...]

    def lines(self) -> list[str]:
        """For people, a line a fact."""
        shown = ", ".join(self.files[:_SHOWN]) + (", …" if len(self.files) > _SHOWN else "")
        records = "nobody can say before they are read" if self.n_expected is None else f"about {self.n_expected:,}"
        parts = "" if self.n_expected is None else f", in {-(-self.n_expected // self.job.part_size):,} parts"
        lines = [f"input: {len(self.files):,} file{'s' if len(self.files) != 1 else ''}: {shown}", f"records: {records}{parts}"]
        back = {ours: f"{ours} (their {theirs})" for theirs, ours in self.job.columns.ours.items()}
        lines += ["columns read: " + (", ".join(back.get(name, name) for name in self.ours) or "none")]
        lines += ["columns passed through: " + (", ".join(self.theirs) or "none"), f"model: {self.model_id}"]
        lines += [f"output: {self.job.out}{' (a folder of parts)' if self.job.in_parts else ''}; nothing was written"]
        lines += [f"refused: {self.n_refused:,} of the first {self.n_looked_at:,} records"]
        return lines + [f"  {problem}" for problem in self.first]


def plan(job: Job) -> Plan:
    """Look at the first records of every input in turn.

    Raises
    ------
    InputError, JobError
        Where the job would at its start.
    """
    check_place(job)
    files = expand(job.sources)
    check_apart(job.place, files)
    ours: dict[str, None] = {}
    theirs: dict[str, None] = {}
    first: list[Problem] = []
    n_looked_at = n_refused = 0
    for parsed in islice(job.records(files), LOOKED_AT):
        n_looked_at += 1
        theirs.update(dict.fromkeys(parsed.extra))
        if parsed.clip is None:
            n_refused += 1
            first += parsed.problems[: _SHOWN - len(first)]
        else:
            ours.update(dict.fromkeys(_filled(parsed.clip)))
    counted = None if STDIN in files else expected(files, job.limit)
    in_order = tuple(name for name in Clip.__struct_fields__ if name in ours)
    passed = tuple(name for name in theirs if name not in CLIP_FIELDS)
    model_id = load_model(job.model).meta.model_id
    return Plan(job, tuple(files), counted, model_id, in_order, passed, n_looked_at, n_refused, tuple(first))


def _filled(clip: Clip) -> list[str]:
    return [name for name in Clip.__struct_fields__ if getattr(clip, name) not in ("", None, ())]
