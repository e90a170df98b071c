"""Does the reader read text that nobody here wrote? AUROC of a caption alone on real posts, conflict-like against friendly-like.

Run: ``python benchmarks/transfer.py TONE_DEV [--train GOEMOTIONS_TRAIN] [--model DIR …]``. TONE_DEV is a file of JSON Lines with ``task``,
``text`` and ``label`` (conflict, friendly); none of it is in this repository. Baselines beside it in the same run: VADER untrained, and
those of ``rivals.py`` trained on GoEmotions, angry against warm, where that file is given. Intervals: bootstrap over texts.
``benchmarks/reader.py`` has the same figures beside all others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rivals import RIVALS, SEED, Read, untaught

from misread import Clip, load_model, score
from misread.model.bundle import Model
from misread.training.base import read_tone
from misread.training.metrics import Estimate, auroc, estimate


def of_model(model: Model) -> Read:
    """The caption's log-odds: in the order of ``p_conflict``, and without ties near 0 and 1."""
    return lambda texts: np.array([score(model, Clip(clip_id="1", caption=text)).logit for text in texts])


def of_rivals(train: Path | None) -> dict[str, Read]:
    """The rivals, taught with GoEmotions; without it, the one that needs no teaching."""
    texts, angry = read_tone(train) if train else ([], np.zeros(0))
    return {name: teach(texts, angry) for name, teach in RIVALS.items() if train or teach is untaught}


def measure(tone: Path, readers: dict[str, Read], n_draws: int) -> Iterator[tuple[str, dict[str, Estimate]]]:
    """Each task of a file, and its AUROC by reader."""
    rows = [json.loads(line) for line in tone.read_bytes().splitlines()]
    for task in sorted({row["task"] for row in rows}):
        texts = [row["text"] for row in rows if row["task"] == task]
        y = np.array([float(row["label"] == "conflict") for row in rows if row["task"] == task])
        each = [str(i) for i in range(len(y))]
        said = {name: read(texts) for name, read in readers.items()}
        yield task, {name: estimate(lambda drawn, p=p, y=y: auroc(p[drawn], y[drawn]), each, SEED, n_draws) for name, p in said.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tone", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--model", type=Path, action="append")
    given = parser.parse_args()
    readers = {f"misread {folder or 'default'}": of_model(load_model(folder)) for folder in given.model or [None]}
    for task, figures in measure(given.tone, readers | of_rivals(given.train), 200):
        for name, figure in figures.items():
            print(f"{task:<26}{name:<30}{figure}", flush=True)


if __name__ == "__main__":
    main()
