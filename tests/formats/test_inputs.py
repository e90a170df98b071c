"""Files, folders and globs."""

from pathlib import Path

import pytest

from misread.errors import InputError
from misread.formats.inputs import expand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = "b.jsonl a.csv.gz deep/c.parquet deep/C.JSONL.ZST notes.txt .hidden.jsonl _rejects.jsonl _old/d.jsonl .git/e.jsonl".split()
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_is_all_data_under_it_in_order(folder: Path) -> None:
    assert expand([str(folder)]) == [str(folder / name) for name in ("a.csv.gz", "b.jsonl", "deep/C.JSONL.ZST", "deep/c.parquet")]


def test_a_glob_is_what_it_matches_in_order(folder: Path) -> None:
    assert expand([f"{folder}/[ab]*"]) == [str(folder / "a.csv.gz"), str(folder / "b.jsonl")]
    assert expand([f"{folder}/**/*.parquet"]) == [str(folder / "deep/c.parquet")]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").touch()
    (tmp_path / "a1.jsonl").touch()
    assert expand([f"{tmp_path}/a[1].jsonl"]) == [f"{tmp_path}/a[1].jsonl"]


def test_files_stay_in_the_order_given_and_the_missing_are_left_to_the_reader(folder: Path) -> None:
    assert expand(["z.jsonl", str(folder / "notes.txt"), "-", "a.jsonl"]) == ["z.jsonl", str(folder / "notes.txt"), "-", "a.jsonl"]


def test_folders_and_globs_with_nothing_in_them_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        expand([str(tmp_path), f"{tmp_path}/*.jsonl"])
    assert [p.file for p in caught.value.problems] == [str(tmp_path), f"{tmp_path}/*.jsonl"]
