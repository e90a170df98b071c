"""A model folder is believed only after it has proved itself."""

import json
import shutil
from pathlib import Path

import pytest

from misread import load_model
from misread.errors import ModelError


@pytest.fixture
def folder(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository / "models" / "default", tmp_path / "model"))


def change(folder: Path, **fields: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_a_sound_folder_loads_and_says_who_it_is(folder: Path) -> None:
    model = load_model(folder)
    assert model.meta.model_id.startswith("default-")
    assert model.meta.golden


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("schema_version", 99, "upgrade misread"),
        ("feature_version", 99, "train it again"),
        ("arrays_sha256", "0" * 64, "does not match the hash"),
        ("golden", [{"clip": {"clip_id": "g", "caption": "x"}, "logit": 9.0}], "golden prediction"),
        ("seed", "none", "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(folder: Path, field: str, value: object, says: str) -> None:
    change(folder, **{field: value})
    with pytest.raises(ModelError, match=says):
        load_model(folder)


def test_a_damaged_array_file_is_refused(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="hash"):
        load_model(folder)


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_a_missing_or_empty_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(ModelError):
        load_model(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError):
        load_model(folder)


def test_no_model_where_none_is(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="misread train"):
        load_model(tmp_path)
