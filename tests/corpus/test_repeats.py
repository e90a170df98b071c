"""Templates and twins are found, and only they; the sketch misses nothing that a full comparison finds."""

import random
from itertools import combinations

import pytest

from misread.corpus.repeats import _candidates, near_duplicates, repeated_phrases
from misread.records import Clip, Comment, Evidence

LONG = "She told the steward that the gate had been locked since noon"


def clip(name: str, text: str = "", group: str | None = None, evidence: str = "", comments: tuple[str, ...] = ()) -> Clip:
    return Clip(
        clip_id=name,
        caption=text,
        group_id=group,
        comments=tuple(Comment(comment_id=str(i), text=t) for i, t in enumerate(comments)),
        evidence=(Evidence(evidence_id="1", text=evidence),) if evidence else (),
    )


def test_a_template_is_found_wherever_it_stands_and_however_it_is_typed() -> None:
    clips = [
        clip("a", "WAIT till the very end!!"),
        clip("b", evidence="they said wait, till the very end of it"),
        clip("c", comments=("no", "wait till… the very  end")),
        clip("d", "wait till the véry end"),
    ]
    assert [(p.phrase, p.n_events, p.clip_ids) for p in repeated_phrases(clips)] == [("wait till the very end", 4, ("a", "b", "c", "d"))]


def test_three_events_may_share_words_and_a_fourth_clip_of_one_event_changes_nothing() -> None:
    clips = [clip("a", LONG), clip("b", LONG), clip("c", LONG, "g"), clip("d", LONG, "g")]
    assert repeated_phrases(clips) == []
    assert repeated_phrases([*clips, clip("e", LONG)])[0].n_events == 4
    assert repeated_phrases(clips, max_events=2)[0].n_events == 3


def test_a_flood_within_one_clip_counts_once_and_sequences_do_not_run_over_into_the_next_text() -> None:
    assert repeated_phrases([clip("a", comments=(LONG,) * 50)]) == []
    assert repeated_phrases([clip(str(i), comments=("one two three", "four five six")) for i in range(5)]) == []


def test_twins_across_splits_come_first_and_one_event_in_one_split_is_left_in_peace() -> None:
    clips = [clip("a", LONG, "g"), clip("b", LONG, "g"), clip("c", evidence=LONG + " today"), clip("d", comments=(LONG.upper(),))]
    found = near_duplicates(clips, {"g": "train", "c": "train", "d": "test"})
    assert [(t.first.clip_id, t.second.clip_id, t.across, t.second.field) for t in found] == [
        ("a", "d", True, "comments[0].text"),
        ("d", "c", True, "evidence[0].text"),
    ]
    assert near_duplicates(clips[:2]) == []


def test_a_few_words_in_common_are_no_twins() -> None:
    assert near_duplicates([clip("a", comments=("this is so cute",)), clip("b", comments=("this is so cute",))]) == []
    assert near_duplicates([clip("a", "😳😳"), clip("b", "😳")]) == []
    assert (
        near_duplicates([clip("a", LONG), clip("b", LONG.replace("locked", "open").replace("noon", "nine").replace("gate", "door"))]) == []
    )


def test_a_flood_of_one_text_is_one_line_a_clip_and_shows_every_leak() -> None:
    clips = [clip(f"{i:03}", comments=(LONG,)) for i in range(100)]
    splits = {c.clip_id: "test" if c.clip_id == "099" else "train" for c in clips}
    found = near_duplicates(clips, splits)
    assert len(found) == 99
    assert [t.second.clip_id for t in found if t.across] == ["099"]


def test_a_leak_is_found_behind_many_places_of_one_event() -> None:
    clips = [clip("a", comments=(LONG,) * 20), clip("b", comments=(LONG,))]
    (found,) = near_duplicates(clips, {"a": "train", "b": "test"})
    assert found.across


def test_only_the_fields_asked_for_are_compared() -> None:
    assert near_duplicates([clip("a", comments=(LONG,)), clip("b", comments=(LONG,))], fields=("caption", "evidence")) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_sketch_proposes_every_pair_that_a_full_comparison_finds(seed: int) -> None:
    rng = random.Random(seed)
    sets = []
    for k in range(60):
        words = [f"w{k}_{i}" for i in range(rng.randint(6, 30))]
        sets.append(frozenset(words))
        sets.append(frozenset([*words[rng.randint(0, 3) :], "new"]))
    alike = {(i, j) for i, j in combinations(range(len(sets)), 2) if len(sets[i] & sets[j]) >= 0.8 * len(sets[i] | sets[j])}
    assert len(alike) > 20
    assert alike <= set(_candidates(sets))


def test_texts_of_no_words_and_no_clips_are_nothing() -> None:
    assert near_duplicates([]) == []
    assert near_duplicates([clip("a", "\ud83d \x00"), clip("b", "!!!")]) == []
    assert repeated_phrases([clip("a", "\x00" * 100)]) == []
