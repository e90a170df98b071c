"""A planted giveaway is found, wherever it is; what gives nothing away is not blamed; too little is said to be too little."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from misread.corpus.read import Corpus
from misread.errors import InputError
from misread.present.corpus import audit_table
from misread.records import KINDS, Clip, Comment, Evidence
from misread.training.audit import BOUNDS, FIGURES, Audit, _Draws, _folds, _text_figure, audit, read_bounds, status
from misread.training.metrics import Estimate
from misread.training.shortcuts import NUMBERS, TEXTS, lengths, likes, platforms, positions, signed_kinds, times

N_DRAWS = 200
#: Words without a meaning, so that nothing tells unless it is planted.
WORDS = [a + b + c for a in "bdkmt" for b in "aeiou" for c in "lnrst"]


def made(n: int, seed: int = 1) -> list[Clip]:
    """Clips whose every part is drawn without a look at the label."""
    rng = random.Random(seed)

    def text(n_words: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(n_words))

    def moment() -> str:
        return f"20{rng.randint(18, 25)}-0{rng.randint(1, 9)}-{rng.randint(10, 27)}T{rng.randint(0, 23):02}:30:00Z"

    return [
        Clip(
            clip_id=f"c{i:03}",
            label="conflict" if i % 2 else "friendly",
            first_impression=rng.choice(["conflict", "friendly"]),
            caption=text(8),
            transcript=text(6),
            platform=rng.choice(["tiktok", "tv"]),
            posted_at=moment(),
            comments=tuple(
                Comment(comment_id=str(k), text=text(6), author=text(1), likes=rng.randint(0, 50), posted_at=moment()) for k in range(4)
            ),
            evidence=tuple(
                Evidence(evidence_id=str(k), kind=rng.choice(KINDS), text=text(12), posted_at=moment(), stance=s, relevance=r)
                for k, (s, r) in enumerate((("neutral", 0), ("neutral", 1), ("conflict" if i % 2 else "friendly", 3)))
            ),
        )
        for i in range(n)
    ]


def planted(clips: list[Clip], plant: Callable[[Clip, bool], dict[str, Any]]) -> Corpus:
    return Corpus(tuple(msgspec.structs.replace(c, **plant(c, c.label == "conflict")) for c in clips))


def changed(items: tuple[Any, ...], change: Callable[[int, Any], dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(msgspec.structs.replace(item, **change(i, item)) for i, item in enumerate(items))


@pytest.fixture(scope="module")
def clean() -> Audit:
    return audit(Corpus(tuple(made(160))), 1, n_draws=N_DRAWS)


def test_a_clean_set_is_blamed_for_nothing(clean: Audit) -> None:
    assert clean.broken == ()
    assert {n: f.status for n, f in clean.figures.items() if f.bound is not None} == dict.fromkeys(set(BOUNDS) - {"phrases"}, "fine")
    assert set(clean.figures) == set(FIGURES)


def test_gold_tells_and_no_bound_is_set_on_it(clean: Audit) -> None:
    assert clean.figures["majority of gold stance"].accuracy.value == 1
    assert clean.figures["vote weighted by kind"].accuracy.value > 0.9
    assert clean.figures["majority of gold stance"].status is None
    assert abs(clean.figures["inverted first impression"].accuracy.value - 0.5) < 0.15


def test_giveaways_in_words_names_likes_and_platforms_are_found_and_no_others() -> None:
    corpus = planted(
        made(160),
        lambda c, conflict: {
            "caption": c.caption + (" zulu" if conflict else " kilo"),
            "platform": "x" if conflict else "twitch",
            "comments": changed(
                c.comments, lambda i, m: {"author": f"{m.author}_{'uk' if conflict else 'us'}", "likes": 90 if conflict else 3}
            ),
        },
    )
    found = audit(corpus, 1, n_draws=N_DRAWS)
    assert set(found.broken) == {"caption", "platforms", "likes", "authors"}
    words = {w.word: w for w in found.figures["caption"].words}
    assert (words["zulu"].toward, words["kilo"].toward) == ("conflict", "friendly")
    assert (words["zulu"].n_clips, words["zulu"].n_toward, words["zulu"].clip_ids) == (80, 80, ("c001", "c003", "c005"))


def test_giveaways_in_the_form_of_comments_and_evidence_are_found_and_no_others() -> None:
    corpus = planted(
        made(160),
        lambda c, conflict: {
            "transcript": c.transcript + (" zulu" if conflict else ""),
            "posted_at": f"2024-05-11T{'03' if conflict else '15'}:00:00Z",
            "comments": changed(c.comments, lambda i, m: {"text": m.text + (" papa" if conflict and i == 2 else "")}),
            "evidence": changed(
                c.evidence,
                lambda i, e: (
                    {"kind": "fan_claim" if (i == 0) == conflict else "other"} | ({"text": e.text + " kilo"} if conflict and i == 1 else {})
                ),
            ),
        },
    )
    found = audit(corpus, 1, n_draws=N_DRAWS)
    assert set(found.broken) == {"transcript", "times", "comments", "kinds", "positions", "distractors", "lengths"}


def test_what_only_the_event_knows_is_no_giveaway() -> None:
    """Both clips of an event share words that no other has: a model that had seen one would know the other."""
    own = ["".join("qwxzjvyhgf"[int(digit)] for digit in f"{event:03}") for event in range(80)]
    clips = [
        msgspec.structs.replace(c, group_id=f"g{i // 2}", label="conflict" if i // 2 % 2 else "friendly", caption=own[i // 2])
        for i, c in enumerate(made(160))
    ]
    folds = _folds(clips, 1)
    assert len(set(folds.values())) == 10
    found = _text_figure(clips, TEXTS["caption"], _Draws(folds, 1, N_DRAWS))
    assert found.accuracy.value < 0.65
    assert found.words == ()  # each stands in one event


def test_too_small_says_so_even_where_every_clip_gives_itself_away() -> None:
    corpus = planted(made(24), lambda c, conflict: {"caption": "zulu" if conflict else "yankee"})
    found = audit(corpus, 1, n_draws=N_DRAWS)
    assert found.figures["caption"].accuracy.value == 1
    assert found.broken == ()
    assert set(found.too_small) == set(BOUNDS) - {"phrases"}
    assert "too small to tell: caption" in audit_table(found.as_dict(), gated=True)


@pytest.mark.parametrize(
    "clips",
    [
        (Clip(clip_id="a", label="conflict"), Clip(clip_id="b", label="friendly")),
        tuple(Clip(clip_id=str(i), group_id="g", label="conflict" if i % 2 else "friendly") for i in range(40)),
        (*(Clip(clip_id=str(i), label="friendly", caption="\ud83d\x00 " * i) for i in range(40)), Clip(clip_id="x", label="conflict")),
        tuple(Clip(clip_id=str(i), label="conflict" if i % 2 else "friendly", caption="same") for i in range(40)),
    ],
)
def test_the_smallest_and_emptiest_corpora_have_figures_too(clips: tuple[Clip, ...]) -> None:
    found = audit(Corpus(clips), 1, n_draws=20)
    json.dumps(found.as_dict(), allow_nan=False)
    assert found.broken == ()
    assert audit_table(found.as_dict(), gated=True)


def test_nothing_to_audit_is_said() -> None:
    with pytest.raises(InputError, match="both labels"):
        audit(Corpus((Clip(clip_id="a", label="friendly"), Clip(clip_id="b"))), 1)


def test_templates_and_twins_break_the_gate() -> None:
    said = "she told him to put the phone away before the bell"
    corpus = Corpus(
        tuple(Clip(clip_id=str(i), caption=said, label="conflict" if i % 2 else "friendly") for i in range(4)),
        (),
        {"0": "test", "1": "train"},
    )
    found = audit(corpus, 1, n_draws=20)
    assert found.broken == ("phrases", "near-duplicates")
    assert "4  she told him to put: 0, 1, 2, 3" in audit_table(found.as_dict(), gated=True)
    assert audit(corpus, 1, {"phrases": 4}, n_draws=20).broken == ("near-duplicates",)
    assert audit(corpus, 1, {}, n_draws=20).broken == ("near-duplicates",)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.61, 0.70, "broken"), (0.60, 0.70, "fine"), (0.3, 0.5, "fine"), (0.45, 0.66, "too small to tell"), (0.61, 0.95, "broken")],
)
def test_a_bound_is_broken_only_where_the_whole_interval_lies_above_it(low: float, high: float, said: str) -> None:
    assert status(Estimate((low + high) / 2, low, high, 100), 0.60) == said


def test_bounds_of_ones_own_replace_ours_by_name() -> None:
    found = read_bounds(b'{"caption": 0.7, "likes": null, "phrases": 5, "all evidence": 0.9}', "b.json")
    assert found == {**{k: v for k, v in BOUNDS.items() if k != "likes"}, "caption": 0.7, "phrases": 5, "all evidence": 0.9}


@pytest.mark.parametrize(
    ("data", "n_problems"),
    [
        (b'{"captions": 0.7, "likes": 1.5, "phrases": 0}', 3),
        (b"[]", 1),
        (b"{", 1),
        (b'{"caption": "0.7"}', 1),
        (b"\xff", 1),
        (b"[" * 10**5, 1),
    ],
)
def test_bounds_that_make_no_sense_are_all_named(data: bytes, n_problems: int) -> None:
    with pytest.raises(InputError) as caught:
        read_bounds(data, "b.json")
    assert len(caught.value.problems) == n_problems
    assert {p.file for p in caught.value.problems} == {"b.json"}


def test_every_side_has_as_many_numbers_for_an_empty_clip_as_for_a_full_one() -> None:
    full = made(1)[0]
    for numbers in (*NUMBERS.values(), signed_kinds):
        assert len(numbers(full)) == len(numbers(Clip(clip_id="a")))
        assert np.isfinite(numbers(full)).all()
    assert [bag(Clip(clip_id="a")) for bag in TEXTS.values()] == [""] * len(TEXTS)


def test_sides_see_what_they_are_named_after_and_nothing_else() -> None:
    clip = made(1)[0]
    blind = msgspec.structs.replace(clip, label=None, first_impression=None, tags={"x": 1}, url="u")
    for numbers in NUMBERS.values():
        assert numbers(clip) == numbers(blind)
    longer = msgspec.structs.replace(clip, caption=clip.caption + " more")
    assert lengths(clip) != lengths(longer)
    for numbers in (positions, likes, platforms, times):
        assert numbers(clip) == numbers(longer)
    earlier = msgspec.structs.replace(clip, posted_at="2001-01-01T00:00:00+02:00")
    assert times(clip) != times(earlier)
    assert lengths(clip) == lengths(earlier)


def test_distractors_are_what_has_no_bearing() -> None:
    clip = Clip(clip_id="a", evidence=tuple(Evidence(evidence_id=str(r), text=f"r{r}", relevance=r) for r in (0, 1, 2, 3)))
    assert TEXTS["distractors"](clip) == "r0\nr1"


def test_the_table_is_narrow_and_shows_every_figure(clean: Audit) -> None:
    table = audit_table(clean.as_dict(), gated=True)
    assert max(map(len, table.splitlines())) <= 120
    assert all(f"\n{name} " in table for name in FIGURES)
    assert "broken: nothing" in table
    assert table.count("better of two\n") == len(NUMBERS)
