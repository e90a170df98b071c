"""What a reading has to beat: simple answers to the same question, fitted on the train split where they learn anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from threadpoolctl import threadpool_limits

from misread.records import Clip, Verdict

Floats = npt.NDArray[np.float64]


def all_text(clip: Clip) -> str:
    """Every text of a clip in one.

    Examples
    --------
    >>> all_text(Clip(clip_id="1", caption="a", transcript="b"))
    'a\\nb'
    """
    parts = [clip.caption, clip.transcript or "", *(c.text for c in clip.comments), *(e.text for e in clip.evidence)]
    return "\n".join(part for part in parts if part)


def p_conflict(train: Sequence[Clip], test: Sequence[Clip], verdicts: Sequence[Verdict], seed: int) -> dict[str, Floats]:
    """Each baseline's ``p_conflict`` for the test clips.

    Parameters
    ----------
    train
        Labelled clips to learn from.
    test
        Clips to answer for.
    verdicts
        misread's verdicts on ``test``: the majority of evidence uses their readings of each item, as there is no gold to look at.
    seed
        Of the solvers.

    Returns
    -------
    dict
        Name → array of shape (len(test),).
    """
    y = np.array([c.label == "conflict" for c in train])
    share = float(y.mean())
    first = {
        reading: float(np.mean([float(c.label == "conflict") for c in train if c.first_impression == reading] or [share]))
        for reading in ("conflict", "friendly", None)
    }
    with threadpool_limits(1):  # the last digits depend on the number of threads
        tfidf = make_pipeline(grams(), LogisticRegression(C=10, max_iter=1000, random_state=seed)).fit([all_text(c) for c in train], y)
    return {
        "prior": np.full(len(test), share),
        "VADER over everything": _vader(train, test, y, seed),
        "TF-IDF + logistic regression, all text": tfidf.predict_proba([all_text(c) for c in test])[:, 1],
        "first impression as verdict (gold)": np.array([first[c.first_impression] for c in test]),
        "majority of evidence": _majority(verdicts, share),
    }


def grams() -> FeatureUnion:
    """Words and word pairs, and n-grams of 2 to 5 characters within words, weighted by TF-IDF.

    Examples
    --------
    >>> grams().fit_transform(["they hugged"] * 5).shape[0]
    5
    """
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True),
    )


def _vader(train: Sequence[Clip], test: Sequence[Clip], y: npt.NDArray[np.bool_], seed: int) -> Floats:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    read = SentimentIntensityAnalyzer().polarity_scores

    def compound(clips: Sequence[Clip]) -> Floats:
        texts = [[c.caption, c.transcript or "", *(m.text for m in c.comments), *(e.text for e in c.evidence)] for c in clips]
        return np.array([[float(np.mean([read(t)["compound"] for t in parts if t] or [0.0]))] for parts in texts])

    return np.asarray(LogisticRegression(random_state=seed).fit(compound(train), y).predict_proba(compound(test))[:, 1])


def _majority(verdicts: Sequence[Verdict], share: float) -> Floats:
    out = []
    for verdict in verdicts:
        sides = [e.stance for e in verdict.evidence if e.stance != "neutral"]
        n_conflict = sides.count("conflict")
        out.append((n_conflict + share) / (len(sides) + 1))
    return np.array(out)
