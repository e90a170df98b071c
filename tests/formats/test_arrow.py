"""Parquet and Arrow."""

import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.errors import InputError
from misread.formats.arrow import read_arrow
from misread.formats.jsonl import Record


def parquet(table: pa.Table, **options) -> list[Record]:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return list(read_arrow(io.BytesIO(out.getvalue()), "clips.parquet", "parquet"))


def only(columns: dict) -> object:
    (record,) = parquet(pa.table(columns))
    assert record.parsed.problems == ()
    return record.parsed.clip


def fields(record: Record) -> list[str]:
    assert record.parsed.clip is None
    return [p.field for p in record.parsed.problems]


def test_nested_lists_and_structs_become_comments_and_evidence() -> None:
    clip = only(
        {
            "clip_id": ["a"],
            "comments": [[{"text": "lol", "likes": 3, "author": None}, {"text": "ok", "likes": None, "author": "x"}]],
            "evidence": [[{"kind": "eyewitness", "text": "saw it", "relevance": 2.0}]],
            "participants": [["Ann", "Bo"]],
            "tags": [{"setting": "pitch", "pair_id": None}],
        }
    )
    assert [(c.comment_id, c.text, c.likes, c.author) for c in clip.comments] == [("1", "lol", 3, None), ("2", "ok", None, "x")]
    assert (clip.evidence[0].kind, clip.evidence[0].relevance) == ("eyewitness", 2)
    assert clip.participants == ("Ann", "Bo")
    assert clip.tags == {"setting": "pitch"}


def test_structures_may_stand_in_text_cells_as_json() -> None:
    assert only({"clip_id": ["a"], "comments": ['[{"text": "lol"}]']}).comments[0].text == "lol"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_time_with_a_zone_becomes_rfc3339_in_any_unit(unit: str) -> None:
    column = pa.array([datetime(2023, 9, 13, 2, 10, tzinfo=UTC)], pa.timestamp(unit, "America/New_York"))
    assert only({"clip_id": ["a"], "posted_at": column}).posted_at == "2023-09-13T02:10:00+00:00"


def test_nanoseconds_are_cut_rather_than_refused() -> None:
    column = pa.array([1_694_571_000_000_000_001], pa.int64()).cast(pa.timestamp("ns", "UTC"))
    assert only({"clip_id": ["a"], "posted_at": column}).posted_at == "2023-09-13T02:10:00+00:00"


def test_a_date_is_a_bare_date_also_inside_comments() -> None:
    clip = only({"clip_id": ["a"], "posted_at": [date(2023, 9, 13)], "comments": [[{"posted_at": date(2023, 9, 14)}]]})
    assert (clip.posted_at, clip.comments[0].posted_at) == ("2023-09-13", "2023-09-14")


def test_a_time_without_a_zone_is_refused_wherever_it_stands() -> None:
    naive = datetime(2023, 9, 13, 2, 10)
    (record,) = parquet(pa.table({"clip_id": ["a"], "posted_at": [naive], "comments": [[{"posted_at": naive}]]}))
    assert fields(record) == ["posted_at", "comments[0].posted_at"]
    assert "offset" in record.parsed.problems[0].reason


def test_a_time_without_a_zone_in_a_column_that_is_not_ours_is_let_through() -> None:
    (record,) = parquet(pa.table({"clip_id": ["a"], "seen": [datetime(2023, 9, 13)]}))
    assert record.parsed.extra == {"seen": datetime(2023, 9, 13)}


def test_a_time_that_python_cannot_hold_is_a_problem_of_its_row_alone() -> None:
    column = pa.array([0, 2**62], pa.int64()).cast(pa.timestamp("us", "UTC"))
    good, bad = parquet(pa.table({"clip_id": ["a", "b"], "posted_at": column}))
    assert good.parsed.clip.posted_at == "1970-01-01T00:00:00+00:00"
    assert fields(bad) == ["posted_at"]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()])
def test_every_kind_of_text_column_is_text(kind: pa.DataType) -> None:
    assert only({"clip_id": ["a"], "caption": pa.array(["made up"]).cast(kind)}).caption == "made up"


