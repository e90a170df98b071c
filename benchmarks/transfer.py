"""Does the reader read text that nobody here wrote? AUROC of a caption alone on real posts, conflict-like against friendly-like.

Run: ``python benchmarks/transfer.py TONE_DEV [--train GOEMOTIONS_TRAIN] [--model DIR …]``. TONE_DEV is a file of JSON Lines with ``task``,
``text`` and ``label`` (conflict, friendly); none of it is in this repository. Baselines beside it in the same run: VADER untrained, and
TF-IDF + logistic regression trained on GoEmotions, angry against warm, where that file is given. Intervals: bootstrap over texts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from misread import Clip, load_model, score
from misread.training.base import read_tone
from misread.training.metrics import auroc, estimate

SEED = 20230912
Read = Callable[[list[str]], np.ndarray]


def misread_reader(folder: Path | None) -> Read:
    model = load_model(folder)
    return lambda texts: np.array([score(model, Clip(clip_id="1", caption=text)).logit for text in texts])


def vader(texts: list[str]) -> np.ndarray:
    read = SentimentIntensityAnalyzer().polarity_scores
    return np.array([-read(text)["compound"] for text in texts])


def tfidf(train: Path) -> Read:
    texts, angry = read_tone(train)
    grams = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True),
    )
    fitted = make_pipeline(grams, LogisticRegression(C=4, max_iter=500, random_state=SEED)).fit(texts, angry)
    return lambda tested: fitted.decision_function(tested)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tone", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--model", type=Path, action="append")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.tone.read_bytes().splitlines()]
    readers = {f"misread {folder or 'default'}": misread_reader(folder) for folder in given.model or [None]}
    readers["VADER"] = vader
    if given.train:
        readers["TF-IDF + LR on GoEmotions"] = tfidf(given.train)
    for task in sorted({row["task"] for row in rows}):
        texts = [row["text"] for row in rows if row["task"] == task]
        y = np.array([float(row["label"] == "conflict") for row in rows if row["task"] == task])
        for name, read in readers.items():
            p = read(texts)
            figure = estimate(lambda drawn, p=p, y=y: auroc(p[drawn], y[drawn]), [str(i) for i in range(len(y))], SEED, 200)
            print(f"{task:<26}{name:<30}{figure}", flush=True)


if __name__ == "__main__":
    main()
