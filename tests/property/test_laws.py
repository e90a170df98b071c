"""Laws that hold for any input: the reader and the parser."""

import json

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from misread import Clip, Comment, Evidence, score
from misread.formats.jsonl import Undecodable, decode
from misread.formats.parse import clip_from, problems
from misread.model.bundle import Model
from misread.records import KINDS
from misread.text.features import read

# a session's model is shared by all examples: it is frozen
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60)

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=80) | st.sampled_from(
    ["they fought", "lol besties 😂", "he didn't hit her"]
)
COMMENT = st.builds(lambda i, t, n: (i, t, n), st.integers(0, 10**6), TEXT, st.none() | st.integers(0, 10**9))
ITEM = st.tuples(st.sampled_from(KINDS), TEXT)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("clip_id", "caption", "comments", "evidence", "likes", "kind", "posted_at", "participants", "tags", "label", "n_comments_total")


def clip(caption: str, comments: list[tuple[int, str, int | None]], items: list[tuple[str, str]]) -> Clip:
    return Clip(
        clip_id="x",
        caption=caption,
        comments=tuple(Comment(comment_id=str(i), text=t, likes=n) for i, (_, t, n) in enumerate(comments)),
        evidence=tuple(Evidence(evidence_id=str(i), kind=k, text=t) for i, (k, t) in enumerate(items)),  # type: ignore[arg-type]
    )


@RELAXED
@given(TEXT, st.lists(COMMENT, max_size=5), st.lists(ITEM, max_size=5))
def test_a_verdict_is_sound_whatever_the_texts(model: Model, caption: str, comments: list, items: list) -> None:
    v = score(model, clip(caption, comments, items))
    assert 0 < v.p_conflict < 1
    assert 0 < v.p_conflict_crowd < 1
    assert 0 <= v.p_misread <= 1
    assert abs(sum(msgspec.structs.astuple(v.parts)) - v.logit) < 1e-6
    assert abs(sum(e.effect for e in v.evidence) - v.parts.evidence) < 1e-6
    assert sorted(e.evidence_id for e in v.evidence) == sorted(str(i) for i in range(len(items)))
    assert all(0 <= e.relevance <= 1 and abs(sum(e.p_stance.values()) - 1) < 1e-9 for e in v.evidence)
    for span in v.caption_words:
        assert caption[span.start : span.end] == span.text
    assert msgspec.json.decode(msgspec.json.encode(v), type=type(v)) == v


@RELAXED
@given(st.permutations(["he shoved him", "they hugged after", "doors open at eight", "she was furious with the host"]))
def test_the_order_of_the_evidence_does_not_matter(model: Model, texts: list[str]) -> None:
    v = score(model, clip("look", [], [("eyewitness", text) for text in texts]))
    assert abs(v.logit - score(model, clip("look", [], [("eyewitness", text) for text in sorted(texts)])).logit) < 1e-9


@RELAXED
@given(TEXT)
def test_what_the_words_say_sums_to_the_tone(model: Model, text: str) -> None:
    reading = model.reader.read(text, "eyewitness")
    bias = model.reader.bias["eyewitness"]
    if reading.source.hashes:
        assert abs(sum(reading.shares) + bias[0] - bias[1] - reading.tone) < 1e-6
    assert abs(reading.p_conflict + reading.p_friendly + reading.p_neutral - 1) < 1e-9


@given(TEXT)
def test_case_and_stretching_do_not_change_the_features(text: str) -> None:
    if text.isascii():
        assert read(text.upper()).hashes == read(text.lower()).hashes


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_any_json_is_a_clip_or_has_problems_that_name_a_field(value: object) -> None:
    found = problems(value)
    parsed = clip_from(value)
    assert (parsed.clip is None) == bool(parsed.problems)
    assert bool(found) == (parsed.clip is None)
    for problem in parsed.problems:
        assert problem.reason
    if parsed.clip is not None:
        again = clip_from(msgspec.json.decode(msgspec.json.encode(parsed.clip)))
        assert again.clip == parsed.clip


@given(st.binary(max_size=60) | JSON.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_json_or_say_why_not(data: bytes) -> None:
    value = decode(data)
    if isinstance(value, Undecodable):
        assert value.problem.reason
    else:
        assert json.loads(data) == value
