"""Verdicts for a terminal: what a person needs to see, in any width, with or without colour."""

from __future__ import annotations

from collections.abc import Sequence

from misread.present.style import Style, columns, safe, wrap
from misread.records import Clip, Comment, Evidence, MovingComment, RankedEvidence, Span, Verdict
from misread.summary import kind_words, percent

_BAR = 9
_FULL_BAR = 2.5
_TEXT = 220
#: Probabilities so near to a half are on neither side, for a person.
_CLOSE = 0.05
#: Columns from which on the headline is written out.
_WIDE = 52

_REASONS = {
    "low_confidence": "less sure than you asked for",
    "no_signal": "there is nothing here to read",
    "language": "this is not in English, which is all that is read here",
    "unlike_training": "hardly a word here is known",
    "conflicting_evidence": "strong evidence on both sides",
    "incomplete_capture": "too few of the comments were captured",
}
_WARNINGS = {
    "partial_capture": "only part of the comments was captured",
    "undated_evidence": "evidence without a date was left out",
    "obfuscated_text": "somebody disguised words in these texts",
    "cut_text": "a text was too long and was read only in part",
}


def render(clip: Clip, verdict: Verdict, style: Style) -> str:
    """One verdict as lines of text, the clip's own words beside it.

    Parameters
    ----------
    clip, verdict
        The clip that was scored and what came out.
    style
        Width, colour, character set.

    Returns
    -------
    str
        Ends in a newline. Nothing in it can steer the terminal, whatever the clip holds.
    """
    lines = [*_headline(verdict, style), ""]
    lines += _texts(clip, verdict, style)
    lines += _evidence(clip, verdict, style)
    lines += ["", *wrap(safe(verdict.summary), style.width)]
    lines += [style.paint(line, "dim") for w in verdict.warnings for line in wrap(f"Note: {_WARNINGS.get(w, w)}.", style.width)]
    text = "\n".join(lines) + "\n"
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _headline(v: Verdict, style: Style) -> list[str]:
    sure = percent(max(v.p_conflict, 1 - v.p_conflict))
    crowd = "conflict" if v.p_conflict_crowd >= 0.5 else "friendly"
    wide = style.width >= _WIDE
    rows = [
        ("verdict", v.verdict.upper(), v.verdict, f"{sure} sure" if v.reason is None else _REASONS.get(v.reason, v.reason)),
        ("crowd's reading" if wide else "crowd", crowd, crowd, percent(max(v.p_conflict_crowd, 1 - v.p_conflict_crowd))),
    ]
    first = 16 if wide else 9
    lines = [f"{style.paint(name.ljust(first), 'dim')}{style.paint(f'{word:<9}', 'bold', look)} {more}" for name, word, look, more in rows]
    if v.verdict != "unsure":
        close = min(abs(p - 0.5) for p in (v.p_conflict, v.p_conflict_crowd)) < _CLOSE
        says = style.paint("YES, the crowd misread it" if wide else "YES", "bold") if v.misread else "no"
        says = "too close to call" if close else says
        lines.append(f"{style.paint('misread?'.ljust(first), 'dim')}{says} ({percent(v.p_misread)})")
    return [style.paint(safe(v.clip_id), "bold"), *lines]


def _texts(clip: Clip, v: Verdict, style: Style) -> list[str]:
    lines: list[str] = []
    for name, text, spans, effect in (
        ("caption", clip.caption, v.caption_words, v.parts.caption),
        ("heard", clip.transcript or "", v.transcript_words, v.parts.transcript),
    ):
        if text:
            lines += _item(f"{_signed(effect)} {name}", text, spans, style)
    comments = {c.comment_id: c for c in clip.comments}
    if v.comments:
        n = len(clip.comments)
        heading = f"The crowd ({n} comment{'s' if n > 1 else ''}), loudest first, + conflict, - friendly"
        lines += ["", *(style.paint(line, "bold") for line in wrap(heading, style.width))]
        for mover in v.comments:
            lines += _comment(comments[mover.comment_id], mover, style)
    return lines


def _comment(comment: Comment, mover: MovingComment, style: Style) -> list[str]:
    likes = f", {comment.likes} like{'s' if comment.likes > 1 else ''}" if comment.likes else ""
    return _item(f"{_signed(mover.effect)} {safe(comment.author or 'someone')}{likes}", comment.text, mover.words, style)


