"""How far can a crowd be stuffed? p_conflict_crowd as near-copies from new accounts are added, beside as many honest comments.

Run: ``python benchmarks/flood.py``. The clip is invented; the copies are one sentence with a word changed here and there.
"""

from __future__ import annotations

from misread import Clip, Comment, Evidence, load_model, score

HONEST = [
    "they were laughing right after, look at her face",
    "this is so sweet, siblings for life",
    "he hugs her at the end of it",
    "we do this every christmas in my family lol",
    "love these two, best duo",
]
COPY = "wake up people he really hit her and this is a real fight"
SPICE = ["", " smh", " 😡", " for real", " honestly", " guys", " again", " wow"]
HOSTILE = ["he shoved her hard", "she is crying, this is awful"]
STATEMENT = "Their lawyer said the two had been friends for years and that nobody was hurt or angry"


def copies(n: int) -> list[str]:
    return [f"{COPY}{SPICE[i % len(SPICE)]}{'!' * (i % 4)}" for i in range(n)]


def crowd(texts: list[str]) -> Clip:
    comments = tuple(Comment(comment_id=str(i), text=text, author=f"@user{i}") for i, text in enumerate(texts))
    return Clip(clip_id="flood", caption="brother and sister at the table", comments=comments)


def main() -> None:
    model = load_model()
    print(f"{'five honest comments':<44}{score(model, crowd(HONEST)).p_conflict_crowd:.3f}")
    print(f"{'and two hostile ones, honestly meant':<44}{score(model, crowd(HONEST + HOSTILE)).p_conflict_crowd:.3f}")
    for n in (1, 2, 5, 20, 100, 500):
        print(f"{f'and {n} near-copies from {n} new accounts':<44}{score(model, crowd(HONEST + copies(n))).p_conflict_crowd:.3f}")
    for n in (1, 2, 5, 20):
        items = tuple(Evidence(evidence_id=str(i), kind="news_report", text=STATEMENT + " on Monday" * (i % 2)) for i in range(n))
        effect = score(model, Clip(clip_id="echo", caption="what a scene", evidence=items)).parts.evidence
        print(f"{f'{n} outlets repeating one statement':<44}{effect:+.3f} log-odds")


if __name__ == "__main__":
    main()
