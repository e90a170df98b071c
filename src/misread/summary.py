"""A verdict in one plain paragraph that can be pasted."""

from __future__ import annotations

from collections.abc import Sequence

from misread.records import Clip, Evidence, RankedEvidence

_QUOTE = 140
_LEAST_EFFECT = 0.1


def percent(p: float) -> str:
    """A probability in words that never claim certainty.

    Examples
    --------
    >>> percent(0.923), percent(0.9999), percent(0.001)
    ('92 %', 'over 99 %', 'under 1 %')
    """
    return "over 99 %" if p > 0.99 else "under 1 %" if p < 0.01 else f"{100 * p:.0f} %"


def quote(text: str, length: int = _QUOTE) -> str:
    """A text on one line, cut at a word, in quotation marks.

    Examples
    --------
    >>> quote("I just talk with my hands. lol")
    '“I just talk with my hands. lol”'
    """
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(flat) > length:
        flat = flat[:length].rsplit(" ", 1)[0] + " …"
    return f"“{flat}”"


def kind_words(kind: str) -> str:
    """A kind of evidence as people say it.

    Examples
    --------
    >>> kind_words("follow_up_post")
    'follow-up post'
    """
    return {"follow_up_post": "follow-up post", "other": "other item"}.get(kind, kind.replace("_", " "))


def summarise(clip: Clip, verdict: str, p_conflict: float, p_crowd: float, ranked: Sequence[RankedEvidence], reason: str | None) -> str:
    """Verdict, how sure, the crowd, and the two items that count most for and against.

    Parameters
    ----------
    clip
        The clip as it was scored.
    verdict, p_conflict, p_crowd, ranked, reason
        As in `Verdict`.
    """
    likelier = "conflict" if p_conflict >= 0.5 else "friendly"
    sure = percent(max(p_conflict, 1 - p_conflict))
    if reason == "no_signal":
        return "Unsure: there is nothing here to read."
    if reason in ("language", "unlike_training"):
        return "Unsure: this is in no language that is read here." if reason == "language" else "Unsure: hardly a word here is known."
    if verdict == "unsure":
        sentences = [f"Unsure: {likelier} is the likelier reading, but only at {sure}."]
    else:
        sentences = [f"Most likely {'a conflict' if verdict == 'conflict' else 'friendly'} ({sure} sure)."]
    sentences.append(_crowd_sentence(p_conflict, p_crowd, verdict))
    items = {e.evidence_id: e for e in clip.evidence}
    sign = 1 if likelier == "conflict" else -1
    favour = [r for r in ranked if r.effect * sign > _LEAST_EFFECT]
    against = [r for r in reversed(ranked) if r.effect * sign < -_LEAST_EFFECT]
    for opening, found in (("Speaking most for it:", favour[:2]), ("Against it:", against[:2])):
        if found:
            sentences.append(f"{opening} {'; '.join(_item(items[r.evidence_id]) for r in found)}.")
    if not ranked:
        sentences.append("There was no evidence to weigh besides the clip and its crowd.")
    return " ".join(sentences)


def _crowd_sentence(p_conflict: float, p_crowd: float, verdict: str) -> str:
    crowd = "a conflict" if p_crowd >= 0.5 else "friendly"
    text = f"The crowd's reading: {crowd} ({percent(max(p_crowd, 1 - p_crowd))})"
    if verdict == "unsure":
        return text + "."
    return text + (", which seems a misreading." if (p_conflict >= 0.5) != (p_crowd >= 0.5) else ", which agrees.")


def _item(item: Evidence) -> str:
    named = item.author and not item.author.startswith("h:")  # a hash is nobody's name
    author = f" by {' '.join((item.author or '').split())}" if named else ""
    return f"{kind_words(item.kind)}{author}, {quote(item.text)}"
