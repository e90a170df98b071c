"""How a terminal is written to: width, colour, and text that cannot take the terminal over."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

_WIDTH = 88
_CODES = {"bold": "1", "dim": "2", "conflict": "31", "friendly": "32", "unsure": "33", "mark": "4"}
# C0 and C1 controls, and the direction overrides with which a text can pretend to be another one
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Style:
    """Width in columns, and whether colour and non-ASCII bars may be used."""

    width: int = 80
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, *names: str) -> str:
        """``text`` in the named styles, or as it is where there is no colour.

        Examples
        --------
        >>> Style().paint("friendly", "bold", "friendly")
        'friendly'
        """
        if not self.colour or not names or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"


def style_for(stream: TextIO, environ: Mapping[str, str] | None = None) -> Style:
    """The style that suits a stream: no colour without a terminal or with ``NO_COLOR``; ``COLUMNS`` is heeded.

    Parameters
    ----------
    stream
        Where the text goes.
    environ
        Default: the process's environment.
    """
    env = os.environ if environ is None else environ
    tty = stream.isatty()
    forced = bool(env.get("FORCE_COLOR"))
    colour = (tty or forced) and not env.get("NO_COLOR") and env.get("TERM") != "dumb"
    width = _columns(stream, env)
    encoding = (getattr(stream, "encoding", None) or "ascii").lower()
    return Style(max(30, min(width, 110)), colour, encoding.startswith("utf"))


def _columns(stream: TextIO, env: Mapping[str, str]) -> int:
    """As ``shutil.get_terminal_size`` has it, whose import would cost more than all the rest of this room."""
    if (given := env.get("COLUMNS", "")).isdigit() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH if stream.isatty() else _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def safe(text: str) -> str:
    """A text on one line that no terminal will obey: controls and direction overrides become spaces.

    Examples
    --------
    >>> safe("red \\x1b[31m alert\\n\\u202eevil")
    'red  [31m alert  evil'
    """
    return _UNSAFE.sub(" ", text)


def columns(text: str) -> int:
    """How many terminal columns a text takes: wide and emoji characters two, combining ones none.

    Examples
    --------
    >>> columns("ab"), columns("漢😂"), columns("e\\u0301")
    (2, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) or c in "\u200d\ufe0f" else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most ``width`` columns, broken at spaces, a longer word broken anywhere.

    Examples
    --------
    >>> wrap("one two three", 10, "  ")
    ['  one two', '  three']
    """
    room = max(8, width - columns(indent))
    lines: list[str] = []
    line = ""
    for word in text.split():
        while columns(word) > room:
            head = _fitting(word, room)
            lines.extend([line] if line else [])
            lines.append(head)
            line, word = "", word[len(head) :]
        joined = f"{line} {word}" if line else word
        if columns(joined) > room:
            lines.append(line)
            line = word
        else:
            line = joined
    return [indent + part for part in [*lines, line] if part]


def _fitting(word: str, room: int) -> str:
    used = 0
    for i, char in enumerate(word):
        used += columns(char)
        if used > room and i:
            return word[:i]
    return word
