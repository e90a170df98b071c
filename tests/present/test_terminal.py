"""A verdict in a terminal: everything a person needs, in any width, and nothing that can steer the terminal."""

import pytest

from misread import Clip, Comment, Evidence, score
from misread.model.bundle import Model
from misread.present.style import Style, columns, safe, wrap
from misread.present.terminal import bar, render

CLIP = Clip(
    clip_id="a",
    caption="she is FURIOUS with him 😂",
    comments=(Comment(comment_id="1", text="they are fighting", author="@x", likes=12),),
    evidence=(
        Evidence(evidence_id="1", kind="follow_up_post", text="We laughed and hugged", author="her", posted_at="2024-01-02T10:00:00Z"),
        Evidence(evidence_id="2", kind="other", text="漢字" * 16),
    ),
)


@pytest.mark.parametrize("width", [30, 40, 88, 110])
@pytest.mark.parametrize("unicode", [True, False])
def test_everything_is_there_and_nothing_is_wider_than_the_terminal(model: Model, width: int, unicode: bool) -> None:
    text = render(CLIP, score(model, CLIP), Style(width, False, unicode))
    assert max(columns(line) for line in text.splitlines()) <= width
    said = " ".join(text.split())
    for part in ("verdict", "misread?", "follow-up post", "2024-01-02 10:00 UTC", "1.", "2.", "conflict"):
        assert part in said
    assert unicode or text.isascii()


def test_colour_adds_codes_and_no_other_letter(model: Model) -> None:
    import re

    verdict = score(model, CLIP)
    plain, coloured = render(CLIP, verdict, Style(88, False)), render(CLIP, verdict, Style(88, True))
    stripped = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert stripped != coloured
    assert stripped.replace(" ", "").replace("\n", "") == plain.translate(str.maketrans("", "", "[]")).replace(" ", "").replace("\n", "")


def test_bars_grow_with_the_effect_to_their_own_side() -> None:
    ascii_style = Style(unicode=False)
    assert bar(0.0, ascii_style) == "         |         "
    lengths = [bar(effect, ascii_style).count("=") for effect in (0.1, 0.5, 1.0, 2.0, 2.5, 9.0)]
    assert lengths == sorted(lengths)
    assert lengths[0] >= 1
    assert bar(-1.0, ascii_style) == bar(1.0, ascii_style)[::-1]


@pytest.mark.parametrize("text", ["\x1b[2J", "a\rb", "\u202eabc\u202c", "\x9b31m", "\ud800"])
def test_no_control_or_override_is_left(text: str) -> None:
    assert all(c.isprintable() or c == " " for c in safe(text))


def test_wrapping_keeps_every_character_in_order() -> None:
    text = "one " + "x" * 50 + " 漢字漢字漢字漢字 two"
    lines = wrap(text, 12, "  ")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= 12 for line in lines)
