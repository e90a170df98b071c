"""Loose data as clips: what the walk says of odd values."""

import msgspec
import pytest

from misread.errors import InputError
from misread.formats.parse import clip_from, mended_text, only, problems


def test_two_ids_that_differ_in_a_lone_surrogate_only_are_one_id() -> None:
    parsed = clip_from({"clip_id": "a", "comments": [{"comment_id": "x\ud800"}, {"comment_id": "x\udc00"}]})
    assert [p.field for p in parsed.problems] == ["comments[1].comment_id"]


def test_surrogates_are_mended_in_fields_that_pass_through_too() -> None:
    parsed = clip_from({"clip_id": "a", "note\ud800": ["\udfff"], "tags": {"\ud800": {"x": "\ud800"}}})
    assert parsed.extra == {"note\ufffd": ["\ufffd"]}
    assert msgspec.json.encode(parsed.clip)


@pytest.mark.parametrize("name", ["n_comments_total", "platform", "label", "clip_id", "tags"])
def test_a_whole_number_too_long_to_write_out_is_a_problem_like_any_other(name: str) -> None:
    assert [p.field for p in problems({"clip_id": "a", name: 10**5000})] == [name]


def test_numbers_too_long_to_write_out_are_problems_inside_items_too() -> None:
    found = problems({"clip_id": "a", "comments": [{"comment_id": 10**5000, "likes": -(10**5000)}], "evidence": [{"relevance": 10**5000}]})
    assert [p.field for p in found] == ["comments[0].comment_id", "comments[0].likes", "evidence[0].relevance"]


def test_a_fraction_where_a_whole_number_belongs_is_shown() -> None:
    (problem,) = problems({"clip_id": "a", "n_comments_total": 3.5})
    assert problem.reason == "expected a whole number, got 3.5"


def test_deep_nesting_is_refused_at_the_same_depth_whoever_calls() -> None:
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    (problem,) = clip_from({"clip_id": "a", "note": deep}).problems
    assert "deep" in problem.reason
    assert clip_from({"clip_id": "a", "note": [[[[["x"]]]]]}).clip is not None


def test_null_is_absent_at_every_level() -> None:
    clip = only(clip_from({"clip_id": "a", "caption": None, "tags": None, "comments": [{"text": None, "likes": None}], "evidence": None}))
    assert (clip.caption, clip.comments[0].text, clip.comments[0].likes, clip.evidence) == ("", "", None, ())


def test_a_problem_is_raised_only_on_asking() -> None:
    with pytest.raises(InputError, match="clip_id"):
        only(clip_from({}))


def test_an_astral_character_is_not_a_lone_surrogate() -> None:
    assert mended_text("😂") == "😂"
