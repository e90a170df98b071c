"""The definition of the features: which signs a text has, and whose they are."""

from zlib import crc32

import pytest

from misread.text import features
from misread.text.cues import CUES
from misread.text.features import CUE, DISTANT, NEGATED, PAIR, WORD, read, tokens, word_hash


def named(text: str, block: int) -> set[int]:
    found = read(text)
    return {h for h, b in zip(found.hashes, found.blocks, strict=True) if b == block}


def other(feature: str) -> int:
    """The hash of a pair or a cue."""
    return crc32(feature.encode())


def test_words_pairs_and_cues_are_features_of_their_own() -> None:
    assert named("they hugged", WORD) == {crc32(b"w:they"), crc32(b"w:hugged")}
    assert named("they hugged", PAIR) == {other("p:they|hugged")}
    assert named("they hugged", CUE) == {other("q:company")}


def test_two_cues_in_one_text_are_a_sign_of_their_own() -> None:
    together = {other("qq:attack|laughter"), other("q:attack"), other("q:laughter")}
    assert together <= named("she punched him 😂", CUE)
    assert not together <= named("she punched him", CUE)
    assert other("qq:attack|attack") not in named("she punched and kicked him", CUE)


@pytest.mark.parametrize("cue", sorted(CUES))
def test_every_cue_is_found_by_each_of_its_words(cue: str) -> None:
    for words in CUES[cue]:
        assert other(f"q:{cue}") in named(words.replace("|", " "), CUE), words


def test_a_negation_reaches_to_the_end_of_its_clause() -> None:
    words = named("they were not really fighting, they laughed", WORD)
    assert word_hash("fighting", NEGATED) in words
    assert word_hash("fighting") not in words
    assert word_hash("laughed") in words
    assert word_hash("laughed", NEGATED) not in words


@pytest.mark.parametrize("end", [",", ".", "!", "but", "because"])
def test_a_clause_ends_at(end: str) -> None:
    assert word_hash("fun") in named(f"never {end} fun", WORD)


def test_what_only_seemed_or_was_taken_back_is_at_a_distance() -> None:
    words = named("it looked like a fight, but they were laughing. They hugged", WORD)
    assert {word_hash("fight", DISTANT), word_hash("laughing"), word_hash("hugged")} <= words
    assert word_hash("fight") not in words
    assert word_hash("smiled", DISTANT) in named("they smiled for the cameras but she hit him", WORD)
    assert word_hash("smiled") in named("they smiled for the cameras. but she hit him", WORD)
    assert word_hash("hate", DISTANT) in named("people say they hate each other", WORD)
    assert word_hash("fought", NEGATED) in named("it seems they never fought", WORD)


def test_each_feature_is_owned_by_the_tokens_it_came_from() -> None:
    found = read("no beef lol")
    for first, last in found.owners:
        assert 0 <= first <= last < len(found.tokens)
    assert len(found.hashes) == len(found.blocks) == len(found.owners)


def test_long_words_are_read_to_forty_characters() -> None:
    longest = features.MAX_WORD
    assert len(read("xy" * longest).hashes) < 3 * longest + 10
    assert set(read("ab" * 20 + "cd").hashes) - set(read("ab" * 20 + "ef").hashes)


def test_emoji_are_tokens_and_a_text_of_blanks_has_none() -> None:
    assert [t.text for t in tokens("a😂😂b")] == ["a", "😂", "😂", "b"]
    assert read(" \n\t").hashes == []
