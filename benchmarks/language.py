"""How often is English taken for another language? False alarms of both tests: small words (the default) and ``--langid``.

Run: ``python benchmarks/language.py [TEXTS …]``. Measured on the corpus's train split, as whole clips and text by text, and on files of
JSON Lines with ``text``, none of which is in this repository; on what has at least 20 letters. Whatever is not English in there (the
corpus has lines of other languages on purpose) counts as an alarm too, so the shares are upper bounds.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from misread import Clip
from misread.corpus.read import read_corpus
from misread.text import features
from misread.text.language import is_foreign, is_foreign_by_langid, langid_version

CORPUS = Path(__file__).resolve().parent.parent / "data" / "corpus"
LEAST_LETTERS = 20


def texts_of(clip: Clip) -> list[str]:
    return [clip.caption, clip.transcript or "", *(c.text for c in clip.comments), *(e.text for e in clip.evidence)]


def by_small_words(texts: list[str]) -> bool:
    words = [token.text for text in texts for token in features.read(text).tokens if token.text[0].isalpha()]
    return is_foreign(words, "".join(words))


def by_langid(texts: list[str]) -> bool:
    """As `misread.model.reading` asks: where there is too little to identify, small words decide."""
    found = is_foreign_by_langid(texts)
    return by_small_words(texts) if found is None else found


def report(name: str, items: list[list[str]]) -> None:
    long = [texts for texts in items if sum(map(str.isalpha, "".join(texts))) >= LEAST_LETTERS]
    cheap = sum(map(by_small_words, long))
    identified = sum(map(by_langid, long))
    shares = f"small words {cheap:>4} ({cheap / len(long):.2%})   py3langid {identified:>4} ({identified / len(long):.2%})"
    print(f"{name:<34}n={len(long):<7}{shares}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, nargs="*")
    given = parser.parse_args()
    if missing := [str(path) for path in given.texts if not path.is_file()]:
        print(f"language.py: no such file: {', '.join(missing)}", file=sys.stderr)
        raise SystemExit(2)
    clips = [texts_of(clip) for clip in read_corpus([CORPUS]).split("train")]
    print(f"Taken for another language than English; py3langid {langid_version()}")
    report("corpus, train: whole clips", clips)
    report("corpus, train: single texts", [[text] for texts in clips for text in texts])
    for path in given.texts:
        rows = [json.loads(line) for line in path.read_bytes().splitlines()]
        report("/".join(path.parts[-2:]), [[row["text"]] for row in rows])


if __name__ == "__main__":
    main()
