"""Splits never cut an event, keep what stands, and come out the same anywhere."""

from collections import Counter
from pathlib import Path

import pytest

from misread.corpus.read import read_splits
from misread.corpus.split import SHARES, csv_of, drawn, drawn_forward, split, write_whole
from misread.errors import InputError
from misread.records import Clip, known_at

LABELS = ("conflict", "friendly")


def clips(n: int, **more) -> list[Clip]:
    """Two clips in three have an event of their own."""
    return [
        Clip(
            clip_id=f"c{i:03}",
            group_id=f"g{i // 3}" if i % 3 else None,
            label=LABELS[i % 2],
            posted_at=f"20{10 + i % 14:02}-0{1 + i % 9}-11",
            tags={"families": ["sarcasm"] if i % 4 < 2 else []},
            **more,
        )
        for i in range(n)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_shares_hold_within_each_label_and_difficulty(seed: int) -> None:
    given = clips(600)
    splits = drawn(given, seed)
    assert set(splits) == {c.event for c in given}
    for name, share in SHARES.items():
        for some in ([c for c in given if c.label == "conflict"], [c for c in given if c.tags == {"families": []}], given):
            assert abs(sum(splits[c.event] == name for c in some) / len(some) - share) < 0.03


def test_the_same_seed_gives_the_same_whatever_the_order_and_another_seed_another() -> None:
    given = clips(100)
    assert drawn(given, 1) == drawn(given[::-1], 1)
    assert drawn(given, 1) != drawn(given, 2)


def test_what_is_kept_stays_and_the_rest_makes_up_for_it(tmp_path: Path) -> None:
    given = clips(300)
    kept = {c.event: "train" for c in given[:100]}
    path = tmp_path / "splits.csv"
    path.write_bytes(csv_of({**kept, "gone": "test"}))
    found = split(given, 1, keep=path)
    assert {e: found.splits[e] for e in kept} == kept
    assert "gone" not in found.splits
    assert found.n_kept == len(kept)
    assert abs(found.clips["train"]["n"] / 300 - 0.60) < 0.03
    assert sum(row["n"] for row in found.clips.values()) == 300


def test_keeping_everything_changes_nothing(tmp_path: Path) -> None:
    given = clips(60)
    path = tmp_path / "splits.csv"
    path.write_bytes(csv_of(drawn(given, 7)))
    assert split(given, 8, keep=path).splits == read_splits(path) == drawn(given, 7)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("c000,train\nc000,test\n", "two splits"),
        ("c000,train\nc000,train\n", "stands twice"),
        ("c000,dev\n", "unknown split"),
        ("c000\n", "unknown split"),
    ],
)
def test_a_kept_file_that_leaks_is_refused(tmp_path: Path, rows: str, reason: str) -> None:
    path = tmp_path / "splits.csv"
    path.write_text("group_id,split\n" + rows, encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        split(clips(3), 1, keep=path)


def test_forward_in_time_no_test_event_is_earlier_than_another() -> None:
    given = clips(200)
    splits = drawn_forward(given)
    latest = {e: max(known_at(c.posted_at or "") for c in given if c.event == e) for e in splits}
    by_split = {name: [latest[e] for e, at in splits.items() if at == name] for name in SHARES}
    assert max(by_split["train"]) <= min(by_split["calibrate"])
    assert max(by_split["calibrate"]) <= min(by_split["test"])
    counts = Counter(splits[c.event] for c in given)
    assert all(abs(counts[name] / 200 - share) < 0.03 for name, share in SHARES.items())


def test_undated_events_go_to_train_and_are_told_of() -> None:
    found = split([Clip(clip_id="u"), *(Clip(clip_id=f"{y}", posted_at=f"{y}-01-01") for y in range(2000, 2009))], 1, forward=True)
    assert found.splits["u"] == "train"
    assert found.splits["2008"] == "test"
    assert found.warnings == ("1 undated events are in train",)


def test_near_duplicates_across_splits_are_warned_of() -> None:
    given = [Clip(clip_id=str(i), caption="He walked off the pitch before anyone could stop him") for i in range(8)]
    found = split(given, 1)
    assert found.warnings
    assert "Jaccard 1.00" in found.warnings[0]


def test_keep_and_time_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="forward"):
        split(clips(3), 1, forward=True, keep=tmp_path / "splits.csv")


def test_nothing_to_split_is_said() -> None:
    with pytest.raises(InputError, match="no clip"):
        split([], 1)


def test_the_file_is_sorted_quoted_and_read_back_as_it_was(tmp_path: Path) -> None:
    splits = {"b,1": "test", 'a"': "train", "é😂\n": "calibrate"}
    path = tmp_path / "splits.csv"
    write_whole(path, csv_of(splits))
    assert read_splits(path) == splits
    assert [p.name for p in tmp_path.iterdir()] == ["splits.csv"]


def test_a_write_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "splits.csv").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "splits.csv", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["splits.csv"]
