"""Files → clips: every record answered for, whatever becomes of the files."""

import io
import json
from pathlib import Path

import pytest

from misread.errors import InputError
from misread.formats.anonymise import Anonymiser
from misread.formats.read import import_clips, read_clips


def lines(path: Path, *ids: str) -> str:
    path.write_text("".join(json.dumps({"clip_id": i, "caption": "x"}) + "\n" for i in ids))
    return str(path)


def test_an_id_seen_before_in_the_job_is_refused_with_the_place_of_the_first(tmp_path: Path) -> None:
    one, two = lines(tmp_path / "1.jsonl", "a", "b"), lines(tmp_path / "2.jsonl", "c", "a")
    found = list(read_clips([one, two]))
    assert [p.clip.clip_id if p.clip else None for p in found] == ["a", "b", "c", None]
    (problem,) = found[3].problems
    assert (problem.file, problem.line, problem.field) == (two, 2, "clip_id")
    assert f"{one}:1" in problem.reason


def test_many_ids_are_told_apart(tmp_path: Path) -> None:
    ids = [str(i) for i in range(5000)]
    found = list(read_clips([lines(tmp_path / "1.jsonl", *ids, "17", "4999")]))
    assert [p.clip is None for p in found] == [False] * 5000 + [True, True]


def test_all_files_that_cannot_be_read_are_named_before_anything_is(tmp_path: Path) -> None:
    good = lines(tmp_path / "1.jsonl", "a")
    with pytest.raises(InputError) as caught:
        next(read_clips([good, str(tmp_path / "none"), str(tmp_path)]))
    assert [p.file for p in caught.value.problems] == [str(tmp_path / "none"), str(tmp_path)]


def test_a_file_that_vanishes_is_an_error_when_its_turn_comes(tmp_path: Path) -> None:
    one, two = lines(tmp_path / "1.jsonl", "a"), lines(tmp_path / "2.jsonl", "b")
    found = read_clips([one, two])
    assert next(found).clip is not None
    Path(two).unlink()
    with pytest.raises(InputError, match="no such file"):
        next(found)


def test_standard_input_is_read_once() -> None:
    with pytest.raises(InputError, match="once"):
        next(read_clips(["-", "-"]))


def test_row_numbers_of_several_tables_do_not_clash(tmp_path: Path) -> None:
    for name in ("1.csv", "2.csv"):
        (tmp_path / name).write_text("caption\nx\n")
    found = [p.clip.clip_id for p in read_clips([str(tmp_path / "1.csv"), str(tmp_path / "2.csv")]) if p.clip]
    assert found == [f"{tmp_path / '1.csv'}:1", f"{tmp_path / '2.csv'}:1"]


def test_parquet_comes_through_a_pipe(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table({"clip_id": ["a"], "comments": [[{"text": "lol"}]]}), sink)
    (parsed,) = read_clips(["-"], stdin=io.BytesIO(sink.getvalue()))
    assert parsed.clip is not None
    assert parsed.clip.comments[0].text == "lol"


def test_an_import_that_fails_leaves_the_earlier_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("earlier")
    one, two = lines(tmp_path / "1.jsonl", "a"), tmp_path / "2.jsonl"
    two.write_bytes(b"")
    with pytest.raises(InputError, match="empty"):
        import_clips([one, str(two)], out, Anonymiser(bytes(32)), (), lambda _: None, lambda _: None, io.BytesIO())
    assert out.read_text() == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.jsonl", "2.jsonl", "out.jsonl"]


def test_an_import_never_writes_over_its_input(tmp_path: Path) -> None:
    one = lines(tmp_path / "1.jsonl", "a")
    with pytest.raises(InputError, match="one of the inputs"):
        import_clips([one], Path(one), None, (), lambda _: None, lambda _: None, io.BytesIO())
    with pytest.raises(InputError, match="is a folder"):
        import_clips([one], tmp_path, None, (), lambda _: None, lambda _: None, io.BytesIO())
    assert Path(one).read_text().count("\n") == 1


def test_a_file_that_is_no_data_is_one_refused_record_where_the_others_are_to_go_on(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    files = [lines(tmp_path / "1.jsonl", "a"), str(empty), lines(tmp_path / "2.jsonl", "b")]
    found = list(read_clips(files, go_on=True))
    assert [p.clip.clip_id if p.clip else None for p in found] == ["a", None, "b"]
    assert found[1].problems[0].file == str(empty)
    with pytest.raises(InputError, match="empty"):
        list(read_clips(files))
    with pytest.raises(InputError, match="empty"):
        list(read_clips([str(empty)], go_on=True))


def test_a_file_that_vanishes_is_the_end_even_so(tmp_path: Path) -> None:
    one, two = lines(tmp_path / "1.jsonl", "a"), lines(tmp_path / "2.jsonl", "b")
    found = read_clips([one, two], go_on=True)
    assert next(found).clip is not None
    Path(two).unlink()
    with pytest.raises(InputError, match="no such file"):
        next(found)
