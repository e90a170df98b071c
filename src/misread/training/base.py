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
from threadpoolctl import threadpool_limits

from misread.errors import InputError, ModelError, Problem
from misread.model.bundle import shipped_folder
from misread.text.features import FEATURE_VERSION
from misread.training import logistic, matrix, vectors
from misread.training.keyed import Floats, Keyed, Keys, beside

FILE = "base.safetensors"
ANGRY = frozenset({"anger", "annoyance", "disapproval", "disgust"})
WARM = frozenset({"admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love"})

#: What a comment with none of these counts as, and how much: without them a reader takes all that is not warm for angry (chosen, as the
#: two above, on GoEmotions' dev file and on texts of other sources).
DOWNCAST = frozenset({"sadness", "disappointment", "fear", "nervousness", "remorse", "grief", "embarrassment"})
_NEUTRAL_TARGET, _DOWNCAST_TARGET, _BETWEEN_WEIGHT = 0.15, 0.75, 0.5

#: How much the word vectors are stretched against the ridge; chosen by grouped cross-validation on the training split.
VECTORS_WEIGHT = 0.6

#: Inverse strength of the ridge; chosen on GoEmotions' own dev file.
_C = 0.5

#: The lexicon's weight in the tone: its sign and size are fixed, for weights fitted on a small corpus transfer worse (chosen on
#: GoEmotions' dev file and on texts of other sources).
VADER_WEIGHT = 4.0
_SEED = 20230912


class _Row(msgspec.Struct, frozen=True):
    text: str
    labels: tuple[str, ...]


@lru_cache(maxsize=1)
def tone() -> Keyed:
    """The frozen tone of every feature that has one, angry positive: learnt features and word vectors, and the lexicon at a fixed weight.

    Raises
    ------
    ModelError
        If it is missing or was made for other features.
    """
    path = shipped_folder("base") / FILE
    try:
        arrays = load_file(path)
        learnt = Keyed(
            arrays[f"keys.features{FEATURE_VERSION}"],
            sparse.csr_matrix(arrays["weights"].astype(np.float64)[:, None] * float(arrays["scale"][0])),
        )
        head = arrays["vectors_head"].astype(np.float64)
    except (OSError, KeyError, ValueError, IndexError) as err:
        raise ModelError(f"{path}: no base reader for feature version {FEATURE_VERSION}; make it with: make reader") from err
    words = vectors.rows()
    three = beside([learnt, Keyed(words.keys, sparse.csr_matrix(words.rows @ head[:, None])), matrix.lexicon_rows()])
    return Keyed(three.keys, sparse.csr_matrix(three.rows @ np.array([[1.0], [1.0], [-VADER_WEIGHT]])))


def priors() -> Keyed:
    """What is known of a feature before the corpus is read: tone first, then the word vectors."""
    words = vectors.rows()
    return beside([tone(), Keyed(words.keys, sparse.csr_matrix(VECTORS_WEIGHT * words.rows))])


def read_tone(path: Path) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Texts that are angry or warm and not both, and whether they are angry.

    Raises
    ------
    InputError
        If a line is no GoEmotions record.
    """
    texts, target, weight = read_graded(path)
    sided = [i for i, w in enumerate(weight) if w == 1]
    return [texts[i] for i in sided], target[sided] == 1


def read_graded(path: Path) -> tuple[list[str], Floats, Floats]:
    """All texts but those that are both angry and warm: how angry each is, in [0, 1], and how much it counts.

    Raises
    ------
    InputError
        If a line is no GoEmotions record.
    """
    texts, graded = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = msgspec.json.decode(line, type=_Row)
        except msgspec.MsgspecError as err:
            raise InputError(Problem(str(err), file=str(path), line=number, cure="each line needs text and labels")) from err
        found = _graded(frozenset(row.labels))
        if found is not None:
            texts.append(row.text)
            graded.append(found)
    target, weight = np.array(graded).reshape(-1, 2).T
    return texts, target, weight


def _graded(labels: frozenset[str]) -> tuple[float, float] | None:
    is_angry, is_warm = not ANGRY.isdisjoint(labels), not WARM.isdisjoint(labels)
    if is_angry or is_warm:
        return None if is_angry and is_warm else (float(is_angry), 1.0)
    if not DOWNCAST.isdisjoint(labels):
        return _DOWNCAST_TARGET, _BETWEEN_WEIGHT
    return (_NEUTRAL_TARGET, _BETWEEN_WEIGHT) if labels == {"neutral"} else None


def learn(texts: list[str], target: Floats, weight: Floats) -> tuple[Keys, Floats, Floats]:
    """Weights of the hashed features and of the word vectors.

    Parameters
    ----------
    texts, target, weight
        From `read_graded`.

    Returns
    -------
    tuple
        Features that have a weight, their weights, and the weights of the vectors' dimensions.
    """
    found = matrix.counts(texts)
    used = found.used(2)
    x = sparse.hstack([found.raw[:, used] @ sparse.diags(found.weight[used]), found.raw @ vectors.rows().at(found.keys)], format="csr")
    with threadpool_limits(1):
        coef = logistic.graded(sparse.csr_matrix(x), target, weight, _C, _SEED, intercept=True)
    return found.keys[used], coef[: len(used)] * found.weight[used], coef[len(used) :]


def main(folder: Path) -> None:
    """Remake the shipped table from GoEmotions' ``train.jsonl``."""
    source = folder / "train.jsonl"
    texts, target, weight = read_graded(source)
    out = shipped_folder("base")
    out.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    about = {"source": "GoEmotions train (Demszky et al. 2020, Apache-2.0)", "sha256": digest, "texts": str(len(texts))}
    keys, weights, head = learn(texts, target, weight)
    scale = np.abs(weights).max() / 127
    arrays = {
        f"keys.features{FEATURE_VERSION}": keys,
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": np.array([scale], dtype=np.float32),
        "vectors_head": head.astype(np.float32),
    }
    (out / FILE).write_bytes(save(arrays, metadata=about))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
