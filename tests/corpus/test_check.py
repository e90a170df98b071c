"""Every violation is named at once, with file, line and field; what is sound is left in peace."""

import json
from pathlib import Path

import pytest

from misread.corpus.check import Row, check, clip_problems, order_problems, split_problems, statement_problems
from misread.errors import InputError
from misread.records import Clip, Comment, Evidence

STATEMENT = {"statement_id": "s1", "kind": "eyewitness", "text": "He laughed.", "about": "a scuffle", "stance": "friendly"}


def gold(number: int = 1, **more) -> Evidence:
    return Evidence(**{"evidence_id": str(number), "text": "x", "stance": "friendly", "relevance": 2, **more})


def said(clip: Clip) -> list[str]:
    return [f"{p.field}: {p.reason}" for p in clip_problems(clip)]


def write(path: Path, *records: object) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_a_sound_clip_has_no_problem() -> None:
    clip = Clip(
        clip_id="a",
        label="friendly",
        posted_at="2024-05-02T10:00:00Z",
        comments=(Comment(comment_id="1", posted_at="2024-05-02T11:00:00Z"), Comment(comment_id="2", reply_to="1", posted_at="2024-05-02")),
        evidence=(
            gold(1, relevance=3),
            gold(2, stance="conflict"),
            gold(3, stance="neutral", relevance=0),
            gold(4, stance="conflict", relevance=1),
        ),
    )
    assert said(clip) == []


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"stance": None}, "evidence[0].stance: no stance"),
        ({"relevance": None}, "evidence[0].relevance: no relevance"),
        ({"relevance": 0}, "evidence[0].stance: off topic (relevance 0) but friendly"),
        ({"relevance": 3, "stance": "neutral"}, "evidence[0].stance: decisive (relevance 3) but neutral"),
        ({"relevance": 3, "stance": "conflict"}, "evidence[0].stance: decisive (relevance 3) for conflict in a clip labelled friendly"),
    ],
)
def test_gold_that_cannot_be_is_named(item: dict, problem: str) -> None:
    assert said(Clip(clip_id="a", label="friendly", evidence=(gold(**item),))) == [problem]


def test_all_problems_of_a_clip_are_named_at_once() -> None:
    clip = Clip(
        clip_id="a", comments=(Comment(comment_id="1", reply_to="9"),), evidence=(gold(stance=None, relevance=None), gold(2, relevance=0))
    )
    assert [p.field for p in clip_problems(clip)] == [
        "label",
        "comments[0].reply_to",
        "evidence[0].stance",
        "evidence[0].relevance",
        "evidence[1].stance",
    ]


def test_a_reply_goes_to_an_earlier_comment() -> None:
    comments = (Comment(comment_id="1", reply_to="2"), Comment(comment_id="2", reply_to="2"), Comment(comment_id="3", reply_to="1"))
    assert said(Clip(clip_id="a", label="friendly", comments=comments)) == [
        "comments[0].reply_to: replies to a later one, comments[1]",
        "comments[1].reply_to: replies to itself",
    ]


@pytest.mark.parametrize(
    ("clip_time", "item_time", "early"),
    [
        ("2024-05-02T10:00:00Z", "2024-05-01T09:59:00Z", True),
        ("2024-05-02T10:00:00Z", "2024-05-01T10:01:00Z", False),
        ("2024-05-02T10:00:00Z", "2024-05-01", False),  # may be the evening before
        ("2024-05-02T10:00:00Z", "2024-04-30", True),
        ("2024-05-02", "2024-05-01T00:00:00Z", False),
        ("2024-05-02", "2024-04-30T23:59:00Z", True),
        ("2024-05-02T00:30:00+14:00", "2024-05-01T00:00:00-10:00", False),
        ("0001-01-01T00:00:00Z", "0001-01-01", False),  # no day before it
        (None, "2024-05-01", False),
    ],
)
def test_only_what_is_surely_more_than_a_day_early_is_named(clip_time: str | None, item_time: str, early: bool) -> None:
    clip = Clip(clip_id="a", label="friendly", posted_at=clip_time, evidence=(gold(posted_at=item_time),))
    assert [p.field for p in clip_problems(clip)] == (["evidence[0].posted_at"] if early else [])


