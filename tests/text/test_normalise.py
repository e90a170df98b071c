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
        ("they f1ght, a$$hole, l33t", "they fight, asshole, leet"),
        ("3pm, 24h, mp3, covid19, 2nd, 10k", "3pm, 24h, mp3, covid19, 2nd, 10k"),
        ("real f i g h t here", "real fight here"),
        ("F.I.G.H.T", "fight"),
        ("U.S.A. a b c", "u.s.a. a b c"),
        ("👋🏽 ❤️", "👋 ❤"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_people_read_it(given: str, read: str) -> None:
    assert normalise(given).text == read


@pytest.mark.parametrize("given", ["fіght", "f\u200bight", "f1ght", "f i g h t", "f-i-g-h-t"])
def test_hidden_words_are_noticed(given: str) -> None:
    assert normalise(given).obfuscated


@pytest.mark.parametrize(
    "given", ["fight", "бой", "👩\u200d👩\u200d👧 family", "naïve café", "They’re ok", "at 3pm in the U.S.A., 24h", "nooooo"]
)
def test_honest_texts_are_not_called_obfuscated(given: str) -> None:
    assert not normalise(given).obfuscated


@pytest.mark.parametrize(
    "given",
    ["Noooo WAY he swuuuung", "ﬁght “club” … ok", "x\u200by 😂😂 ＦＵＬＬ", "é\ud800\x00z", "so f i g h t now", "noooo f.i.g.h.t😂"],
)
def test_every_span_leads_back_to_the_characters_it_came_from(given: str) -> None:
    found = normalise(given)
    last = 0
    for i, char in enumerate(found.text):
        start, end = found.span(i, i + 1)
        assert 0 <= start < end <= len(given)
        assert start >= last or char in ".'\"fi"  # characters that one original became share its place
        last = start
        assert normalise(given[start:end]).text.startswith(char) or char in normalise(given[start:end]).text
