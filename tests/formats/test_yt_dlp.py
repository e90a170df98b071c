"""yt-dlp's info.json, by hand-written fixtures that the real program accepts."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from misread.formats.yt_dlp import clip_of, clips_of

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> dict:
    return json.loads((FIXTURES / f"{name}.info.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(importlib.util.find_spec("yt_dlp") is None, reason="yt-dlp is not installed")
@pytest.mark.parametrize("name", ["youtube", "tiktok"])
def test_the_real_program_accepts_the_fixture(name: str, tmp_path) -> None:
    command = [sys.executable, "-m", "yt_dlp", "--ignore-config", "--no-cache-dir", "--load-info-json", str(FIXTURES / f"{name}.info.json")]
    command += ["--skip-download", "--ignore-no-formats-error", "--print", "title"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=60, check=False)
    assert done.stdout.strip() == fixture(name)["title"], done.stderr


def test_a_tiktok_capture_takes_the_caption_from_the_description_for_the_title_is_cut() -> None:
    parsed = clip_of(fixture("tiktok"))
    clip = parsed.clip
    assert clip.clip_id == "tiktok:7365000000000000001"
    assert clip.caption.endswith("walked in #rehearsal #harbourplayers")
    assert (clip.platform, clip.posted_at) == ("tiktok", "2024-05-04T18:20:30+00:00")
    assert clip.url == "https://www.tiktok.com/@stage.left.jo/video/7365000000000000001"
    assert [c.posted_at for c in clip.comments] == ["2024-05-04T19:13:20+00:00"]
    assert clip.n_comments_total == 58
    assert parsed.notes == ("comments were truncated: 2 of 58",)
    assert parsed.extra == {}


def test_a_youtube_capture_has_bare_dates_and_the_spoken_words_once() -> None:
    parsed = clip_of(fixture("youtube"), ["Mara Okoye"])
    clip = parsed.clip
    assert [c.comment_id for c in clip.comments] == ["UgxA", "UgxA.2", "UgxB", "UgxC", "UgxA.1.1"]
    assert {c.posted_at for c in clip.comments} == {"2024-05-06", "2024-05-07"}
    assert clip.posted_at == "2024-05-04T19:00:00+00:00"
    assert clip.transcript == "You were never offside and you know it & I know it"
    assert [c.likes for c in clip.comments] == [412, 0, None, 3, 1]
    assert (clip.n_comments_total, parsed.notes) == (None, ())
    assert clip.participants == ("Mara Okoye",)


def test_replies_keep_their_parent_but_where_it_is_no_longer_a_comment() -> None:
    by_id = {c.comment_id: c.reply_to for c in clip_of(fixture("youtube")).clip.comments}
    assert by_id == {"UgxA": None, "UgxA.2": "UgxA", "UgxB": None, "UgxC": None, "UgxA.1.1": None}


@pytest.mark.parametrize("name", ["Mara Okoye", "mara okoye ", "@mara.okoye.ref", "Mara.Okoye.Ref", "UCinventedchannel0000001"])
def test_an_uploader_among_the_participants_makes_follow_up_posts(name: str) -> None:
    (item,) = clip_of(fixture("youtube"), ["Someone Else", name]).clip.evidence
    assert (item.kind, item.evidence_id, item.posted_at) == ("follow_up_post", "UgxA.1", "2024-05-07")
    assert item.text.startswith("We were re-enacting")


@pytest.mark.parametrize("participants", [[], ["Mara"], [""]])
def test_another_uploader_makes_other_evidence_and_is_never_crowd(participants: list[str]) -> None:
    info = fixture("youtube")
    info["creator"] = ""
    clip = clip_of(info, participants).clip
    assert [e.kind for e in clip.evidence] == ["other"]
    assert "UgxA.1" not in {c.comment_id for c in clip.comments}


def capture(**fields: object) -> dict:
    return {"id": "x", "extractor_key": "Instagram", "description": "hi", **fields}


@pytest.mark.parametrize(
    ("fields", "note", "total"),
    [
        ({"comments": None, "comment_count": None}, "disabled", None),
        ({}, "disabled", None),
        ({"comment_count": 9}, "not captured, 9 counted", 9),
        ({"comments": [{"id": "1"}], "comment_count": None}, "interrupted after 1", None),
        ({"comments": [{"id": "1"}]}, "interrupted after 1", None),
        ({"comments": [{"id": "1"}], "comment_count": 4}, "1 of 4", 4),
        ({"comments": [], "comment_count": 4}, "0 of 4", 4),
    ],
)
def test_what_a_capture_lacks_is_said(fields: dict, note: str, total: int | None) -> None:
    parsed = clip_of(capture(**fields))
    assert note in " ".join(parsed.notes)
    assert parsed.clip.n_comments_total == total


@pytest.mark.parametrize(
    "fields", [{"comments": [{"id": "1"}], "comment_count": 1}, {"comments": [], "comment_count": 0}, {"comment_count": 0}]
)
def test_a_complete_capture_is_not_complained_of(fields: dict) -> None:
    parsed = clip_of(capture(**fields))
    assert (parsed.notes, parsed.clip.n_comments_total) == ((), None)


def test_an_uploader_comment_counts_as_captured() -> None:
    parsed = clip_of(capture(comments=[{"id": "1"}, {"id": "2", "author_is_uploader": True}], comment_count=2))
    assert (parsed.notes, parsed.clip.n_comments_total) == ((), None)


@pytest.mark.parametrize(
    ("key", "platform"),
    [
        ({"extractor_key": "TwitchClips"}, "twitch"),
        ({"extractor_key": "Twitter"}, "x"),
        ({"extractor": "twitch:vod"}, "twitch"),
        ({"extractor": "vm.tiktok"}, "tiktok"),
        ({"extractor_key": "Generic"}, "other"),
        ({}, None),
    ],
)
def test_the_extractor_tells_the_platform(key: dict, platform: str | None) -> None:
    assert clip_of({"id": "x", "webpage_url": "https://media.example", **key}).clip.platform == platform


def test_without_a_key_the_extractor_names_the_id_and_without_both_the_id_stands_alone() -> None:
    assert clip_of({"id": "7", "extractor": "twitch:vod"}).clip.clip_id == "twitch:7"
    assert clip_of({"id": 7, "_type": "video"}).clip.clip_id == "7"


def test_a_caption_falls_back_to_the_title_where_there_is_no_description() -> None:
    assert clip_of(capture(description=" \n", title="the title")).clip.caption == "the title"
    assert clip_of(capture(description=None, title=None)).clip.caption == ""


def test_a_day_stands_where_there_is_no_time() -> None:
    assert clip_of(capture(upload_date="20240504")).clip.posted_at == "2024-05-04"
    assert clip_of(capture(upload_date="20241399")).clip.posted_at is None
    assert clip_of(capture(upload_date=20240504)).clip.posted_at is None


@pytest.mark.parametrize(("likes", "read", "n_odd"), [("3", 3, 0), (3.0, 3, 0), (0, 0, 0), (None, None, 0), (-1, None, 1), (2.5, None, 1)])
def test_likes_are_read_as_numbers_or_left_out_and_said(likes: object, read: int | None, n_odd: int) -> None:
    parsed = clip_of(capture(comments=[{"id": "1", "like_count": likes}], comment_count=1))
    assert parsed.clip.comments[0].likes == read
    assert len(parsed.notes) == n_odd


@pytest.mark.parametrize("odd", ["many", True, [], {}, float("nan"), float("inf"), 10**400, "9" * 5000, "²"])
def test_likes_and_times_that_are_none_are_left_out_and_said(odd: object) -> None:
    parsed = clip_of(capture(comments=[{"id": "1", "like_count": odd, "timestamp": odd}], comment_count=1, timestamp=odd))
    assert (parsed.clip.comments[0].likes, parsed.clip.comments[0].posted_at, parsed.clip.posted_at) == (None, None, None)
    assert parsed.notes == ("3 likes or times that are none were left out",)


@pytest.mark.parametrize(
    ("time", "read"), [(1714849200.9, "2024-05-04T19:00:00+00:00"), (0, "1970-01-01T00:00:00+00:00"), (-1, None), (1714849200000, None)]
)
def test_times_are_seconds_and_absurd_ones_are_left_out(time: float, read: str | None) -> None:
    assert clip_of(capture(timestamp=time)).clip.posted_at == read


def test_null_text_is_empty_and_html_stands_in_for_text() -> None:
    clip = clip_of(
        capture(comments=[{"id": "1", "text": None}, {"id": "2", "html": "they <b>made</b> up &amp; laughed"}], comment_count=2)
    ).clip
    assert [c.text for c in clip.comments] == ["", "they  made  up & laughed"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": None}, "id"),
        ({"id": []}, "id"),
        ({"description": 3}, "description"),
        ({"webpage_url": {}}, "webpage_url"),
        ({"comments": {}}, "comments"),
        ({"comments": [3]}, "comments[0]"),
        ({"comments": [{"id": "1"}, {"id": "2", "text": 3}]}, "comments[1].text"),
        ({"comments": [{"author": 3}]}, "comments[0].author"),
    ],
)
def test_wrong_types_are_problems_that_name_their_place(fields: dict, field: str) -> None:
    parsed = clip_of(capture(**fields))
    assert parsed.clip is None
    assert [p.field for p in parsed.problems] == [field]


def test_a_comment_that_stands_twice_is_read_once_and_said() -> None:
    parsed = clip_of(capture(comments=[{"id": "1", "text": "a"}, {"id": "1", "text": "a"}, {"text": "b"}, {"text": "c"}], comment_count=3))
    assert [c.text for c in parsed.clip.comments] == ["a", "b", "c"]
    assert "1 comments" in parsed.notes[0]


def test_a_playlist_is_its_clips_in_order_and_what_is_no_capture_is_a_problem() -> None:
    inner = {"_type": "playlist", "entries": [capture(id="b"), None]}
    info = {"_type": "playlist", "id": "p", "entries": [capture(id="a"), inner, {"_type": "url", "id": "c"}, 3, capture(id="d")]}
    found = list(clips_of(info))
    assert [p.clip.clip_id if p.clip else None for p in found] == ["instagram:a", "instagram:b", None, None, "instagram:d"]
    assert "flat-playlist" in found[2].problems[0].cure


def test_a_playlist_without_entries_says_what_to_give_instead() -> None:
    (parsed,) = clips_of({"_type": "playlist", "id": "p", "extractor": "youtube:tab"})
    assert "info.json" in parsed.problems[0].cure


def test_playlists_in_playlists_as_deep_as_they_like_are_read() -> None:
    info: dict = capture()
    for _ in range(5000):
        info = {"_type": "playlist", "entries": [info]}
    assert [p.clip.clip_id for p in clips_of(info)] == ["instagram:x"]
