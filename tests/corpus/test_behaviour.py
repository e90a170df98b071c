"""The behaviour cases are sound cases; what a reader makes of them is measured elsewhere."""

import json
from collections import Counter
from pathlib import Path

import pytest

from misread.formats.parse import clip_from

EXPECT = {"minimum": {"conflict", "friendly"}, "invariance": {"same"}, "direction": {"not_higher", "not_lower"}}


@pytest.fixture(scope="module")
def cases(repository: Path) -> list[dict]:
    paths = sorted((repository / "data" / "behaviour").glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def clips(case: dict) -> list[dict]:
    return [case["clip"]] if "clip" in case else case["clips"]


def test_there_are_enough_cases_with_unique_ids(cases: list[dict]) -> None:
    assert len(cases) >= 400
    assert max(Counter(case["case_id"] for case in cases).values()) == 1


def test_every_case_holds_clips_that_can_be_read_and_an_expectation_of_its_kind(cases: list[dict]) -> None:
    for case in cases:
        assert case["expect"] in EXPECT[case["kind"]], case["case_id"]
        assert len(clips(case)) == (1 if case["kind"] == "minimum" else 2), case["case_id"]
        for clip in clips(case):
            assert clip_from(clip).problems == (), case["case_id"]


def test_every_capability_asks_for_both_readings_about_equally_often(cases: list[dict]) -> None:
    asked = Counter((case["capability"], case["expect"]) for case in cases if case["kind"] == "minimum")
    for capability in {name for name, _ in asked}:
        assert abs(asked[capability, "conflict"] - asked[capability, "friendly"]) <= 4, capability


def test_no_case_stands_in_what_is_trained_on(cases: list[dict], repository: Path) -> None:
    taught = "\n".join(
        p.read_text(encoding="utf-8") for folder in ("corpus", "statements") for p in (repository / "data" / folder).glob("*.jsonl")
    )
    texts = [t for case in cases for c in clips(case) for t in (c.get("caption", ""), *(e["text"] for e in c.get("evidence", ())))]
    assert not [t for t in texts if len(t) > 25 and json.dumps(t, ensure_ascii=False)[1:-1] in taught]
