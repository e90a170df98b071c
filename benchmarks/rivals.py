"""What the reader is measured against: a word list that learns nothing, and two ordinary classifiers that learn on the spot.

A rival is taught with texts and the share of conflict in each (0 or 1), and gives the function that reads others: how conflict-like each
is, from 0 to 1. Settings were chosen on the corpus's calibrate split and on GoEmotions' dev file, never on what they are measured on.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import stance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from misread import Clip, Evidence
from misread.formats.parse import clip_from, only
from misread.training.baselines import all_text, grams
from misread.training.behaviour import Case, passes
from misread.training.evaluate import captions_that_tell
from misread.training.pairs import Pair

SEED = 20230912
Read = Callable[[Sequence[str]], np.ndarray]
Teach = Callable[[Sequence[str], np.ndarray], Read]
Rates = dict[str, tuple[int, int]]
SIDED = ("conflict", "friendly")

#: Above so many texts the settings for large sets do better (chosen on GoEmotions), below it those for small ones (on the corpus).
MANY = 10_000
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
_CONFLICT = "__label__1"


def untaught(texts: Sequence[str], y: np.ndarray) -> Read:
    """VADER (Hutto & Gilbert 2014), whatever it is given to learn from; its compound score in [-1, 1] turned round, for it has no
    probability to offer."""
    read = SentimentIntensityAnalyzer().polarity_scores
    return lambda tested: np.array([(1 - read(text)["compound"]) / 2 for text in tested])


def tfidf(texts: Sequence[str], y: np.ndarray) -> Read:
    """Words and word pairs, n-grams of 2 to 5 characters within words, logistic regression."""
    with threadpool_limits(1):  # the last digits depend on the number of threads
        head = LogisticRegression(C=4 if len(texts) > MANY else 10, max_iter=500, random_state=SEED)
        fitted = make_pipeline(grams(), head).fit(texts, y)
    return lambda tested: fitted.predict_proba(tested)[:, 1]


def fasttext(texts: Sequence[str], y: np.ndarray) -> Read:
    """fastText (Joulin et al. 2016): words, word pairs and n-grams of 2 to 5 characters in 10 dimensions.

    One thread and a seed, or no two runs agree. The two million rows stay: with one thread fastText 0.9.2 sets the first tenth of its table
    alone, and finds zeros in the rest only where the table is so large (80 MB) that it is fetched fresh from the system; a smaller one lies
    in used memory, and training can end in "Encountered NaN".
    """
    from fasttext import train_supervised

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text("".join(f"__label__{int(side)} {_line(text)}\n" for text, side in zip(texts, y, strict=True)), encoding="utf-8")
        epochs = 5 if len(texts) > MANY else 50
        settings = {"lr": 0.5, "epoch": epochs, "dim": 10, "minn": 2, "maxn": 5, "wordNgrams": 2, "bucket": 2_000_000}
        model = train_supervised(str(file), thread=1, seed=SEED, verbose=0, **settings)

    def read(tested: Sequence[str]) -> np.ndarray:
        said = zip(*model.predict([_line(text) for text in tested], k=2), strict=True) if len(tested) else ()
        # float sums leave a probability up to 0.00001 above 1
        return np.array([min(dict(zip(labels, p, strict=True)).get(_CONFLICT, 0.5), 1.0) for labels, p in said])

    return read


def _line(text: str) -> str:
    """In lower case with signs apart, as fastText's own tutorial prepares texts; it splits at spaces only."""
    return " ".join(_TOKEN.findall(text.lower()))


#: By the name in tables; fastText comes with ``pip install '.[bench]'`` and is left out where it is not installed.
RIVALS: dict[str, Teach] = {"VADER": untaught, "TF-IDF + LR": tfidf}
if find_spec("fasttext"):
    RIVALS["fastText"] = fasttext


