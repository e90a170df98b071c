"""A labelling job: every record answered for, nothing half written, the same bytes however it is run."""

import csv
import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from misread import Options, Verdict, score
from misread.batch import cut as batch_cut
from misread.batch import workers
from misread.batch.job import Job, label
from misread.batch.write import CSV_COLUMNS
from misread.errors import InputError, JobError
from misread.formats.read import read_clips
from misread.model.bundle import Model
from misread.present.progress import Step

GOOD = [
    {"clip_id": "a", "caption": "they hugged", "desk": "sport", "verdict": "theirs"},
    {"clip_id": "b", "caption": "=cmd()", "comments": [{"text": "he hit him"}], "evidence": [{"kind": "eyewitness", "text": "=SUM(1)"}]},
    {"clip_id": "c", "caption": "", "transcript": "stop it"},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    lines = [json.dumps(row) for row in GOOD]
    path.write_text("\n".join([lines[0], '{"clip_id": "bad", "comments": [{"likes": -1}]}', lines[1], "{oops", lines[2]]) + "\n")
    return path


def test_verdicts_and_rejects_add_up_to_the_records_read(source: Path, model: Model) -> None:
    out = source.with_name("out.jsonl")
    done = label(Job((str(source),), out))
    assert (done.n_written, done.n_refused, done.already) == (3, 2, False)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["clip_id"] for row in rows] == ["a", "b", "c"]
    assert (rows[0]["desk"], rows[0]["input_verdict"]) == ("sport", "theirs")
    assert rows[0]["verdict"] in ("conflict", "friendly")
    rejects = [json.loads(line) for line in done.rejects.read_text().splitlines()]
    assert [(r["line"], r["field"]) for r in rejects] == [(2, "comments[0].likes"), (4, "")]
    assert rejects[1]["raw"] == "{oops"


def test_a_job_says_what_score_says(source: Path, model: Model) -> None:
    out = source.with_name("out.jsonl")
    options = Options(prior=0.2)
    label(Job((str(source),), out, options=options))
    for line, parsed in zip(out.read_text().splitlines(), (p for p in read_clips([str(source)]) if p.clip), strict=True):
        row = json.loads(line)
        verdict = msgspec.convert({name: row[name] for name in Verdict.__struct_fields__}, Verdict)
        assert verdict == score(model, parsed.clip, options)


def test_the_same_bytes_with_one_process_and_with_two(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_cut, "CHUNK", 1)
    one, two = source.with_name("one.jsonl"), source.with_name("two.jsonl")
    label(Job((str(source),), one))
    label(Job((str(source),), two, n_jobs=2))
    assert one.read_bytes() == two.read_bytes()


def test_parquet_keeps_what_is_nested(source: Path) -> None:
    out, lines = source.with_name("out.parquet"), source.with_name("out.jsonl")
    label(Job((str(source),), out))
    label(Job((str(source),), lines))
    for row, line in zip(pq.read_table(out).to_pylist(), lines.read_text().splitlines(), strict=True):
        plain = json.loads(line)
        extra = json.loads(row.pop("extra") or "{}")
        assert row == {name: plain[name] for name in row}
        assert all(plain.get(name, plain.get(f"input_{name}")) is not None for name in extra)


def test_a_spreadsheet_runs_nothing_that_a_clip_says(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('clip_id,caption\n"=HYPERLINK(1)",they hugged\n+1,he hit him\n')
    label(Job((str(source),), out))
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["clip_id"] for row in rows] == ["'=HYPERLINK(1)", "'+1"]
    assert set(rows[0]) == set(CSV_COLUMNS)
    assert float(rows[0]["p_conflict"]) < float(rows[1]["p_conflict"])


def test_what_is_complete_is_not_done_again(source: Path) -> None:
    out = source.with_name("out.jsonl")
    first = label(Job((str(source),), out))
    before = out.stat()
    again = label(Job((str(source),), out))
    assert again.already
    assert (again.n_written, again.n_refused) == (first.n_written, first.n_refused)
    assert out.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("change", ["source", "options", "langid", "cut"])
def test_an_output_of_other_work_is_refused_and_kept(source: Path, change: str) -> None:
    out = source.with_name("out.jsonl")
    label(Job((str(source),), out))
    options = Options()
    if change == "source":
        source.write_text(json.dumps(GOOD[0]) + "\n")
    elif change == "options":
        options = Options(prior=0.3)
    elif change == "langid":
        pytest.importorskip("py3langid")
        options = Options(langid=True)
    else:
        out.write_bytes(out.read_bytes()[:-10])
    kept = out.read_bytes()
    with pytest.raises(JobError, match="--force"):
        label(Job((str(source),), out, options=options))
    assert out.read_bytes() == kept
    assert not label(Job((str(source),), out, options=options, force=True)).already


