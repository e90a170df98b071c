"""`misread corpus` from the command line: what is printed, what is written, how it ends."""

import csv
import json
from pathlib import Path

import pytest

from misread.cli.app import run

CLIP = {
    "caption": "they made up",
    "label": "friendly",
    "first_impression": "conflict",
    "evidence": [{"text": "he laughed", "stance": "friendly", "relevance": 3}],
}


def write(path: Path, *records: dict) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    return write(
        tmp_path / "mine.jsonl",
        *({**CLIP, "clip_id": f"c{i}", "label": "conflict" if i % 2 else "friendly", "evidence": []} for i in range(8)),
    )


def test_check_names_problems_and_leaves_with_three(tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", "check", str(clips)]) == 0
    assert capsys.readouterr() == ("", "misread: no problem found\n")
    bad = write(tmp_path / "bad.jsonl", {**CLIP, "clip_id": "a", "label": None}, {**CLIP, "clip_id": "b", "likes": 3, "platform": "vine"})
    assert run(["corpus", "check", str(bad)]) == 3
    assert [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()] == [f"{bad}:1 label", f"{bad}:2 platform"]
    assert run(["corpus", "check", str(bad), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["n_problems"] == 2
    assert set(found["problems"][0]) == {"file", "line", "field", "reason", "cure"}


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("check", "stats", "audit", "split", "dedupe", "agree"):
        assert run(["corpus", name, str(tmp_path / "no.jsonl")]) == 1
        captured = capsys.readouterr()
        assert "no.jsonl" in captured.err
        assert captured.out == ""


@pytest.mark.parametrize("name", ["check", "stats", "audit", "split", "dedupe", "agree"])
def test_every_command_speaks_json_and_has_an_example(name: str, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", name, str(clips), "--json"]) == 0
    json.loads(capsys.readouterr().out)
    assert run(["corpus", name, "--help"]) == 0
    assert f"Example: misread corpus {name} " in capsys.readouterr().out


def test_stats_prints_a_table(clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", "stats", str(clips)]) == 0
    assert capsys.readouterr().out.startswith("8 clips of 8 events")


def test_the_gate_leaves_with_three_only_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "she told him to put the phone away before the bell"
    clips = str(
        write(tmp_path / "t.jsonl", *({"clip_id": str(i), "caption": said, "label": ("conflict", "friendly")[i % 2]} for i in range(5)))
    )
    assert run(["corpus", "audit", clips]) == 0
    assert "broken" not in capsys.readouterr().out
    assert run(["corpus", "audit", clips, "--gate"]) == 3
    assert "broken: phrases\n" in capsys.readouterr().out
    bounds = tmp_path / "bounds.json"
    bounds.write_text('{"phrases": 5}', encoding="utf-8")
    assert run(["corpus", "audit", clips, "--bounds", str(bounds), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["broken"] == []
    bounds.write_text('{"phrase": 5}', encoding="utf-8")
    assert run(["corpus", "audit", clips, "--bounds", str(bounds)]) == 1
    assert "no such figure" in capsys.readouterr().err
    assert run(["corpus", "audit", clips, "--bounds", str(tmp_path / "none.json")]) == 1


def test_split_writes_a_file_that_check_and_keep_accept(tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "splits.csv"
    assert run(["corpus", "split", str(clips)]) == 0
    printed = capsys.readouterr().out
    assert run(["corpus", "split", str(clips), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == printed
    assert [row["group_id"] for row in csv.DictReader(printed.splitlines())] == [f"c{i}" for i in range(8)]
    assert run(["corpus", "check", str(tmp_path)]) == 0
    assert run(["corpus", "split", str(clips), "--keep", str(out), "--seed", "9", "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == printed
    assert run(["corpus", "split", str(clips), "--keep", str(out), "--time"]) == 1


def test_dedupe_shows_and_writes_its_proposals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"caption": "Security waved the drummer through after the second song", "label": "friendly"}
    clips = write(tmp_path / "mine.jsonl", {**said, "clip_id": "a"}, {**said, "clip_id": "b"})
    out = tmp_path / "grouped.jsonl"
    assert run(["corpus", "dedupe", str(clips), "--write", str(out)]) == 0
    assert capsys.readouterr().out.startswith("b: b → a (")
    assert [json.loads(line).get("group_id") for line in out.read_text(encoding="utf-8").splitlines()] == [None, "a"]
    assert run(["corpus", "dedupe", str(out)]) == 0
    assert capsys.readouterr().out == "no two events look like one\n"


def test_agree_compares_files(tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = write(tmp_path / "second.jsonl", *({"clip_id": f"c{i}", "label": "friendly" if i < 5 else "conflict"} for i in range(8)))
    assert run(["corpus", "agree", str(clips), str(second)]) == 0
    shown = capsys.readouterr().out
    assert "2 annotators on 8 clips: mine (8 clips), second (8 clips)" in shown
    assert "label: mine: conflict, second: friendly" in shown
    assert max(map(len, shown.splitlines())) <= 120