@pytest.mark.parametrize("kind", [pa.int8(), pa.int16(), pa.uint32(), pa.int64(), pa.float32(), pa.float64()])
def test_every_kind_of_number_counts(kind: pa.DataType) -> None:
    clip = only({"clip_id": pa.array([7], pa.int64()), "n_comments_total": pa.array([3], kind), "transcript": pa.nulls(1)})
    assert (clip.clip_id, clip.n_comments_total, clip.transcript) == ("7", 3, None)


def test_nan_and_null_are_absent_and_a_fraction_is_refused() -> None:
    a, b, c = parquet(pa.table({"clip_id": ["a", "b", "c"], "n_comments_total": pa.array([float("nan"), None, 1.5])}))
    assert a.parsed.clip.n_comments_total is b.parsed.clip.n_comments_total is None
    assert fields(c) == ["n_comments_total"]


def test_rows_are_numbered_over_batches_and_row_groups() -> None:
    found = parquet(pa.table({"caption": [str(i) for i in range(1300)]}), row_group_size=700)
    assert [(r.line, r.parsed.clip.clip_id, r.parsed.clip.caption) for r in found] == [(i + 1, str(i + 1), str(i)) for i in range(1300)]


@pytest.mark.parametrize("kind", ["arrow", "arrow_stream"])
def test_arrow_files_and_streams_are_read_alike(kind: str) -> None:
    table = pa.table({"clip_id": [f"c{i}" for i in range(1100)]})
    out = io.BytesIO()
    with (pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream)(out, table.schema) as writer:
        writer.write_table(table)
    found = list(read_arrow(io.BytesIO(out.getvalue()), "clips.arrow", kind))
    assert [r.parsed.clip.clip_id for r in found] == [f"c{i}" for i in range(1100)]


def test_a_truncated_file_is_refused_with_the_cure() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"clip_id": ["a"] * 1000}), out)
    with pytest.raises(InputError, match=r"clips.parquet: cannot be read.*cut off"):
        list(read_arrow(io.BytesIO(out.getvalue()[:-20]), "clips.parquet", "parquet"))


def test_a_stream_that_breaks_off_gives_what_it_had_and_then_a_problem() -> None:
    out = io.BytesIO()
    table = pa.table({"clip_id": [f"c{i}" for i in range(3)]})
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
        writer.write_table(table)
    *_, last = found = list(read_arrow(io.BytesIO(out.getvalue()[:-60]), "clips", "arrow_stream"))
    assert [r.parsed.clip.clip_id for r in found[:3]] == ["c0", "c1", "c2"]
    assert "cut off" in str(last.parsed.problems[0])


def test_a_table_without_our_columns_or_with_one_twice_is_refused_even_without_rows() -> None:
    with pytest.raises(InputError, match="found: body"):
        parquet(pa.table({"body": pa.array([], pa.string())}))
    with pytest.raises(InputError, match="twice"):
        parquet(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["caption", "caption"]))
    assert parquet(pa.table({"caption": pa.array([], pa.string())})) == []


def test_a_map_of_tags_is_an_object() -> None:
    column = pa.array([[("setting", "pitch")]], pa.map_(pa.string(), pa.string()))
    assert only({"clip_id": ["a"], "tags": column}).tags == {"setting": "pitch"}


def test_text_that_is_no_utf8_is_a_problem_of_its_row_alone() -> None:
    raw = pa.array([b"fine", b"\xff\xfe"], pa.binary())
    text = pa.StringArray.from_buffers(2, raw.buffers()[1], raw.buffers()[2])
    good, bad = parquet(pa.table({"clip_id": ["a", "b"], "caption": text}))
    assert good.parsed.clip.caption == "fine"
    assert fields(bad) == ["caption"]


def test_a_damaged_row_group_costs_its_own_rows_and_no_others() -> None:
    out = io.BytesIO()
    table = pa.table({"caption": [f"they hugged {i}" for i in range(3000)]})
    pq.write_table(table, out, row_group_size=1000, compression="zstd")
    data = bytearray(out.getvalue())
    column = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    start = column.data_page_offset
    data[start : start + 200] = b"\xff" * 200
    found = list(read_arrow(io.BytesIO(bytes(data)), "clips.parquet", "parquet"))
    assert [r.line for r in found] == list(range(1, 3001))
    assert [r.parsed.clip is None for r in found] == [False] * 1000 + [True] * 1000 + [False] * 1000
    assert found[2500].parsed.clip.clip_id == "2501"
    assert "cannot be read" in found[1500].parsed.problems[0].reason
