"""gzip and zstd: read like the file inside; one that breaks off loses nothing before the break and says nothing made of half a line."""

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.errors import InputError
from misread.formats.parse import Parsed
from misread.formats.read import read_clips

LINES = b"".join(json.dumps({"clip_id": f"c{i}", "caption": f"they hugged {i * 7919 % 1009}"}).encode() + b"\n" for i in range(20_000))


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


def ids(found: list[Parsed]) -> list[str | None]:
    return [p.clip.clip_id if p.clip else None for p in found]


@pytest.fixture(params=["gz", "zst"])
def pack(request: pytest.FixtureRequest):
    return gzip.compress if request.param == "gz" else zstd


def test_a_packed_file_is_read_like_the_file_inside(pack, tmp_path: Path) -> None:
    path = tmp_path / "clips"
    path.write_bytes(pack(LINES))
    assert ids(list(read_clips([str(path)]))) == [f"c{i}" for i in range(20_000)]


def test_several_packed_files_in_one_are_all_read(pack) -> None:
    both = pack(b'{"clip_id": "a"}\n') + pack(b'{"clip_id": "b"}\n')
    assert ids(list(read_clips(["-"], stdin=io.BytesIO(both)))) == ["a", "b"]


def test_packed_tables_too(pack, tmp_path: Path) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"clip_id": ["a"], "caption": ["x"]}), sink)
    for i, data in enumerate((b"clip_id,caption\na,x\n", sink.getvalue())):
        path = tmp_path / str(i)
        path.write_bytes(pack(data))
        assert ids(list(read_clips([str(path)]))) == ["a"]


def test_a_packed_file_that_was_cut_keeps_all_lines_before_the_cut(pack, tmp_path: Path) -> None:
    whole = pack(LINES)
    path = tmp_path / "clips.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    found = list(read_clips([str(path)]))
    assert len(found) > 1_000
    assert ids(found) == [f"c{i}" for i in range(len(found) - 1)] + [None]
    (problem,) = found[-1].problems
    assert "breaks off" in problem.reason
    assert (problem.file, problem.line) == (str(path), len(found))


def test_half_a_row_before_a_break_is_never_a_clip(tmp_path: Path) -> None:
    rows = "clip_id,caption\n" + "".join(f"{i},they hugged each other {i * 7919 % 1009}\n" for i in range(20_000))
    whole = gzip.compress(rows.encode())
    path = tmp_path / "clips.csv.gz"
    for share in range(3, 9):
        path.write_bytes(whole[: len(whole) * share // 10])
        found = list(read_clips([str(path)]))
        assert found[-1].clip is None
        for i, parsed in enumerate(found[:-1]):
            assert parsed.clip is not None
            assert parsed.clip.caption == f"they hugged each other {i * 7919 % 1009}"


@pytest.mark.parametrize("size", [4, 12])
def test_a_packed_file_without_content_is_an_error(pack, size: int) -> None:
    with pytest.raises(InputError, match=r"breaks off|empty"):
        list(read_clips(["-"], stdin=io.BytesIO(pack(LINES)[:size])))


def test_packed_twice_is_refused_with_the_cure(pack) -> None:
    with pytest.raises(InputError, match="unpack"):
        list(read_clips(["-"], stdin=io.BytesIO(pack(pack(b'{"clip_id": "a"}')))))