@dataclass(frozen=True)
class Asked:
    """What every reader is asked: clips, their items with gold, captions that tell, behaviour cases."""

    clips: list[Clip]
    cases: list[Case]

    @property
    def items(self) -> list[tuple[int, Evidence]]:
        """Each item of evidence with gold, and the position of its clip."""
        return [(i, e) for i, clip in enumerate(self.clips) for e in clip.evidence if e.stance is not None and e.relevance is not None]

    @property
    def telling(self) -> list[Clip]:
        return captions_that_tell(self.clips)


@dataclass(frozen=True)
class Answers:
    """What one reader answers, in the order of `Asked`, conflict positive; None where it has no answer."""

    verdict: np.ndarray
    stance: np.ndarray
    crowd: np.ndarray | None = None
    caption: np.ndarray | None = None
    relevance: np.ndarray | None = None
    effect: np.ndarray | None = None
    passed: Rates = field(default_factory=dict)


def without_evidence(clip: Clip) -> str:
    return all_text(msgspec.structs.replace(clip, evidence=()))


def rates(cases: Sequence[Case], read: Callable[[list[Clip]], Sequence[object]]) -> Rates:
    """Cases passed and asked, by kind and by kind and capability."""
    counted: Rates = {}
    for case in cases:
        clips = [case.clip] if case.clip is not None else case.clips or ()
        passed = passes(case, read([only(clip_from(clip)) for clip in clips]))  # type: ignore[arg-type]
        for name in (case.kind, f"{case.kind}: {case.capability}"):
            n_passed, n = counted.get(name, (0, 0))
            counted[name] = n_passed + passed, n + 1
    return counted


def of_rival(teach: Teach, train: Sequence[Clip], asked: Asked) -> Answers:
    """A rival's answers; relevance cannot be had of one that learns nothing."""

    def taught(pairs: list[tuple[str, bool]]) -> Callable[[Sequence[str]], np.ndarray]:
        return teach([text for text, _ in pairs], np.array([float(side) for _, side in pairs]))

    def by_verdict(clips: list[Clip]) -> list[object]:
        p = verdict([all_text(clip) for clip in clips])
        return [SimpleNamespace(p_conflict=q, verdict=SIDED[int(q < 0.5)]) for q in p]

    items = [e for clip in train for e in clip.evidence if e.relevance is not None]
    texts = [e.text for _, e in asked.items]
    verdict = taught([(all_text(c), c.label == SIDED[0]) for c in train])
    crowd = taught([(without_evidence(c), c.first_impression == SIDED[0]) for c in train if c.first_impression])
    caption = taught([(c.caption, c.label == SIDED[0]) for c in captions_that_tell(train)])
    side = taught([(e.text, e.stance == SIDED[0]) for e in items if e.stance in SIDED])(texts)
    bears = None if teach is untaught else taught([(e.text, (e.relevance or 0) >= 2) for e in items])(texts)
    return Answers(
        verdict=verdict([all_text(c) for c in asked.clips]),
        stance=side,
        crowd=crowd([without_evidence(c) for c in asked.clips]),
        caption=caption([c.caption for c in asked.telling]),
        relevance=bears,
        effect=(2 * side - 1) * (1.0 if bears is None else bears),
        passed=rates(asked.cases, by_verdict),
    )


def stances_of(pairs: list[Pair], teach: Teach) -> dict[str, object]:
    """Another classifier on text and target joined, cross-validated by group: one against the rest, each class as likely as any."""
    labels = sorted({p.label for p in pairs})
    truth = np.array([labels.index(p.label) for p in pairs])
    groups = np.array([p.group for p in pairs])
    texts = np.array([f"{p.text} {p.target}" for p in pairs], dtype=object)
    said = np.zeros(len(pairs), dtype=np.int64)
    for train, held in GroupKFold(min(stance.N_FOLDS, len(set(groups))), shuffle=True, random_state=SEED).split(truth, groups=groups):
        p = [teach(texts[train].tolist(), (truth[train] == k).astype(float))(texts[held].tolist()) for k in range(len(labels))]
        share = np.bincount(truth[train], minlength=len(labels)) / len(train)
        said[held] = (np.column_stack(p) / np.maximum(share, 1e-9)).argmax(axis=1)
    return stance.report(pairs, truth, said, labels)
