"""Model = the parts and what is known of them; a folder of plain arrays and JSON, checked before it is believed.

A model folder holds ``model.safetensors`` (arrays), ``model.json`` (metadata) and ``CARD.md``. Loading maps the arrays into memory and
unpickles nothing; numpy is not needed.
"""

from __future__ import annotations

import hashlib
import mmap
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from misread.errors import ModelError
from misread.model.evidence import EvidenceRanker
from misread.model.reader import COLUMNS, ROLES, SCORES, TextReader
from misread.model.verdict import CrowdHead, Fusion
from misread.records import KINDS
from misread.text.features import FEATURE_VERSION

SCHEMA_VERSION = 1
ARRAYS = "model.safetensors"
META = "model.json"
CARD = "CARD.md"

_CODES: dict[str, Literal["f", "d", "h", "I"]] = {"F32": "f", "F64": "d", "I16": "h", "U32": "I"}


class Golden(msgspec.Struct, frozen=True):
    """A clip whose ``logit`` is known; replayed at load, so a model that no longer says the same is refused."""

    clip: dict[str, Any]
    logit: float


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What ``model.json`` holds."""

    schema_version: int
    feature_version: int
    name: str
    seed: int
    corpus_sha256: str
    arrays_sha256: str
    n_clips: int
    trained_on: dict[str, Any] = {}
    versions: dict[str, str] = {}
    metrics: dict[str, Any] = {}
    golden: tuple[Golden, ...] = ()

    @property
    def model_id(self) -> str:
        """Name and fingerprint: two models with other numbers never share one."""
        return f"{self.name}-{self.arrays_sha256[:12]}"


@dataclass(frozen=True)
class Model:
    """Everything learnt, ready to score."""

    reader: TextReader
    ranker: EvidenceRanker
    fusion: Fusion
    crowd: CrowdHead
    trust_sd: Mapping[str, float]
    meta: Meta = field(repr=False)


def shipped_folder(name: str) -> Path:
    """Where a shipped model lies: inside the installed package, or in ``models/`` of a source checkout.

    Examples
    --------
    >>> shipped_folder("default").name
    'default'
    """
    here = Path(__file__).resolve().parent.parent
    packaged = here / "models"
    return (packaged if packaged.is_dir() else here.parent.parent / "models") / name


def open_folder(folder: Path) -> Model:
    """A model from its folder, its versions and hash checked (`scoring.load_model` also replays the golden predictions).

    Raises
    ------
    ModelError
        With a sentence that says what to do: no model there, a newer schema, another feature version, a wrong hash, arrays missing.
    """
    meta = _read_meta(folder)
    path = folder / ARRAYS
    try:
        with path.open("rb") as file:
            buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as err:
        raise ModelError(f"{path}: cannot be read ({err}); train the model again or fetch the whole folder") from err
    if hashlib.sha256(buffer).hexdigest() != meta.arrays_sha256:
        raise ModelError(f"{path}: does not match the hash in {META}; the folder is damaged or was edited: fetch or train it again")
    return assemble(_arrays(path, memoryview(buffer)), meta)


def assemble(arrays: Mapping[str, Sequence[Any]], meta: Meta) -> Model:
    """The parts from their arrays (flat, row by row).

    Raises
    ------
    ModelError
        If an array is missing or has another size than this version expects.
    """
    width, n_scores, n_kinds = len(COLUMNS), len(SCORES), len(KINDS)
    sizes = {
        "reader.bias": len(ROLES) * n_scores,
        "reader.unit": width,
        "relevance": 4,
        "trust": n_kinds,
        "trust_sd": n_kinds,
        "fusion": 5,
        "crowd": 6,
    }
    for name, size in sizes.items():
        if len(arrays.get(name, ())) != size:
            raise ModelError(f"{ARRAYS}: array {name!r} should hold {size} numbers; the model was made by another version: train it again")
    keys, table = arrays.get("reader.keys", ()), arrays.get("reader.table", ())
    if len(keys) * width != len(table):
        raise ModelError(f"{ARRAYS}: array 'reader.table' should hold {width} numbers for each of {len(keys)} keys: train the model again")
    bias = {role: tuple(arrays["reader.bias"][i * n_scores : (i + 1) * n_scores]) for i, role in enumerate(ROLES)}
    return Model(
        TextReader(keys, table, tuple(arrays["reader.unit"]), bias),
        EvidenceRanker(tuple(arrays["relevance"]), dict(zip(KINDS, arrays["trust"], strict=True))),
        Fusion(*arrays["fusion"]),
        CrowdHead(*arrays["crowd"]),
        dict(zip(KINDS, arrays["trust_sd"], strict=True)),
        meta,
    )


def _read_meta(folder: Path) -> Meta:
    path = folder / META
    try:
        raw = msgspec.json.decode(path.read_bytes())
        schema = raw["schema_version"]
        if schema > SCHEMA_VERSION:
            raise ModelError(f"{path}: written by a newer misread (schema {schema}, this one reads {SCHEMA_VERSION}): upgrade misread")
        meta = msgspec.convert(raw, Meta)
    except FileNotFoundError as err:
        raise ModelError(f"{folder}: no model here ({META} is missing); make one with: misread train CORPUS -o {folder}") from err
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, RecursionError) as err:
        raise ModelError(f"{path}: cannot be read ({err}); train the model again or fetch the whole folder") from err
    if meta.feature_version != FEATURE_VERSION:
        raise ModelError(
            f"{path}: made for feature version {meta.feature_version}, this misread has {FEATURE_VERSION}: train it again with this version"
        )
    return meta


def _arrays(path: Path, view: memoryview) -> dict[str, Sequence[Any]]:
    """The arrays of a safetensors file (8 bytes of header length, JSON header, data; little endian) as views into it."""
    if sys.byteorder != "little":
        raise ModelError("misread reads its models in place, on little-endian machines only")
    try:
        length = int.from_bytes(view[:8], "little")
        header = msgspec.json.decode(view[8 : 8 + length])
        found: dict[str, Sequence[Any]] = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            found[name] = view[8 + length + begin : 8 + length + end].cast(_CODES[entry["dtype"]])
        return found
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError) as err:
        raise ModelError(f"{path}: not a safetensors file that misread can read ({err}); train the model again") from err
