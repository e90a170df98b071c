"""Texts that repeat one another are one text."""

from misread.text.copies import clusters


def test_near_copies_group_with_the_first_of_them() -> None:
    texts = ["wake up people it is all fake", "nice coat", "wake up people!! it is ALL fake 🐑", "it is all fake, wake up people, lol"]
    assert clusters(texts, 0.8, min_words=3) == [0, 1, 0, 0]


def test_short_texts_group_only_when_their_words_are_the_same() -> None:
    assert clusters(["so fake", "so real", "SO fake!!"], 0.5, min_words=3) == [0, 1, 0]


def test_a_short_text_is_no_copy_of_a_long_one_that_happens_to_hold_its_words() -> None:
    long = "the two of them had been told by the host that they would fight and then they did and everybody in the room saw that"
    assert clusters([long, "the two would fight"], 0.8, min_words=3) == [0, 1]


def test_texts_without_words_stay_apart() -> None:
    assert clusters(["...", "", "!!"], 0.8) == [0, 1, 2]
