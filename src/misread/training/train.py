"""`misread train`: corpus in, measured model folder out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from misread.corpus.read import read_corpus
from misread.model.bundle import Model
from misread.training import cards, save
from misread.training.evaluate import Evaluation, evaluate
from misread.training.fit import learn

SEED = 20230912


def train(
    paths: Sequence[str | Path], out: Path, seed: int = SEED, n_jobs: int = 1, say: Callable[[str], None] = lambda _: None
) -> tuple[Model, Evaluation]:
    """Make a model from labelled files and folders, measure it on the test split, and write its folder.

    Parameters
    ----------
    paths
        Files or folders of labelled clips and of statements.
    out
        Folder to write; its name becomes the model's.
    seed
        Of folds, solvers, bootstrap.
    n_jobs
        Processes; the bytes do not depend on it.
    say
        Told what is being done.

    Raises
    ------
    InputError
        If records are broken or too few.
    """
    corpus = read_corpus(paths).with_splits()  # what is reported must not have been learnt from, splits.csv or not
    learnt = learn(corpus, seed, n_jobs, say)
    trained_on = {"clips to train on": learnt.n_train, "clips to calibrate on": learnt.n_calibrate, "statements": len(corpus.statements)}
    model, arrays = save.assemble(learnt, out.resolve().name, seed, corpus.sha256, trained_on)
    say("measuring on the test split")
    found = evaluate(model, corpus, seed)
    meta = msgspec.structs.replace(model.meta, metrics=found.as_dict())
    model = Model(model.reader, model.ranker, model.fusion, model.crowd, model.trust_sd, meta)
    save.write(out, meta, arrays, cards.render(model))
    return model, found
