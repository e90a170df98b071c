"""Subtitles that stand inline."""

import pytest

from misread.formats.subtitles import transcript, words

VTT = """WEBVTT
Kind: captions

STYLE
::cue { color: white }

NOTE not spoken
on two lines

intro
00:00:01.000 --> 00:00:02.000 align:start
<00:00:01.200><c> you</c> were &lt;never&gt; offside

00:00:02.000 --> 00:00:03.000
{\\an8}- says who

00:00:03.000 --> 00:00:04.000
- says who
- I do
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>3</i> times\r\n42 of them\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nyes\r\n"
JSON3 = (
    '{"events": [{"tStartMs": 0}, {"segs": [{"utf8": "you "}, {"utf8": "were"}]}, '
    '{"segs": [{"utf8": "\\n"}]}, {"segs": [{"utf8": "off"}]}]}'
)


@pytest.mark.parametrize(
    ("data", "spoken"),
    [
        (VTT, "you were <never> offside - says who - says who - I do"),
        ("\ufeff" + SRT, "3 times 42 of them yes"),
        (JSON3, "you were off"),
        ("WEBVTT", ""),
        ("", ""),
        ("<tt><p>ttml is not read</p></tt>", ""),
        ('{"events": 3}', ""),
        ('{"events": [3, {"segs": {}}, {"segs": [{"utf8": 3}, null]}]}', ""),
        ("{broken", ""),
    ],
)
def test_only_what_is_spoken_is_kept(data: str, spoken: str) -> None:
    assert words(data) == spoken.replace("- says who - says who", "- says who")


def test_one_track_is_taken_the_one_asked_for_first() -> None:
    def track(text: str) -> str:
        return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n"

    info = {"subtitles": {"de": [{"data": track("nein")}], "en-GB": [{"data": track("no")}], "live_chat": [{"data": track("chat")}]}}
    assert transcript(info) == "no"
    assert transcript({**info, "language": "de"}) == "nein"
    assert transcript({**info, "requested_subtitles": {"fr": {"ext": "vtt", "data": track("non")}}}) == "non"
    assert transcript({"subtitles": {"live_chat": [{"data": track("chat")}]}}) is None
    assert transcript({"subtitles": {"en": [{"url": "https://media.example/en.vtt"}]}}) is None


@pytest.mark.parametrize("odd", [None, 3, [], {"en": None}, {"en": 3}, {"en": [None, 3, {"data": 3}]}, {"en": {"data": None}}])
def test_odd_types_are_no_subtitles(odd: object) -> None:
    assert transcript({"subtitles": odd, "requested_subtitles": odd, "language": 3}) is None
