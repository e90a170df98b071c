"""The model trained and measured without each of its parts: what each is worth.

Run: ``python benchmarks/ablation.py [--share 0.5] [--jobs 1]``. A share of the training events (drawn as in the learning curve) keeps it
short. The frozen base reader stays as it is but where it is left out itself. Each row is measured on the calibrate split, so that the test
split stays for reporting; calibration itself (two numbers) is fitted there, for every row alike. Differences to the whole come with a
paired bootstrap interval over events.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from scipy import sparse

sys.path.insert(0, str(Path(__file__).resolve().parent))
from learning_curve import REPOSITORY, SEED, part

from misread.corpus.read import Corpus, read_corpus
from misread.model.evidence import Scene
from misread.model.reader import OWN_ROLES
from misread.records import Evidence
from misread.scoring import score
from misread.training import base, matrix, metrics, save
from misread.training.fit import learn
from misread.training.keyed import Keyed

NOTHING: frozenset[str] = frozenset()
Change = Callable[[dict[str, np.ndarray]], None]


@contextmanager
def without(*changes: tuple[str, object]) -> Iterator[None]:
    """The parts named by dotted paths replaced for a while."""
    matrix.lexicon.cache_clear()
    base.tone.cache_clear()
    with ExitStack() as stack:
        for path, value in changes:
            stack.enter_context(patch(path, value))
        yield
    matrix.lexicon.cache_clear()
    base.tone.cache_clear()


def apart(texts: list[str], *_: object, **__: object) -> list[int]:
    return list(range(len(texts)))


def from_words_alone(item: Evidence, score: float, around: Scene) -> tuple[float, float, float]:
    return score, 0.0, 0.0


def evened(name: str, of: slice = slice(None)) -> Change:
    """One array of the model with the same numbers for every kind of evidence."""

    def change(arrays: dict[str, np.ndarray]) -> None:
        arrays[name] = arrays[name].copy()
        arrays[name][of] = arrays[name][of].mean(axis=0)

    return change


PARTS: dict[str, tuple[tuple[str, object], ...]] = {
    "the whole": (),
    "word vectors": (("misread.training.base.VECTORS_WEIGHT", 0.0),),
    "tone and lexicon": (("misread.training.base.tone", lambda: Keyed(np.zeros(1, np.uint32), sparse.csr_matrix((1, 1)))),),
    "the floor under mood": (("misread.training.fit.MOOD_FLOOR", 0.0),),
    "words of evidence and of the clip's own texts apart": (("misread.training.matrix.OWN_WEIGHT", 0.0),),
    "named cues": (("misread.text.features.BY_WORD", {}),),
    "pairs of cues": (("misread.text.features._add_cue_pairs", lambda *_: None),),
    "what an item shares with the clip": tuple(
        (f"misread.{room}.relevance_features", from_words_alone) for room in ("training.parts", "model.evidence")
    ),
    "negation and distance": tuple((f"misread.text.features.{n}", NOTHING) for n in ("NEGATION", "DISTANCE", "CONTRAST")),
    "copies counting once": (("misread.model.crowd.clusters", apart), ("misread.model.evidence.clusters", apart)),
}


def log_losses(corpus: Corpus, n_jobs: int, changes: tuple[tuple[str, object], ...], change: Change | None = None) -> np.ndarray:
    """Of every clip of the calibrate split."""
    with without(*changes):
        learnt = learn(corpus, SEED, n_jobs)
        if change is not None:
            change(learnt.arrays)
        model, _ = save.assemble(learnt, "ablation", SEED, corpus.sha256, {})
        clips = corpus.split("calibrate")
        p = [score(model, clip).p_conflict for clip in clips]
    return np.array([-math.log(q if c.label == "conflict" else 1 - q) for q, c in zip(p, clips, strict=True)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    corpus = part(read_corpus([REPOSITORY / "data" / "corpus", REPOSITORY / "data" / "statements"]), given.share)
    events = [c.event for c in corpus.split("calibrate")]
    bare = Corpus(corpus.clips, (), corpus.splits, corpus.sha256)
    runs: dict[str, Callable[[], np.ndarray]] = {
        name: lambda changes=changes: log_losses(corpus, given.jobs, changes) for name, changes in PARTS.items()
    }
    runs["trust of its own for each kind"] = lambda: log_losses(corpus, given.jobs, (), evened("trust"))
    runs["bias of its own for each kind"] = lambda: log_losses(corpus, given.jobs, (), evened("reader.bias", slice(len(OWN_ROLES), None)))
    runs["single statements"] = lambda: log_losses(bare, given.jobs, ())
    whole = np.zeros(0)
    for name, run in runs.items():
        losses = run()
        whole = losses if not len(whole) else whole
        worse = metrics.estimate(lambda rows, d=losses - whole: float(np.mean(d[rows])), events, SEED)
        print(f"{name if name == 'the whole' else 'without ' + name:<60} log loss {losses.mean():.3f}, worse by {worse}", flush=True)


if __name__ == "__main__":
    main()
