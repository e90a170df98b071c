"""The base reader: what tone tells, learnt once from public text and frozen; every model starts from it.

Log-odds of an angry against a warm comment, from GoEmotions (Demszky et al. 2020, Apache-2.0), over hashed features and word vectors,
and VADER's lexicon beside them at a fixed weight. The texts are not in the repository; where they are at hand, ``make reader`` remakes
the file: ``python -m misread.training.base FOLDER``.
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
_C = 1.0

#: The lexicon's weight in the tone: its sign and size are fixed, for weights fitted on a small corpus transfer worse (chosen on
#: GoEmotions' dev file and on texts of other sources).
VADER_WEIGHT = 4.0
_SEED = 20230912


class _Row(msgspec.Struct, frozen=True):
    text: str
    labels: tuple[str, ...]


@lru_cache(maxsize=1)
def tone_by_bucket() -> Floats:
    """The frozen tone of every bucket, shape (`matrix.N_BUCKETS`,), angry positive: learnt n-grams and word vectors, and the lexicon
    at a fixed weight.

    Raises
    ------
    ModelError
        If it is missing or was made for other features.
    """
    path = shipped_folder("base") / FILE
    try:
        arrays = load_file(path)
        table = np.zeros(matrix.N_BUCKETS)
        table[arrays[f"rows.features{FEATURE_VERSION}"]] = arrays["weights"].astype(np.float64) * float(arrays["scale"][0])
        head = arrays["vectors_head"].astype(np.float64)
    except (OSError, KeyError, ValueError, IndexError) as err:
        raise ModelError(f"{path}: no base reader for feature version {FEATURE_VERSION}; make it with: make reader") from err
    return np.asarray(table + vectors.by_bucket(matrix.N_BUCKETS) @ head - VADER_WEIGHT * matrix.lexicon_by_bucket())


def priors() -> sparse.csr_matrix:
    """What is known of a bucket before the corpus is read, shape (`matrix.N_BUCKETS`, any): tone first, then the word vectors."""
    tone = sparse.csr_matrix(tone_by_bucket()[:, None])
    return sparse.csr_matrix(sparse.hstack([tone, VECTORS_WEIGHT * vectors.by_bucket(matrix.N_BUCKETS)]))


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


def learn(texts: list[str], angry: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Weights of the hashed features and of the word vectors.

    Parameters
    ----------
    texts, angry
        From `read_tone`.

    Returns
    -------
    tuple
        Rows of the table that have a weight, their weights, and the weights of the vectors' dimensions.
    """
    raw, weight = matrix.counts(texts)
    used = np.flatnonzero(np.bincount(raw.indices, minlength=matrix.N_BUCKETS) >= 2)
    x = sparse.hstack([raw[:, used] @ sparse.diags(weight[used]), raw @ vectors.by_bucket(matrix.N_BUCKETS)], format="csr")
    with threadpool_limits(1):
        found = LogisticRegression(C=_C, max_iter=1000, random_state=_SEED).fit(sparse.csr_matrix(x), angry).coef_[0]
    return used, found[: len(used)] * weight[used], found[len(used) :]


def main(folder: Path) -> None:
    """Remake the shipped table from GoEmotions' ``train.jsonl``."""
    source = folder / "train.jsonl"
    texts, angry = read_tone(source)
    out = shipped_folder("base")
    out.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    about = {"source": "GoEmotions train (Demszky et al. 2020, Apache-2.0)", "sha256": digest, "texts": str(len(texts))}
    rows, weights, head = learn(texts, angry)
    scale = np.abs(weights).max() / 127
    arrays = {
        f"rows.features{FEATURE_VERSION}": rows.astype(np.uint32),
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": np.array([scale], dtype=np.float32),
        "vectors_head": head.astype(np.float32),
    }
    (out / FILE).write_bytes(save(arrays, metadata=about))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
