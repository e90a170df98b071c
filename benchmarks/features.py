"""How many features does a text have, beside the first reader of the project? Fewer are quicker to read and to learn from.

Run: ``python benchmarks/features.py``. The first reader's code comes out of the git history; where there is none, it is left out. Both
read the same 2,000 texts of the corpus, drawn once. Intervals: bootstrap over texts.
"""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from misread.corpus.read import Corpus, read_corpus
from misread.text import features
from misread.training.metrics import Estimate, estimate

REPOSITORY = Path(__file__).resolve().parent.parent
SEED = 20230912
N_TEXTS = 2000
FIRST = "1414b2c"
_PACKAGE = "first_reader"


def texts_of(corpus: Corpus) -> list[str]:
    """Captions, transcripts, comments and evidence: a draw from all texts of the corpus."""
    found = [
        text
        for clip in corpus.clips
        for text in (clip.caption, clip.transcript or "", *(c.text for c in clip.comments), *(e.text for e in clip.evidence))
        if text
    ]
    return random.Random(SEED).sample(found, min(N_TEXTS, len(found)))


def first_reader() -> Callable[[str], features.Features] | None:
    """`features.read` as it was at the project's start, with the cues and the normal form of that day; None without the git history."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / _PACKAGE
        package.mkdir()
        for name in ("__init__", "normalise", "cues", "features"):
            source = f"{FIRST}:src/misread/text/{name}.py"
            try:
                found = subprocess.run(["git", "-C", str(REPOSITORY), "show", source], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                return None
            # under a name of its own, so that it takes nothing from the package of today
            (package / f"{name}.py").write_bytes(found.stdout.replace(b"misread.text", _PACKAGE.encode()))
        sys.path.insert(0, folder)
        try:
            return importlib.import_module(f"{_PACKAGE}.features").read  # type: ignore[no-any-return]
        finally:
            sys.path.remove(folder)


def measure(corpus: Corpus, n_draws: int) -> dict[str, Estimate]:
    """Mean number of features a text, now and at the start, and how many times as many as at the start."""
    texts = texts_of(corpus)
    each = [str(i) for i in range(len(texts))]
    now = np.array([len(features.read(text).hashes) for text in texts])
    found = {"now": estimate(lambda rows: float(now[rows].mean()), each, SEED, n_draws)}
    if first := first_reader():
        then = np.array([len(first(text).hashes) for text in texts])
        found[f"first reader ({FIRST})"] = estimate(lambda rows: float(then[rows].mean()), each, SEED, n_draws)
        found["now ÷ first reader"] = estimate(lambda rows: float(now[rows].mean() / then[rows].mean()), each, SEED, n_draws)
    return found


def main() -> None:
    found = measure(read_corpus([REPOSITORY / "data" / "corpus"]), 1000)
    for name, figure in found.items():
        print(f"features a text, {name:<28}{figure.value:>8.2f} [{figure.low:.2f}, {figure.high:.2f}] n={figure.n}")
    if len(found) == 1:
        print(f"skipped: the first reader, as there is no git history with {FIRST}")


if __name__ == "__main__":
    main()
