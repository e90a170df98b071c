"""The base reader: what tone tells, learnt once from public text and frozen; every model starts from it.

One weight a hash bucket: log-odds of an angry against a warm comment, from GoEmotions (Demszky et al. 2020, Apache-2.0). The texts are
not in the repository; where they are at hand, ``make reader`` remakes the table: ``python -m misread.training.base FOLDER``.
"""

from __future__ import annotations

import hashlib
import sys
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from misread.errors import InputError, ModelError, Problem
from misread.model.bundle import shipped_folder
from misread.text.features import FEATURE_VERSION
from misread.training import matrix, vectors

Floats = npt.NDArray[np.float64]

FILE = "base.safetensors"
ANGRY = frozenset({"anger", "annoyance", "disapproval", "disgust"})
WARM = frozenset({"admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love"})

#: How much the word vectors are stretched against the ridge; chosen by grouped cross-validation on the training split.
VECTORS_WEIGHT = 0.6

#: Inverse strength of the ridge; chosen on GoEmotions' own dev file.
_C = 4.0
_SEED = 20230912


class _Row(msgspec.Struct, frozen=True):
    text: str
    labels: tuple[str, ...]


@lru_cache(maxsize=1)
def tone_by_bucket() -> Floats:
    """The frozen table, shape (`matrix.N_BUCKETS`,): angry positive.

    Raises
    ------
    ModelError
        If it is missing or was made for other features.
    """
    path = shipped_folder("base") / FILE
    try:
        arrays = load_file(path)
        table = arrays[f"tone.features{FEATURE_VERSION}"].astype(np.float64) * float(arrays["scale"][0])
    except (OSError, KeyError, ValueError) as err:
        raise ModelError(f"{path}: no base reader for feature version {FEATURE_VERSION}; make it with: make reader") from err
    if table.shape != (matrix.N_BUCKETS,):
        raise ModelError(f"{path}: the base reader has {len(table)} buckets, not {matrix.N_BUCKETS}; make it again with: make reader")
    return table


def priors() -> sparse.csr_matrix:
    """Everything known of a bucket before the corpus is read, shape (`matrix.N_BUCKETS`, any): lexicon, tone, word vectors."""
    columns = np.column_stack([matrix.LEXICON_WEIGHT * matrix.lexicon_by_bucket(), tone_by_bucket()])
    return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(columns), VECTORS_WEIGHT * vectors.by_bucket(matrix.N_BUCKETS)]))


def read_tone(path: Path) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Texts that are angry or warm and not both, and whether they are angry.

    Raises
    ------
    InputError
        If a line is no GoEmotions record.
    """
    texts, angry = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = msgspec.json.decode(line, type=_Row)
        except msgspec.MsgspecError as err:
            raise InputError(Problem(str(err), file=str(path), line=number, cure="each line needs text and labels")) from err
        is_angry, is_warm = not ANGRY.isdisjoint(row.labels), not WARM.isdisjoint(row.labels)
        if is_angry != is_warm:
            texts.append(row.text)
            angry.append(is_angry)
    return texts, np.array(angry)


def learn(texts: list[str], angry: npt.NDArray[np.bool_]) -> Floats:
    """Weights of the hashed features beside the lexicon, which is fitted along and left out: it has a column of its own later.

    Parameters
    ----------
    texts, angry
        From `read_tone`.
    """
    raw, weight = matrix.counts(texts)
    used = np.flatnonzero(np.bincount(raw.indices, minlength=matrix.N_BUCKETS) >= 2)
    scaled = raw[:, used] @ sparse.diags(weight[used])
    valence = sparse.csr_matrix((matrix.LEXICON_WEIGHT * (raw @ matrix.lexicon_by_bucket()))[:, None])
    with threadpool_limits(1):
        model = LogisticRegression(C=_C, max_iter=1000, random_state=_SEED)
        model.fit(sparse.csr_matrix(sparse.hstack([scaled, valence])), angry)
    table = np.zeros(matrix.N_BUCKETS)
    table[used] = model.coef_[0][:-1] * weight[used]
    return table


def main(folder: Path) -> None:
    """Remake the shipped table from GoEmotions' ``train.jsonl``."""
    source = folder / "train.jsonl"
    texts, angry = read_tone(source)
    out = shipped_folder("base")
    out.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    about = {"source": "GoEmotions train (Demszky et al. 2020, Apache-2.0)", "sha256": digest, "texts": str(len(texts))}
    table = learn(texts, angry)
    scale = np.abs(table).max() / 127
    arrays = {f"tone.features{FEATURE_VERSION}": np.round(table / scale).astype(np.int8), "scale": np.array([scale], dtype=np.float32)}
    (out / FILE).write_bytes(save(arrays, metadata=about))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