def _evidence(clip: Clip, v: Verdict, style: Style) -> list[str]:
    if not v.evidence:
        return ["", "No evidence to weigh."]
    heading = "Evidence, ranked: what speaks for the verdict first, what speaks against it last"
    lines = ["", *(style.paint(line, "bold") for line in wrap(heading, style.width))]
    items = {e.evidence_id: e for e in clip.evidence}
    for ranked in v.evidence:
        lines += _ranked(items[ranked.evidence_id], ranked, style)
    return [*lines, style.paint("  friendly ◀ │ ▶ conflict" if style.unicode else "  friendly < | > conflict", "dim")]


def _ranked(item: Evidence, ranked: RankedEvidence, style: Style) -> list[str]:
    said = [kind_words(item.kind), safe(item.author or ""), when(item.posted_at)]
    head = f"{ranked.rank}. {bar(ranked.effect, style)} {_signed(ranked.effect)}"
    room = style.width - len(f"{ranked.rank}. ") - 2 * _BAR - 1 - len(" +0.00 ")
    tail = ", ".join(part for part in said if part)
    if columns(tail) <= room:  # the bar is never wrapped: it would lose its place
        return [f"{head} {tail}", *_marked(item.text, ranked.words, style)]
    return [head, *wrap(tail, style.width, "    "), *_marked(item.text, ranked.words, style)]


def when(time: str | None) -> str:
    """A time as people read it: to the minute, in UTC unless it says otherwise.

    Examples
    --------
    >>> when("2023-09-13T06:30:00+00:00"), when("2023-09-13"), when("2023-09-13T06:30:00+02:00"), when(None)
    ('2023-09-13 06:30 UTC', '2023-09-13', '2023-09-13 06:30 +02:00', '')
    """
    if time is None or len(time) <= len("2023-09-13"):
        return time or ""
    offset = "UTC" if time.endswith(("Z", "z", "+00:00")) else time[-6:]
    return f"{time[:10]} {time[11:16]} {offset}"


def _item(head: str, text: str, spans: Sequence[Span], style: Style) -> list[str]:
    return [*wrap(head, style.width), *_marked(text, spans, style)]


def bar(effect: float, style: Style) -> str:
    """A signed bar around a middle line: friendly to the left, conflict to the right; full at 2.5 units of log-odds.

    Examples
    --------
    >>> bar(-5.0, Style(unicode=False)), bar(1.25, Style(unicode=False))
    ('=========|         ', '         |=====    ')
    """
    length = min(_BAR, -int(-abs(effect) / _FULL_BAR * _BAR // 1)) if abs(effect) >= 0.005 else 0
    block, middle = ("█", "│") if style.unicode else ("=", "|")
    left = (block * length if effect < 0 else "").rjust(_BAR)
    right = (block * length if effect > 0 else "").ljust(_BAR)
    return style.paint(left, "friendly") + middle + style.paint(right, "conflict")


def _signed(effect: float) -> str:
    return f"{effect + 0.0:+.2f}"


def _marked(text: str, spans: Sequence[Span], style: Style) -> list[str]:
    """The text, wrapped, with the words that spoke underlined (colour) or in [brackets] (none)."""
    cut = text if len(text) <= _TEXT else text[:_TEXT].rsplit(" ", 1)[0]
    pieces: list[str] = []
    at = 0
    for span in _loudest(spans, len(cut)):
        look = "conflict" if span.effect > 0 else "friendly"
        word = safe(cut[span.start : span.end])
        pieces += [safe(cut[at : span.start]), style.paint(word, "mark", look) if style.colour else f"[{word}]"]
        at = span.end
    pieces.append(safe(cut[at:]))
    whole = "".join(pieces) + (" …" if len(cut) < len(text) else "")
    return wrap(whole, style.width, "    ") if not style.colour else _wrap_painted(whole, style.width)


def _loudest(spans: Sequence[Span], end: int, most: int = 5) -> list[Span]:
    inside = [s for s in spans if s.end <= end]
    return sorted(sorted(inside, key=lambda s: -abs(s.effect))[:most], key=lambda s: s.start)


def _wrap_painted(text: str, width: int) -> list[str]:
    """Wrap a text that holds colour codes, which take no room."""
    lines, line, used = [], "", 0
    for word in text.split():
        size = columns(_plain(word))
        if used and used + 1 + size > width - 4:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + size) if used else (word, size)
    return ["    " + part for part in [*lines, line] if part]


def _plain(word: str) -> str:
    import re

    return re.sub(r"\x1b\[[\d;]*m", "", word)
