"""The cues on what the shipped reader says: a text with and without the cue, and the side that the reading should move to.

Three invented pairs a cue, and what is asserted is the mean of the three, for one text's words say other things too: pairs that go the
wrong way are kept. A cue that does not move the shipped reader as it should is not here but in docs/reader.md.
"""

from collections.abc import Callable
from zlib import crc32

import pytest

from misread.model.bundle import Model
from misread.model.reader import TextReading
from misread.text.cues import CUES

#: How far the mean reading must move, in stance (from -1, friendly, to 1, conflict).
LEAST = 0.05

Pairs = list[tuple[str, str, str]]


def to_conflict(plain: TextReading, marked: TextReading) -> float:
    return marked.stance - plain.stance


def to_friendly(plain: TextReading, marked: TextReading) -> float:
    return plain.stance - marked.stance


def away(plain: TextReading, marked: TextReading) -> float:
    """How far the mark draws a reading from the side that it is on without."""
    return (plain.stance - marked.stance) * (1 if plain.stance > 0 else -1)


#: cue or scope list → where the reading should go; role, the text without, the text with.
EFFECTS: dict[str, tuple[Callable[[TextReading, TextReading], float], Pairs]] = {
    "hedge": (
        away,
        [
            ("comment", "he hates her", "maybe he hates her"),
            ("comment", "they are angry with each other", "they are probably angry with each other"),
            ("eyewitness", "he hit her", "he possibly hit her"),
        ],
    ),
    "laughter": (
        to_friendly,
        [
            ("caption", "he shoved her", "he shoved her 😂"),
            ("comment", "she slapped him", "she slapped him lol"),
            ("eyewitness", "he grabbed her bag", "he grabbed her bag, both laughing"),
        ],
    ),
    "play": (
        to_friendly,
        [
            ("comment", "he yelled at her", "it is a bit, he yelled at her"),
            ("eyewitness", "he yelled at her on stage", "he yelled at her on stage, it was scripted"),
            ("participant_statement", "she insulted him", "she was teasing, she insulted him"),
        ],
    ),
    "sanction": (
        to_conflict,
        [
            ("official_statement", "the two players met after the game", "the two players were fined after the game"),
            ("news_report", "the driver left the track", "the driver was suspended and left the track"),
            ("eyewitness", "the man left the shop", "the man was escorted out of the shop"),
        ],
    ),
    "company": (
        to_friendly,
        [
            ("eyewitness", "they left the bar", "they left the bar together"),
            ("eyewitness", "they left the bar", "they hugged and left the bar"),
            ("follow_up_post", "we were in town after the match", "we had dinner in town after the match"),
        ],
    ),
    "attack": (
        to_conflict,
        [
            ("eyewitness", "he walked up to her", "he walked up to her and shoved her"),
            ("caption", "the singer saw the fan", "the singer slapped the fan"),
            ("news_report", "the coach spoke to the referee", "the coach screamed at the referee"),
        ],
    ),
    "hearsay": (
        away,
        [
            ("comment", "they hate each other", "people say they hate each other"),
            ("eyewitness", "he hit her", "i heard he hit her"),
            ("news_report", "the two argued backstage", "the two argued backstage, according to sources"),
        ],
    ),
    "quotation": (
        away,
        [
            ("comment", "he is a legend", 'he called her "a legend"'),
            ("comment", "they are friends", 'they are "friends"'),
            ("comment", "an apology from the club", "a so called apology from the club"),
        ],
    ),
    "praise": (
        to_friendly,
        [
            ("comment", "what he did to her", "lovely what he did to her"),
            ("comment", "he helped the driver", "what a legend, he helped the driver"),
            ("caption", "the captain after the match", "the captain after the match, brilliant"),
        ],
    ),
    "irony": (
        away,
        [
            ("comment", "he is great", "he is great 🙄"),
            ("comment", "great friends", "yeah right great friends"),
            ("comment", "they love each other", "oh sure they love each other"),
        ],
    ),
    "attack and laughter": (
        to_friendly,
        [
            ("caption", "she punched him", "she punched him 😂"),
            ("comment", "he kicked his team mate", "he kicked his team mate haha"),
            ("eyewitness", "she pushed him off the sofa", "she pushed him off the sofa and they giggled"),
        ],
    ),
    "NEGATION": (
        away,
        [
            ("comment", "they are fighting", "they are not fighting"),
            ("comment", "they love each other", "they do not love each other"),
            ("eyewitness", "he hit her", "he never hit her"),
        ],
    ),
    "CLAUSE_END": (
        to_conflict,
        [
            ("eyewitness", "it was not planned and he hit her", "it was not planned because he hit her"),
            ("comment", "never mind the cameras she slapped him", "never mind the cameras but she slapped him"),
            ("eyewitness", "they did not speak and he shoved her", "they did not speak then he shoved her"),
        ],
    ),
    "DISTANCE": (
        away,
        [
            ("comment", "they are fighting", "it looks like they are fighting"),
            ("eyewitness", "he attacked her", "he pretended he attacked her"),
            ("comment", "they are enemies", "everyone thinks they are enemies"),
        ],
    ),
    "CONTRAST": (
        to_conflict,
        [
            ("eyewitness", "they smiled for the cameras and she hit him", "they smiled for the cameras but she hit him"),
            ("eyewitness", "they shook hands and he threatened him", "they shook hands, however he threatened him"),
            ("comment", "they look like friends and they hate each other", "they look like friends but they hate each other"),
        ],
    ),
}


#: Three pairs of each were tried too, and the shipped reader did not move as it should (docs/reader.md, "What it does not do").
UNSEEN = {"repair", "question", "conditional", "intensifier", "correction"}


def test_every_cue_is_either_shown_or_said_not_to_show() -> None:
    scopes = {"NEGATION", "CLAUSE_END", "DISTANCE", "CONTRAST"}
    assert EFFECTS.keys() | UNSEEN == CUES.keys() | scopes | {"attack and laughter"}
    assert not EFFECTS.keys() & UNSEEN


@pytest.mark.parametrize("name", EFFECTS)
def test_the_shipped_reader_moves_the_way_of(name: str, model: Model) -> None:
    way, pairs = EFFECTS[name]
    moved = [way(model.reader.read(plain, role), model.reader.read(marked, role)) for role, plain, marked in pairs]
    assert sum(moved) / len(moved) > LEAST, moved


def test_blows_and_laughter_together_say_more_than_each_alone(model: Model) -> None:
    found = model.reader.read("she punched him 😂", "caption")
    pair = crc32(b"qq:attack|laughter")
    assert next(share for share, crc in zip(found.shares, found.source.hashes, strict=True) if crc == pair) < 0