def test_rejects_of_an_earlier_run_do_not_stay(source: Path) -> None:
    out = source.with_name("out.jsonl")
    job = Job((str(source),), out)
    label(job)
    assert job.place.rejects.exists()
    source.write_text(json.dumps(GOOD[0]) + "\n")
    label(Job((str(source),), out, force=True))
    assert not job.place.rejects.exists()


def test_a_job_that_fails_leaves_nothing_behind(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workers, "encode", full)
    with pytest.raises(JobError, match=r"No space.*same command again"):
        label(Job((str(source),), source.with_name("out.jsonl")))
    assert [path.name for path in source.parent.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("where", "says"), [("missing/out.jsonl", "no such folder"), (".", "name does not say"), ("in.jsonl", "is the input")]
)
def test_a_place_that_cannot_be_written_is_refused(source: Path, where: str, says: str) -> None:
    with pytest.raises((JobError, InputError), match=says):
        label(Job((str(source),), source.parent / where))


def test_an_input_that_is_not_there_is_an_error_and_no_output(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        label(Job((str(tmp_path / "none.jsonl"),), tmp_path / "out.jsonl"))
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_record(source: Path) -> None:
    seen: list[Step] = []
    label(Job((str(source),), source.with_name("out.jsonl"), part_size=3), seen.append)
    assert seen[-1] == Step(5, 5, 5, 1, 2)


@pytest.mark.parametrize("name", ["out.jsonl.rejects.jsonl", "out.jsonl.manifest.json"])
def test_an_input_that_bears_the_name_of_a_side_file_is_kept(source: Path, name: str) -> None:
    taken = source.rename(source.with_name(name))
    before = taken.read_bytes()
    with pytest.raises(JobError, match="is the input"):
        label(Job((str(taken),), source.with_name("out.jsonl"), force=True))
    assert taken.read_bytes() == before


def test_side_files_that_are_not_ours_are_kept(source: Path) -> None:
    mine = source.with_name("out.jsonl.rejects.jsonl")
    mine.write_text("mine")
    with pytest.raises(JobError, match="--force"):
        label(Job((str(source),), source.with_name("out.jsonl")))
    assert mine.read_text() == "mine"


def test_what_a_killed_job_left_behind_is_cleared_away(source: Path) -> None:
    left = source.with_name(".out.jsonl.parts") / ".part-00000.draft"
    left.parent.mkdir()
    left.write_text("half")
    label(Job((str(source),), source.with_name("out.jsonl")))
    assert not left.parent.exists()


def test_fields_with_our_names_are_all_kept(source: Path) -> None:
    source.write_text('{"clip_id": "a", "verdict": "V", "input_verdict": "IV"}\n')
    out = source.with_name("out.jsonl")
    label(Job((str(source),), out))
    row = json.loads(out.read_text())
    assert {row["input_verdict"], row["input_input_verdict"]} == {"V", "IV"}


def test_no_verdict_names_a_poster(source: Path) -> None:
    capture = {"id": "x", "extractor": "tiktok", "uploader": "secret", "comment_count": 1}
    capture["comments"] = [{"id": "1", "text": "we were rehearsing and laughing", "author": "secret", "author_is_uploader": True}]
    source.write_text(json.dumps(capture))
    out = source.with_name("out.jsonl")
    label(Job((str(source),), out))
    assert "secret" not in out.read_text()
    assert "h:" not in json.loads(out.read_text())["summary"]


def test_who_was_asked_for_the_language_stands_in_the_manifest(source: Path) -> None:
    from misread.text.language import langid_version

    pytest.importorskip("py3langid")
    source.write_text('{"clip_id": "a", "caption": "no estaban peleando, estaban ensayando la escena del viernes"}\n')
    plain, asked = source.with_name("plain.jsonl"), source.with_name("asked.jsonl")
    label(Job((str(source),), plain))
    label(Job((str(source),), asked, options=Options(langid=True)))
    reasons = [json.loads(path.read_text())["reason"] for path in (plain, asked)]
    assert reasons[0] != "language"
    assert reasons[1] == "language"
    options = [json.loads(Job((), path).place.manifest.read_text())["options"]["langid"] for path in (plain, asked)]
    assert options == [None, f"py3langid {langid_version()}"]
    assert label(Job((str(source),), asked, options=Options(langid=True))).already
