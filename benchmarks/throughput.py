"""What reading a text costs: the compiled kernel beside scikit-learn, fastText, VADER and the plain path, in one run.

Run: ``python benchmarks/throughput.py [--data DIR] [--n 1000000] [--rounds 7]``. Texts are made from those of DIR (``goemotions/*.jsonl``,
``tone/*.jsonl``), or from the corpus where there is no DIR: whole texts, some followed by a second one, some by emoji. All readers run in
turn in every round, one thread, CPU time; the slow ones read a share of the texts, and their rate is scaled. Ratios are taken round by
round and quoted as median (lowest to highest).
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rivals import SEED, tfidf, untaught

from misread import load_model
from misread.corpus.read import read_corpus
from misread.model.bundle import Model
from misread.model.compiled import ROLE_CODES, compiled

REPOSITORY = Path(__file__).resolve().parent.parent
KERNEL = "misread, compiled"
EMOJI = "😂 🤣 😭 ❤️ 🙏🏽 💀 🔥 😳 👀 🙄 👋🏻 👩‍👩‍👧".split()
_TAUGHT = 20_000
Run = Callable[[], object]


def material(folder: Path | None) -> tuple[list[str], str]:
    """The texts that others are made from, and where they come from."""
    files = [f for f in sorted(folder.glob("goemotions/*.jsonl")) + sorted(folder.glob("tone/*.jsonl")) if f.is_file()] if folder else []
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    if texts:
        return texts, ", ".join(str(file.relative_to(folder)) for file in files if folder)
    clips = read_corpus([REPOSITORY / "data" / "corpus"]).clips
    return [t for c in clips for t in (c.caption, *(x.text for x in c.comments), *(e.text for e in c.evidence))], "data/corpus"


def made(texts: Sequence[str], n: int) -> list[str]:
    """``n`` texts of a median of some 90 bytes, four in ten with emoji."""
    rng = Random(SEED)
    out = []
    for _ in range(n):
        text = rng.choice(texts)
        if len(text) < 40 or rng.random() < 0.1:
            text += " " + rng.choice(texts)
        if rng.random() < 0.4:
            text += " " + rng.choice(EMOJI) * rng.randint(1, 3)
        out.append(text.replace("\n", " "))
    return out


def fasttext(texts: Sequence[str], y: np.ndarray) -> Callable[[Sequence[str]], object]:
    """fastText alone, its texts made ready before the clock starts; two million rows, as in `rivals.fasttext`, which says why."""
    from fasttext import train_supervised

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text("".join(f"__label__{int(side)} {text}\n" for text, side in zip(texts, y, strict=True)), encoding="utf-8")
        settings = {"lr": 0.5, "epoch": 1, "dim": 10, "minn": 2, "maxn": 5, "wordNgrams": 2, "bucket": 2_000_000}
        model = train_supervised(str(file), thread=1, seed=SEED, verbose=0, **settings)
    return lambda tested: model.predict(list(tested))


def readers(model: Model, texts: list[str]) -> dict[str, tuple[int, Run]]:
    """By name: how many texts are read, and what reads them."""
    n = len(texts)
    array = pa.array(texts, pa.string())
    fast = compiled(model.reader)
    role = ROLE_CODES["comment"]
    tone = fast.read(array[:_TAUGHT], role).scores
    y = (tone[:, 0] > tone[:, 1]).astype(float)
    lowered = [text.lower() for text in texts]
    share = {"scikit-learn TF-IDF + linear": 500, "fastText": 20, "VADER": 250, "misread, plain": 500}
    slow: dict[str, Callable[[Sequence[str]], object]] = {
        "scikit-learn TF-IDF + linear": tfidf(texts[:_TAUGHT], y),
        "fastText": fasttext(lowered[:_TAUGHT], y),
        "VADER": untaught([], y),
        "misread, plain": lambda tested: [model.reader.read(text, "comment") for text in tested],
    }
    found: dict[str, tuple[int, Run]] = {KERNEL: (n, lambda: fast.read(array, role))}
    for name, read in slow.items():
        part = (lowered if name == "fastText" else texts)[-max(n // share[name], 500) :]
        found[name] = (len(part), lambda read=read, part=part: read(part))
    return found


def measured(runs: dict[str, tuple[int, Run]], n_rounds: int) -> dict[str, list[float]]:
    """CPU seconds a text, round by round."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for i in range(n_rounds + 1):
        for name, (n, run) in runs.items():
            start = time.process_time()
            run()
            if i:  # the first round warms up
                seconds[name].append((time.process_time() - start) / n)
    return seconds


def spread(values: Sequence[float], digits: int = 2) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def agreement(model: Model, texts: Sequence[str]) -> float:
    """The largest difference between plain and compiled, in log-odds."""
    found = compiled(model.reader).read(pa.array(texts, pa.string()), ROLE_CODES["comment"]).scores
    plain = np.array([model.reader.read(text, "comment").scores for text in texts])
    return float(abs(found - plain).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    found, source = material(asked.data)
    texts = made(found, asked.n)
    sizes = [len(text.encode()) for text in texts]
    n_emoji = sum(any(emoji in text for emoji in EMOJI) for text in texts)
    print(f"{len(texts):,} texts from {len(found):,} of {source}")
    print(f"median {statistics.median(sizes):.0f} bytes, {n_emoji / len(texts):.0%} with emoji")
    packages = ("numba", "numpy", "pyarrow", "scikit-learn", "fasttext-numpy2-wheel", "vaderSentiment")
    print(platform.machine(), f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages), sep=", ")
    model = load_model()
    with threadpool_limits(1):
        runs = readers(model, texts)
        seconds = measured(runs, asked.rounds)
    print(f"\n{'one thread, CPU time, ' + str(asked.rounds) + ' rounds':36}{'texts read':>12}  {'µs a text':26}{'times the kernel'}")
    for name, (n, _) in runs.items():
        ratios = [other / kernel for other, kernel in zip(seconds[name], seconds[KERNEL], strict=True)]
        print(f"{name:36}{n:>12,}  {spread([1e6 * s for s in seconds[name]]):26}{'' if name == KERNEL else spread(ratios, 1)}")
    print(f"\nlargest difference between plain and compiled on 5,000 of them: {agreement(model, texts[:5000]):.1e} in log-odds")


if __name__ == "__main__":
    main()
