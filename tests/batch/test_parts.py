"""Parts: the same bytes however the work is cut, stopped and shared out; never two kinds of work under one name."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from misread.batch import cut, write
from misread.batch.job import Job, label
from misread.batch.manifest import load
from misread.errors import JobError


def job(source: Path, name: str, **asked: object) -> Job:
    asked = {"part_size": 8, "in_parts": name.endswith("/"), **asked}
    return Job((str(source),), source.with_name(name.rstrip("/")), **asked)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_one_part_eight_parts_and_any_number_of_jobs_make_the_same_bytes(many: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "ROW_GROUP", 7)
    one = job(many, f"one.{kind}", part_size=1000)
    label(one)
    for n_parts, n_jobs, chunk in ((8, 1, 3), (60, 1, 512), (8, 2, 1)):
        monkeypatch.setattr(cut, "CHUNK", chunk)
        other = job(many, f"other{n_parts}{n_jobs}.{kind}", part_size=-(-60 // n_parts), n_jobs=n_jobs)
        label(other)
        assert other.out.read_bytes() == one.out.read_bytes()
        assert other.place.rejects.read_bytes() == one.place.rejects.read_bytes()
        assert not other.place.work.exists()


def test_a_folder_of_parts_holds_what_the_file_would(many: Path) -> None:
    whole, parts = job(many, "whole.jsonl"), job(many, "parts.jsonl/")
    label(whole)
    done = label(parts)
    found = sorted(parts.out.glob("part-*.jsonl"))
    assert [path.name for path in found] == [f"part-{i:05}.jsonl" for i in range(8)]
    assert b"".join(path.read_bytes() for path in found) == whole.out.read_bytes()
    rejects = sorted(done.rejects.parent.glob(done.rejects.name))
    assert b"".join(path.read_bytes() for path in rejects) == whole.place.rejects.read_bytes()
    assert not [path for path in parts.out.iterdir() if path.name.startswith(".")]


def test_a_folder_of_parquet_parts_is_a_data_set_with_nested_evidence(many: Path) -> None:
    label(job(many, "whole.parquet"))
    label(job(many, "parts.parquet/"))
    rows = pyarrow.dataset.dataset(many.with_name("parts.parquet"), format="parquet", exclude_invalid_files=False).to_table()
    assert rows.equals(pq.read_table(many.with_name("whole.parquet")))
    assert rows.num_rows == 54
    assert len(rows["evidence"][0].as_py()) == 3


def test_a_folder_of_csv_parts_has_a_header_in_each(many: Path) -> None:
    label(job(many, "parts.csv/"))
    for path in many.with_name("parts.csv").glob("part-*.csv"):
        with path.open(newline="") as file:
            assert all(row["verdict"] for row in csv.DictReader(file))


def test_every_record_is_answered_for_in_the_manifest(many: Path) -> None:
    one = job(many, "out.jsonl")
    done = label(one)
    made = load(one.place.manifest)
    assert made is not None
    assert (made.n_read, made.n_written, made.n_refused, made.complete) == (60, 54, 6, True)
    assert (done.n_written, done.n_refused) == (54, 6)
    assert [part.n_written + part.n_refused for part in made.parts] == [8] * 7 + [4]
    assert made.inputs[0].n_bytes == many.stat().st_size
    assert len(one.out.read_text().splitlines()) == 54


class Stop(Exception):
    pass


def stop_after(n_records: int):
    def advance(step) -> None:
        if step.n_done >= n_records:
            raise Stop

    return advance


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet", "out.csv/", "out.parquet/"])
def test_a_job_that_was_stopped_goes_on_where_it_was(many: Path, name: str) -> None:
    undisturbed, stopped = job(many, f"un{name}"), job(many, name)
    label(undisturbed)
    with pytest.raises(Stop):
        label(stopped, stop_after(30))
    assert not list(stopped.place.work.glob(".*"))
    steps = []
    done = label(stopped, steps.append)
    assert (done.n_written, done.n_refused, done.already) == (54, 6, False)
    assert (steps[-1].n_done, steps[-1].n_fresh) == (60, 36)
    if stopped.in_parts:
        assert files(stopped.out) == {**files(undisturbed.out)}
    else:
        assert stopped.out.read_bytes() == undisturbed.out.read_bytes()
        assert not stopped.place.work.exists()
    assert label(stopped).already


def test_a_part_that_is_gone_or_cut_is_made_again(many: Path) -> None:
    one = job(many, "out.jsonl/")
    label(one)
    before = files(one.out)
    one.place.part(2).unlink()
    one.place.part(4).write_bytes(b"{}")
    steps = []
    assert not label(one, steps.append).already
    assert steps[-1].n_fresh == 16
    assert files(one.out) == before


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl/"])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"limit": 3}, "limit was not given, now 3"),
        ({"part_size": 9}, "part size was 8, now 9"),
        ({"participants": ("Ann",)}, "participants"),
        ({}, r"another input \(.*many.jsonl has changed"),
    ],
)
def test_other_work_under_the_same_name_is_refused_while_it_is_unfinished_too(many: Path, name: str, change: dict, says: str) -> None:
    one = job(many, name)
    with pytest.raises(Stop):
        label(one, stop_after(30))
    if not change:
        many.write_text(many.read_text() + '{"clip_id": "new"}\n')
    before = files(one.place.work)
    with pytest.raises(JobError, match=f"is being made from something else.*{says}.*--force"):
        label(replace(one, **change))
    assert files(one.place.work) == before
    assert not label(replace(one, force=True, **change)).already
    if not one.in_parts:
        assert not one.place.work.exists()


def test_another_model_is_refused(many: Path, repository: Path, tmp_path: Path) -> None:
    one = job(many, "out.jsonl")
    label(one)
    made = load(one.place.manifest)
    assert made is not None
    text = one.place.manifest.read_text().replace(made.model_id, "default-older")
    one.place.manifest.write_text(text)
    with pytest.raises(JobError, match=r"another model \(default-older, now "):
        label(one)


def test_a_folder_with_files_of_others_is_refused_and_kept(many: Path) -> None:
    one = job(many, "out.jsonl/")
    one.out.mkdir()
    (one.out / "mine.txt").write_text("mine")
    with pytest.raises(JobError, match="did not make"):
        label(one)
    label(replace(one, force=True))
    assert (one.out / "mine.txt").read_text() == "mine"


def test_two_processes_on_one_output(many: Path) -> None:
    one = job(many, "out.jsonl")
    second = []

    def meanwhile(_) -> None:
        if not second:
            command = [sys.executable, "-m", "misread", "label", str(many), str(one.out), "-q", "--part-size", "8"]
            second.append(subprocess.run(command, capture_output=True, timeout=60, check=False))

    label(one, meanwhile)
    assert second[0].returncode == 1
    assert b"another process is at work on it" in second[0].stderr
    assert len(one.out.read_text().splitlines()) == 54


def test_an_input_that_changes_while_it_is_read_is_not_called_done(many: Path) -> None:
    one = job(many, "out.jsonl")

    def meanwhile(step) -> None:
        if step.n_done == 8:
            many.write_text(many.read_text() + '{"clip_id": "new"}\n')

    with pytest.raises(JobError, match="changed while it was read"):
        label(one, meanwhile)
    assert not one.out.exists()


def test_standard_input_begins_from_the_start(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(job(many, "out.jsonl/"), sources=("-",))
    for stop in (20, None):
        with many.open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            if stop:
                with pytest.raises(Stop):
                    label(one, stop_after(stop))
            else:
                assert label(one).n_written == 54
    with pytest.raises(JobError, match="from a pipe, which cannot be compared"):
        label(one)


@pytest.mark.parametrize(
    ("source", "out", "refused"),
    [
        (".", "out.jsonl", True),
        ("*.jsonl", "out.jsonl", True),
        ("*.jsonl", "out.csv", True),  # its rejects are JSON Lines
        ("m*.jsonl", "out.jsonl", False),
        ("m*.jsonl", "m.jsonl/", True),
        ("**/*.jsonl", "sub/out.jsonl", True),
        ("**/*.jsonl", "sub/out.jsonl/", True),
        ("*.jsonl", "sub/out.jsonl", False),
        ("*.jsonl", "sub/out.jsonl/", False),
    ],
)
def test_an_output_that_would_be_an_input_the_next_time_is_refused(many: Path, source: str, out: str, refused: bool) -> None:
    (many.parent / "sub").mkdir()
    job = Job((f"{many.parent}/{source}",), many.parent / out, in_parts=out.endswith("/"), limit=1)
    if refused:
        with pytest.raises(JobError, match="would be read as input the next time"):
            label(job)
    else:
        assert not label(job).already
        assert label(job).already


def test_several_inputs_are_one_job(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "day"
    folder.mkdir()
    (folder / "a.csv").write_text("clip_id,title\n1,they hugged\n")
    (folder / "b.jsonl").write_text('{"clip_id": "2", "title": "he hit him"}\n{"clip_id": "1"}\n')
    (folder / "c.jsonl").touch()
    from misread.formats.columns import columns_from

    done = label(Job((str(folder), str(many)), tmp_path / "out.jsonl", columns=columns_from("caption=title")))
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["verdict"] for row in rows[:2]] == ["friendly", "conflict"]
    rejects = [json.loads(line) for line in done.rejects.read_text().splitlines()]
    assert [Path(row["file"]).name for row in rejects[:2]] == ["b.jsonl", "c.jsonl"]
    assert (done.n_written, done.n_refused) == (56, 8)


def test_an_input_that_vanishes_ends_the_job_and_comes_back(many: Path, tmp_path: Path) -> None:
    from misread.errors import InputError

    second = tmp_path / "second.jsonl"
    second.write_text('{"clip_id": "x"}\n')
    one = Job((str(many), str(second)), tmp_path / "out.jsonl", part_size=8)

    def meanwhile(step) -> None:
        if step.n_done == 16 and step.n_fresh == 16:
            second.rename(tmp_path / "away")

    with pytest.raises(InputError, match=r"second.jsonl: no such file"):
        label(one, meanwhile)
    assert not one.out.exists()
    (tmp_path / "away").rename(second)
    done = label(one)
    assert (done.n_written, done.n_refused) == (55, 6)