def test_ids_ascend_in_our_files_only(tmp_path: Path) -> None:
    records = [{"clip_id": "b", "label": "friendly"}, {"clip_id": "a", "label": "friendly"}]
    write(tmp_path / "clips-01.jsonl", *records)
    (problem,) = check([tmp_path])
    assert (problem.line, problem.field) == (2, "clip_id")
    (tmp_path / "clips-01.jsonl").rename(tmp_path / "mine.jsonl")
    assert check([tmp_path]) == []
    assert order_problems([(1, "a"), (2, "a"), (3, "b")]) == []


def test_places_are_right_past_blank_lines_and_refused_records(tmp_path: Path) -> None:
    file = write(
        tmp_path / "mine.jsonl", "", {"clip_id": "a"}, '{"clip_id": "b", "label": "maybe", "comments": 3}', "  ", {"clip_id": "c"}, '{"cli'
    )
    assert [(p.line, p.field) for p in check([file])] == [(2, "label"), (3, "comments"), (3, "label"), (5, "label"), (6, "")]
    assert {p.file for p in check([file])} == {str(file)}


def test_an_id_in_two_files_is_met_and_row_numbers_of_tables_are_none(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / f"{name}.jsonl", {"clip_id": "a", "label": "friendly"})
        write(tmp_path / f"{name}.csv", "caption,label", "they made up,friendly")
    (problem,) = check([tmp_path])
    assert problem.file == str(tmp_path / "two.jsonl")
    assert "one.jsonl:1" in problem.reason


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    write(tmp_path / "b.jsonl", {"clip_id": "b"})
    assert [Path(p.file or "").name for p in check([tmp_path])] == ["a.jsonl", "b.jsonl"]


def test_paths_that_do_not_exist_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check([tmp_path / "no", tmp_path / "neither"])
    assert len(caught.value.problems) == 2


def test_every_sort_of_bad_row_in_splits_is_named() -> None:
    rows = [
        Row(2, "a", "train"),
        Row(3, "a", "test"),
        Row(4, "b", "dev"),
        Row(5, "c", "test"),
        Row(6, "c", "test"),
        Row(7, "x", "test"),
        Row(8, None, None),
    ]
    found = [(p.line, p.field, p.reason.partition(" ")[2] or p.reason) for p in split_problems(rows, ["a", "b", "c", "d"])]
    assert found == [
        (3, "group_id", "is in two splits: train (line 2) and test"),
        (4, "split", "split 'dev'"),
        (6, "group_id", "stands twice, first at line 5"),
        (7, "group_id", "clip belongs to 'x'"),
        (8, "group_id", "group_id"),
        (None, "group_id", "has no split"),
    ]


def test_rows_for_other_clips_are_too_many_only_if_the_folder_was_given_whole(tmp_path: Path) -> None:
    file = write(tmp_path / "clips-01.jsonl", {"clip_id": "a", "label": "friendly"})
    write(tmp_path / "splits.csv", "group_id,split", "a,train", "b,test")
    assert check([file]) == []
    (problem,) = check([tmp_path])
    assert (problem.file, problem.line) == (str(tmp_path / "splits.csv"), 3)
    write(tmp_path / "clips-02.jsonl", '{"clip_id": "b", "label": "mayb')  # perhaps this is b
    assert [p.field for p in check([tmp_path])] == [""]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a;b\n1;2\n", b""])
def test_a_splits_file_of_another_sort_is_one_problem(tmp_path: Path, data: bytes) -> None:
    write(tmp_path / "a.jsonl", {"clip_id": "a", "label": "friendly"})
    (tmp_path / "splits.csv").write_bytes(data)
    (problem,) = check([tmp_path])
    assert problem.file == str(tmp_path / "splits.csv")


def test_statements_have_all_fields_and_ids_of_their_own(tmp_path: Path) -> None:
    wrong = {"statement_id": "s1", "kind": "rumour", "text": "", "stance": 3, "directness": "sideways"}
    file = write(tmp_path / "s.jsonl", STATEMENT, wrong, "[]", '{"statement_id": "s2"', '{"statement_id": "\\ud83d"}')
    assert [(p.line, p.field) for p in check([file])] == [
        (2, "kind"),
        (2, "text"),
        (2, "about"),
        (2, "stance"),
        (2, "directness"),
        (2, "statement_id"),
        (3, ""),
        (4, ""),
        (5, ""),
    ]
    assert statement_problems("s.jsonl", json.dumps({**STATEMENT, "directness": "plain"}).encode()) == []


def test_our_own_corpus_is_sound_but_for_splits_not_yet_drawn(repository: Path) -> None:
    found = check([repository / "data" / "corpus", repository / "data" / "statements"])
    assert [str(p) for p in found if "has no split" not in p.reason] == []
