"""Threads about a rumour as clips; every thread here is invented."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from misread.formats.anonymise import Anonymiser
from misread.formats.detect import is_capture, is_thread
from misread.formats.read import import_clips, read_clips
from misread.formats.threads import clip_of


def comment(own: object = "2", **fields: object) -> dict:
    return {"id": own, "parent": "1", "text": "are they, though?", "likes": 3, "created": "Sat May 04 19:13:20 +0000 2024", **fields}


def thread(**fields: object) -> dict:
    row = {"dataset": "invented", "split": "train", "platform": "twitter", "event": "harbour-play", "thread_id": "1"}
    return {**row, "source_text": "BREAKING: the two mayors came to blows", "veracity": "false", "comments": [comment()], **fields}


def test_a_thread_becomes_a_clip_of_its_event() -> None:
    parsed = clip_of(thread())
    clip = parsed.clip
    assert (clip.clip_id, clip.group_id, clip.platform) == ("twitter:1", "harbour-play", "x")
    assert clip.caption == "BREAKING: the two mayors came to blows"
    assert (clip.posted_at, clip.participants, clip.evidence, clip.first_impression) == (None, (), (), None)
    assert clip.tags == {"origin": "invented"}
    (said,) = clip.comments
    assert (said.comment_id, said.text, said.likes, said.posted_at) == ("2", "are they, though?", 3, "2024-05-04T19:13:20+00:00")
    assert (parsed.notes, parsed.extra) == ((), {})


@pytest.mark.parametrize(("veracity", "label"), [("true", "conflict"), ("false", "friendly"), ("unverified", None), (None, None)])
def test_what_was_rumoured_held_or_not_or_nobody_knows(veracity: str | None, label: str | None) -> None:
    assert clip_of(thread(veracity=veracity)).clip.label == label


@pytest.mark.parametrize(
    ("word", "stance"), [("support", "conflict"), ("deny", "friendly"), ("query", "neutral"), ("comment", "neutral"), (None, None)]
)
def test_a_stance_is_mapped_as_the_label_is(word: str | None, stance: str | None) -> None:
    assert clip_of(thread(comments=[comment(stance=word)])).clip.comments[0].stance == stance


@pytest.mark.parametrize("event", [None, "", " "])
def test_a_thread_without_an_event_is_a_group_of_its_own(event: str | None) -> None:
    assert clip_of(thread(event=event)).clip.group_id == "1"


def test_replies_to_the_source_and_to_what_is_missing_reply_to_nobody() -> None:
    found = clip_of(thread(comments=[comment("2"), comment("3", parent="2"), comment("4", parent="gone"), comment("5", parent="5")]))
    assert [c.reply_to for c in found.clip.comments] == [None, "2", None, None]


def test_a_reply_that_stands_before_its_parent_keeps_it() -> None:
    assert clip_of(thread(comments=[comment("3", parent="2"), comment("2")])).clip.comments[0].reply_to == "2"


@pytest.mark.parametrize(
    ("created", "read"),
    [
        ("Sat May 04 19:13:20 +0000 2024", "2024-05-04T19:13:20+00:00"),
        ("Sat May 04 23:43:20 -0530 2024", "2024-05-05T05:13:20+00:00"),
        ("Sat May 4 19:13:20 +00:00 2024", "2024-05-04T19:13:20+00:00"),
        ("2024-05-04T19:13:20Z", "2024-05-04T19:13:20Z"),
        ("2024-05-04", "2024-05-04"),
        (1714850000.0, "2024-05-04"),
        (1714850000, "2024-05-04"),
        (None, None),
    ],
)
def test_times_of_either_site_are_read_and_reddits_to_the_day(created: object, read: str | None) -> None:
    parsed = clip_of(thread(comments=[comment(created=created)]))
    assert parsed.clip.comments[0].posted_at == read
    assert parsed.notes == ()


@pytest.mark.parametrize(
    "created",
    [
        "2024-05-04 19:13:20",
        "Sat May 04 19:13:20 2024",
        "Sat May 04 19:13:20 CEST 2024",
        "Sat Mai 04 19:13:20 +0000 2024",
        "Tue Feb 30 19:13:20 +0000 2024",
        "Sat May 04 25:13:20 +0000 2024",
        "Sat May 04 19:13:20 +9900 2024",
        "Mon Jan 01 00:00:00 +0100 0001",
        "١ May 04 19:13:20 +0000 2024",
        "yesterday",
        "",
        -1,
        1714850000000,
        10**400,
        float("nan"),
        float("inf"),
        True,
        [],
    ],
)
def test_a_time_without_a_known_zone_is_left_out_and_said(created: object) -> None:
    parsed = clip_of(thread(comments=[comment(created=created)]))
    assert parsed.clip.comments[0].posted_at is None
    assert "1 likes" in parsed.notes[0]


@pytest.mark.parametrize(
    ("likes", "read", "n_notes"), [(0, 0, 0), (7.0, 7, 0), (None, None, 0), (-4, None, 1), (2.5, None, 1), ("7", None, 1), (True, None, 1)]
)
def test_a_score_below_zero_is_no_number_of_likes(likes: object, read: int | None, n_notes: int) -> None:
    parsed = clip_of(thread(comments=[comment(likes=likes)]))
    assert (parsed.clip.comments[0].likes, len(parsed.notes)) == (read, n_notes)


def test_a_deleted_comment_stays_with_empty_text() -> None:
    parsed = clip_of(thread(comments=[{"id": "2", "parent": "1", "text": None, "likes": None, "created": None, "stance": "comment"}]))
    assert (parsed.clip.comments[0].text, parsed.clip.comments[0].stance) == ("", "neutral")


def test_pages_are_left_out_and_said_for_they_tell_the_outcome() -> None:
    parsed = clip_of(thread(evidence=[{"url": "https://encyclopedia.example", "text": "It was a play", "kind": "page"}] * 2))
    assert parsed.clip.evidence == ()
    assert parsed.notes == ("2 undated pages were left out",)


@pytest.mark.parametrize(("n_replies", "total"), [(None, None), (1, None), (0, None), (9, 9), ("9", None), (-1, None)])
def test_replies_that_were_counted_but_not_captured_are_known_of(n_replies: object, total: int | None) -> None:
    assert clip_of(thread(n_replies=n_replies)).clip.n_comments_total == total


@pytest.mark.parametrize(("platform", "ours"), [("reddit", "other"), ("youtube", "youtube"), ("weibo", "other"), (None, None)])
def test_the_platform_is_one_of_ours(platform: str | None, ours: str | None) -> None:
    clip = clip_of(thread(platform=platform)).clip
    assert (clip.platform, clip.clip_id) == (ours, f"{platform}:1" if platform else "1")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"thread_id": None}, ["thread_id"]),
        ({"thread_id": ""}, ["thread_id"]),
        ({"thread_id": 1.5}, ["thread_id"]),
        ({"source_text": ["x"]}, ["source_text"]),
        ({"veracity": "maybe"}, ["veracity"]),
        ({"veracity": True}, ["veracity"]),
        ({"platform": {}}, ["platform"]),
        ({"event": False}, ["event"]),
        ({"comments": {}}, ["comments"]),
        ({"comments": [3, None]}, ["comments[0]", "comments[1]"]),
        ({"comments": [comment(None)]}, ["comments[0].id"]),
        ({"comments": [comment(), comment()]}, ["comments[1].id"]),
        (
            {"comments": [comment(), comment("3", text=3, stance="agree", parent=[])]},
            [f"comments[1].{n}" for n in ("text", "parent", "stance")],
        ),
        ({"source_text": 3, "comments": [comment(stance=1)]}, ["comments[0].stance", "source_text"]),
    ],
)
def test_every_problem_is_named_with_its_field_and_a_cure(fields: dict, where: list[str]) -> None:
    parsed = clip_of(thread(**fields))
    assert parsed.clip is None
    assert [p.field for p in parsed.problems] == where
    assert all(p.cure for p in parsed.problems)


def test_hostile_values_are_refused_or_read_but_never_fall_over() -> None:
    for value in ("\ud800", "a\0b", "9" * 5000, 10**5000, -(10**400), [[[]]], {"a": {}}, True, 1e308, "\u202e x"):
        for name in (*thread(), "n_replies", "evidence"):
            parsed = clip_of(thread(**{name: value}))
            assert (parsed.clip is None) == bool(parsed.problems)
        for name in (*comment(), "author", "stance"):
            parsed = clip_of(thread(comments=[comment(**{name: value})] if name != "id" else [comment(value)]))
            assert (parsed.clip is None) == bool(parsed.problems)


def test_two_ids_that_are_one_once_mended_are_refused() -> None:
    assert clip_of(thread(comments=[comment("\ud800"), comment("\udfff")])).clip is None


def test_a_thread_is_told_by_its_fields_and_never_with_a_clip_id() -> None:
    assert is_thread(thread())
    assert is_thread(thread(thread_id=None))
    assert is_thread(thread(source_text=None))
    assert not is_thread(thread(clip_id="a"))
    assert not is_thread({"thread_id": "1", "text": "a row of a stance file", "target": "x", "label": "deny"})
    assert not is_thread([thread()])
    assert not is_capture(thread())


def test_files_of_threads_are_recognised_and_problems_have_file_and_line(tmp_path) -> None:
    path = tmp_path / "threads.jsonl"
    rows = [thread(), thread(thread_id="7", comments=[comment(stance="agree")]), {"clip_id": "a"}, thread()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = list(read_clips([str(path)]))
    assert [p.clip.clip_id if p.clip else None for p in found] == ["twitter:1", None, "a", None]
    assert str(found[1].problems[0]) == (f"{path}:2 comments[0].stance: unknown word 'agree' (one of: support, deny, query, comment)")
    assert "seen before" in found[3].problems[0].reason


def test_an_import_hides_authors_and_passes_notes_on(tmp_path) -> None:
    path, out, notes = tmp_path / "threads.json", io.BytesIO(), []
    rows = [thread(comments=[comment("2", author="Ann"), comment("3", author="@ann", likes=-2), comment("4")])]
    path.write_text(json.dumps(rows))
    done = import_clips([str(path)], None, Anonymiser(bytes(32)), (), lambda _: None, notes.append, out)
    assert (done.n_written, done.n_refused) == (1, 0)
    first, second, third = json.loads(out.getvalue())["comments"]
    assert first["author"].startswith("h:")
    assert first["author"] == second["author"]
    assert "author" not in third
    assert notes == ["twitter:1: 1 likes below zero, or likes and times that are none, were left out"]


def veracity(repository: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(repository / "benchmarks" / "veracity.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


def test_the_benchmark_says_in_one_line_which_files_are_missing(repository: Path, tmp_path: Path) -> None:
    done = veracity(repository, tmp_path / "threads.jsonl", "--stance-train", tmp_path / "stance.jsonl")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "threads.jsonl" in done.stderr
    assert "stance.jsonl" in done.stderr


def test_the_benchmark_puts_a_crowd_that_is_right_at_one(repository: Path, tmp_path: Path) -> None:
    path = tmp_path / "threads.jsonl"
    rows = [
        thread(thread_id=str(i), event=f"e{i}", veracity=word, comments=[comment(stance=stance), comment("3", stance="comment")])
        for i, (word, stance) in enumerate(
            [("true", "support"), ("false", "deny"), ("true", "support"), ("false", "query"), ("unverified", "deny")]
        )
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = veracity(repository, path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 of 5 threads are known to be true (2) or false (2)")
    assert done.stdout.count("1.000 [1.000, 1.000] n=4   answered 0.75") == 2
    path.write_text(json.dumps(rows[4]) + "\n")
    assert (veracity(repository, path).returncode, veracity(repository, path).stderr.count("\n")) == (2, 1)
