"""Text as people read it, with the way back to the original kept."""

import pytest

from misread.text.normalise import normalise


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("They’re FIGHTING", "they're fighting"),
        ("ｆｉｇｈｔ", "fight"),
        ("f\u200bi\u200bght", "fight"),
        ("fіght", "fight"),  # a Cyrillic i
        ("бок", "бок"),  # a word of its own script stays
        ("café", "cafe"),
        ("nooooo", "noo"),
        ("👋🏽 ❤️", "👋 ❤"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_people_read_it(given: str, read: str) -> None:
    assert normalise(given).text == read


@pytest.mark.parametrize("given", ["fіght", "f\u200bight"])
def test_hidden_words_are_noticed(given: str) -> None:
    assert normalise(given).obfuscated


@pytest.mark.parametrize("given", ["fight", "бой", "👩\u200d👩\u200d👧 family", "naïve café", "They’re ok"])
def test_honest_texts_are_not_called_obfuscated(given: str) -> None:
    assert not normalise(given).obfuscated


@pytest.mark.parametrize("given", ["Noooo WAY he swuuuung", "ﬁght “club” … ok", "x\u200by 😂😂 ＦＵＬＬ", "é\ud800\x00z"])
def test_every_span_leads_back_to_the_characters_it_came_from(given: str) -> None:
    found = normalise(given)
    last = 0
    for i, char in enumerate(found.text):
        start, end = found.span(i, i + 1)
        assert 0 <= start < end <= len(given)
        assert start >= last or char in ".'\"fi"  # characters that one original became share its place
        last = start
        assert normalise(given[start:end]).text.startswith(char) or char in normalise(given[start:end]).text
