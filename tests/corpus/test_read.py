"""A labelled folder → clips, statements, splits and one fingerprint."""

import json
from pathlib import Path

import pytest

from misread.corpus.read import Corpus, drawn_split, read_corpus
from misread.errors import InputError

CLIP = {"clip_id": "a", "caption": "x", "label": "friendly", "group_id": "g"}
STATEMENT = {"statement_id": "s1", "kind": "other", "text": "t", "about": "b", "stance": "neutral"}


def folder(path: Path, clips: list[dict], statements: list[dict], splits: str = "group_id,split\ng,test\n") -> Path:
    (path / "clips.jsonl").write_text("".join(json.dumps(c) + "\n" for c in clips))
    if statements:
        (path / "statements.jsonl").write_text("".join(json.dumps(s) + "\n" for s in statements))
    (path / "splits.csv").write_text(splits)
    return path


def test_a_folder_holds_clips_statements_and_splits(tmp_path: Path) -> None:
    found = read_corpus([folder(tmp_path, [CLIP], [STATEMENT])])
    assert ([c.clip_id for c in found.split("test")], found.split("train")) == (["a"], [])
    assert [s.statement_id for s in found.statements] == ["s1"]


def test_every_problem_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    bad = [{**CLIP, "label": "maybe"}, {"caption": 3}]
    with pytest.raises(InputError) as caught:
        read_corpus([folder(tmp_path, bad, [STATEMENT, {**STATEMENT, "stance": "odd"}])])
    assert [(Path(p.file or "").name, p.line) for p in caught.value.problems] == [
        ("clips.jsonl", 1),
        ("clips.jsonl", 2),
        ("clips.jsonl", 2),
        ("statements.jsonl", 2),
    ]


def test_an_unknown_split_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"splits\.csv:3"):
        read_corpus([folder(tmp_path, [CLIP], [], "group_id,split\ng,test\nh,exam\n")])


def test_the_fingerprint_changes_with_any_byte(tmp_path: Path) -> None:
    before = read_corpus([folder(tmp_path, [CLIP], [STATEMENT])]).sha256
    assert read_corpus([tmp_path]).sha256 == before
    folder(tmp_path, [{**CLIP, "caption": "y"}], [STATEMENT])
    assert read_corpus([tmp_path]).sha256 != before


def test_drawn_splits_are_about_sixty_fifteen_twenty_five() -> None:
    drawn = [drawn_split(str(i)) for i in range(4000)]
    shares = [drawn.count(name) / 4000 for name in ("train", "calibrate", "test")]
    assert shares == pytest.approx([0.60, 0.15, 0.25], abs=0.03)


def test_no_event_of_the_corpus_is_in_two_splits_and_every_event_has_one(corpus: Corpus) -> None:
    by_split = {name: {c.event for c in corpus.split(name)} for name in ("train", "calibrate", "test")}
    assert not by_split["train"] & by_split["test"]
    assert not by_split["calibrate"] & (by_split["train"] | by_split["test"])
    assert {c.event for c in corpus.clips} == set(corpus.splits)
