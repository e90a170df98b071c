"""What was learnt → a model folder: arrays, metadata with golden predictions, card; the same learning gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.numpy import save as to_safetensors

from misread import __version__
from misread.formats.parse import clip_from, only
from misread.model import bundle
from misread.model.bundle import Golden, Meta, Model
from misread.scoring import score
from misread.text.features import FEATURE_VERSION
from misread.training.fit import Learnt

_LIBRARIES = ("numpy", "scikit-learn", "scipy")

#: Invented clips whose predictions are kept with the model and replayed whenever it is loaded.
GOLDEN: tuple[dict[str, Any], ...] = (
    {"clip_id": "golden-1", "caption": "They shouted at each other and security had to step in."},
    {
        "clip_id": "golden-2",
        "caption": "wait for her face 👀",
        "comments": [{"text": "she is FURIOUS", "likes": 900}, {"text": "nah they're friends lol"}],
        "evidence": [{"kind": "follow_up_post", "text": "We laughed about it all the way home, I wasn’t angry at him."}],
    },
)


def assemble(learnt: Learnt, name: str, seed: int, corpus_sha256: str, trained_on: dict[str, Any]) -> tuple[Model, bytes]:
    """The model in memory, with its golden predictions made, and the bytes of its arrays file."""
    arrays = {key: np.ascontiguousarray(value) for key, value in learnt.arrays.items()}
    raw = to_safetensors(arrays)
    meta = Meta(
        schema_version=bundle.SCHEMA_VERSION,
        feature_version=FEATURE_VERSION,
        name=name,
        seed=seed,
        corpus_sha256=corpus_sha256,
        arrays_sha256=hashlib.sha256(raw).hexdigest(),
        n_clips=learnt.n_train + learnt.n_calibrate,
        trained_on=trained_on,
        versions={"python": platform.python_version(), "misread": __version__, **{p: version(p) for p in _LIBRARIES}},
    )
    flat: dict[str, Sequence[float]] = {key: value.ravel().tolist() for key, value in arrays.items()}
    model = bundle.assemble(flat, meta)
    golden = tuple(Golden(clip, score(model, only(clip_from(clip))).logit) for clip in GOLDEN)
    meta = msgspec.structs.replace(meta, golden=golden)
    return bundle.assemble(flat, meta), raw


def write(folder: Path, meta: Meta, arrays: bytes, card: str) -> None:
    """Write a model folder; each file appears whole or not at all, the metadata last.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(meta, order="sorted"), indent=2) + b"\n"
    for name, data in ((bundle.ARRAYS, arrays), (bundle.CARD, card.encode()), (bundle.META, text)):
        with tempfile.NamedTemporaryFile(dir=folder, prefix="." + name, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(folder / name)
