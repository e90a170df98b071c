"""Counts that add up, on clips as users tag them too."""

import json
from pathlib import Path

import pytest

from misread.corpus.read import Corpus, Statement
from misread.corpus.stats import families, spread, stats, tag
from misread.errors import InputError, MisreadError
from misread.present.corpus import stats_table
from misread.present.corpus_plot import plot
from misread.records import Clip, Comment, Evidence

CLIPS = (
    Clip(
        clip_id="a",
        caption="they made up",
        label="friendly",
        first_impression="conflict",
        group_id="g",
        posted_at="2024-05-01",
        platform="tv",
        comments=(
            Comment(comment_id="1", text="so cute", likes=3, stance="friendly"),
            Comment(comment_id="2", text="fight", posted_at="2024-05-02"),
        ),
        evidence=(Evidence(evidence_id="1", kind="eyewitness", text="he laughed", stance="friendly", relevance=3),),
        tags={"setting": "chess", "families": ["sarcasm", "denial"], "caption": "tells", "pair_id": "p"},
    ),
    Clip(clip_id="b", label="conflict", first_impression="conflict", group_id="g", tags={"setting": "chess", "pair_id": "p"}),
    Clip(clip_id="c", tags={"setting": ["x"], "families": "sarcasm", "caption": None}),
)


@pytest.fixture
def found() -> dict:
    statement = Statement(statement_id="s", kind="other", text="x", about="y", stance="neutral")
    return stats(Corpus(CLIPS, (statement,), {"g": "train"}))


def test_every_count_is_that_of_the_clips(found: dict) -> None:
    assert (found["n_clips"], found["n_events"], found["n_comments"], found["n_evidence"], found["n_statements"]) == (3, 2, 2, 1, 1)
    assert found["label"] == {"conflict": 1, "friendly": 1, "none": 1}
    assert found["first_impression_wrong"] == {
        "conflict": {"n": 1, "wrong": 0, "share": 0.0},
        "friendly": {"n": 1, "wrong": 1, "share": 1.0},
    }
    assert found["setting"] == {"chess": {"n": 2, "conflict": 1, "friendly": 1}, "['x']": {"n": 1, "conflict": 0, "friendly": 0}}
    assert found["family"]["sarcasm"] == {"n": 2, "conflict": 0, "friendly": 1}
    assert found["family"]["plain"] == {"n": 1, "conflict": 1, "friendly": 0}
    assert found["caption"]["tells"] == {"n": 1, "conflict": 0, "friendly": 1}
    assert found["kind"]["eyewitness"] == 1
    assert found["kind_stance"]["eyewitness"] == {"conflict": 0, "friendly": 1, "neutral": 0, "none": 0}
    assert found["relevance"] == {"0": 0, "1": 0, "2": 0, "3": 1}
    assert found["comment_stance"] == {"conflict": 0, "friendly": 1, "neutral": 0, "none": 1}
    assert found["words"]["comment"]["max"] == 2
    assert found["dated"]["comments"] == {"to_the_moment": 0, "to_the_day": 1, "undated": 1}
    assert found["groups"] == {"n": 2, "sizes": {"1": 1, "2": 1}, "shared": 2, "share": 0.6667}
    assert found["pairs"] == {"n": 1, "both_labels": 1}
    assert found["splits"]["train"] == {"n": 2, "conflict": 1, "friendly": 1, "events": 1}
    assert found["splits"]["none"]["n"] == 1
    assert found["statements"]["stance"]["neutral"] == 1


def test_it_is_plain_data_and_the_table_shows_it(found: dict) -> None:
    table = stats_table(json.loads(json.dumps(found)))
    assert "first impression wrong in 1 of 1 friendly clips (100.0 %)" in table
    assert "  chess                          2   66.7 %         1         1" in table
    assert max(map(len, table.splitlines())) <= 120


def test_an_empty_corpus_has_counts_too() -> None:
    found = stats(Corpus(()))
    assert (found["n_clips"], found["words"]["caption"]["median"], found["splits"]) == (0, None, {})
    assert stats_table(found).startswith("0 clips")


def test_names_in_a_table_cannot_take_the_terminal_over() -> None:
    table = stats_table(stats(Corpus((Clip(clip_id="a", tags={"setting": "\x1b[31mred\u202e"}),))))
    assert "\x1b" not in table
    assert "\u202e" not in table


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        (None, ["plain"]),
        ({"families": []}, ["plain"]),
        ({"families": "a"}, ["a"]),
        ({"families": ["a", "a"]}, ["a"]),
        ({"families": {"a": 1}}, ["plain"]),
    ],
)
def test_families_are_read_however_they_are_given(tags: dict | None, named: list[str]) -> None:
    assert families(Clip(clip_id="a", tags=tags)) == named


def test_a_missing_tag_is_none_and_a_number_is_text() -> None:
    assert tag(Clip(clip_id="a", tags={"setting": 3}), "setting") == "3"
    assert tag(Clip(clip_id="a", tags={}), "setting") == "none"


@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 100, 101])
def test_ranks_ascend_and_are_values_that_occur(n: int) -> None:
    row = spread(list(range(n, 0, -1)))
    ranks = [row[name] for name in ("min", "p10", "p25", "median", "p75", "p90", "max")]
    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (1, n)
    assert set(ranks) <= set(range(1, n + 1))


def test_a_picture_is_drawn_and_the_same_twice(found: dict, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found["setting"]["costs $5 and $6 漢"] = {"n": 1, "conflict": 1, "friendly": 0}
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        plot(found, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    plot(stats(Corpus(())), tmp_path / "empty.png")
    assert len(list(tmp_path.iterdir())) == 5


def test_a_picture_of_another_sort_is_refused(found: dict, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.png or \.svg"):
        plot(found, tmp_path / "a.pdf")


def test_without_matplotlib_it_says_what_to_install(found: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MisreadError, match="plots"):
        plot(found, tmp_path / "a.png")
