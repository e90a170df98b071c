"""Where a job stands, and what it would do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from misread.batch.job import Job, label
from misread.batch.plan import plan
from misread.batch.status import status
from misread.errors import InputError, JobError
from misread.formats.columns import columns_from


class Stop(Exception):
    pass


def stopped(source: Path, name: str) -> Job:
    job = Job((str(source),), source.with_name(name.rstrip("/")), part_size=8, in_parts=name.endswith("/"))

    def advance(step) -> None:
        if step.n_done >= 30:
            raise Stop

    with pytest.raises(Stop):
        label(job, advance)
    return job


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl/"])
def test_status_of_a_job_that_was_stopped_and_of_one_that_is_done(many: Path, name: str) -> None:
    job = stopped(many, name)
    found = status(job.out)
    assert (found.complete, found.running, found.about, found.missing, found.changed) == (False, False, True, (3, 4, 5, 6, 7), ())
    text = "\n".join(found.lines())
    assert "not complete: give the same command again" in text
    assert "parts: 3 done, about 5 missing (3, 4, 5, 6, 7)" in text
    assert "records: 24 read, 22 labelled, 2 refused of about 60" in text
    assert f"model: {found.manifest.model_id}" in text
    assert "input: 1 file, unchanged" in text
    label(job)
    found = status(job.out)
    assert (found.complete, found.missing, found.about) == (True, (), False)
    assert found.lines()[:2] == [f"{job.out}: complete", "parts: 8 done, none missing"]


def test_status_says_what_became_of_the_inputs(many: Path) -> None:
    job = stopped(many, "out.jsonl")
    many.write_text(many.read_text() + "\n")
    assert status(job.out).changed == (f"{many} has changed since",)
    many.unlink()
    assert status(job.out).changed == (f"{many} is no longer there",)


def test_status_of_a_job_that_runs(many: Path) -> None:
    found = []
    job = Job((str(many),), many.with_name("out.jsonl"), part_size=8)
    label(job, lambda _: found.append(status(job.out)))
    assert all(standing.running and not standing.complete for standing in found)
    assert f"{job.out}: running" in found[0].lines()[0]


def test_a_part_that_is_gone_is_missing(many: Path) -> None:
    job = Job((str(many),), many.with_name("out.jsonl"), part_size=8, in_parts=True)
    label(job)
    job.place.part(3).unlink()
    found = status(job.out)
    assert (found.complete, found.missing, found.about) == (False, (3,), False)


def test_an_output_that_is_gone_or_cut_is_not_complete(many: Path) -> None:
    job = Job((str(many),), many.with_name("out.jsonl"), part_size=8)
    label(job)
    job.out.write_text("")
    assert not status(job.out).complete
    with pytest.raises(JobError, match="no job has begun here"):
        status(many)


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(many: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("video_id,title,desk\n1,they hugged,sport\n2,,\n")
    before = sorted(tmp_path.iterdir())
    columns = columns_from("clip_id=video_id,caption=title")
    job = Job((str(table), str(many)), tmp_path / "out.jsonl", columns=columns, part_size=10)
    found = plan(job)
    assert sorted(tmp_path.iterdir()) == before
    assert (found.n_expected, found.n_looked_at, found.n_refused) == (62, 62, 6)
    text = "\n".join(found.lines())
    assert "records: about 62, in 7 parts" in text
    assert "columns read: clip_id (their video_id), caption (their title), comments, evidence" in text
    assert "columns passed through: desk" in text
    assert f"  {many}:8 clip_id: expected text, got a number" in text
    assert len(found.first) == 5


def test_a_dry_run_finds_what_would_end_the_job_at_once(many: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        plan(Job((str(many.with_name("none")),), many.with_name("out.jsonl")))
    with pytest.raises(JobError, match="is the input"):
        plan(Job((str(many),), many))


def test_a_limit_is_so_many_records_and_no_more(many: Path) -> None:
    job = Job((str(many),), many.with_name("out.jsonl"), limit=12, part_size=5)
    assert plan(job).n_expected == 12
    done = label(job)
    assert (done.n_written, done.n_refused) == (11, 1)
    assert [json.loads(line)["clip_id"] for line in job.out.read_text().splitlines()][-1] == "c11"
    with pytest.raises(JobError, match="limit was 12, now not given"):
        label(replace(job, limit=None))
