"""A crowd that cannot be stuffed, and is no louder for being large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.model.crowd import mean_reading, voices
from misread.records import Comment


def comment(i: int, text: str, author: str | None = None, likes: int | None = None) -> Comment:
    return Comment(comment_id=str(i), text=text, author=author, likes=likes)


def test_copies_count_once() -> None:
    flood = [comment(i, "they are fighting for real, wake up", f"@{i}") for i in range(500)]
    assert sum(voices(flood)) == pytest.approx(sum(voices(flood[:1])))


def test_an_author_speaks_once() -> None:
    words = ["shoved him hard", "that was ugly to see", "no way this is a joke", "police were there later"]
    many = [comment(i, text, "@same") for i, text in enumerate(words)]
    assert sum(voices(many)) == 1.0


def test_likes_count_with_diminishing_weight() -> None:
    one, hundred, million = (voices([comment(0, "a b c d", likes=n)])[0] for n in (0, 100, 10**6))
    assert one < hundred < million <= 3 * one


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_the_crowd_is_never_more_extreme_than_its_most_extreme_voice(stances: list[float]) -> None:
    found = mean_reading(stances, [1.0] * len(stances))
    assert min(*stances, 0.0) <= found.mean <= max(*stances, 0.0)
    assert abs(sum(found.shares) - found.mean) < 1e-12


@given(st.floats(-0.2, 0.2), st.integers(1, 30))
def test_ten_comments_of_noise_look_no_more_hostile_than_one(noise: float, n: int) -> None:
    pattern = [noise if i % 2 == 0 else -noise for i in range(2 * n)]
    assert abs(mean_reading(pattern, [1.0] * len(pattern)).mean) <= abs(mean_reading([noise], [1.0]).mean) + 1e-12
