"""About how many records there are."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.formats.count import count_records


@pytest.mark.parametrize(
    ("data", "n"),
    [
        (b'{"clip_id": "a"}\n{"clip_id": "b"}', 2),
        (b'{"clip_id": "a"}\n', 1),
        (gzip.compress(b'{"clip_id": "a"}\n{"clip_id": "b"}\n'), 2),
        (b"clip_id,caption\na,x\nb,y\n", 2),
        (b"clip_id,caption\n", 0),
        (b'[\n{"clip_id": "a"}\n]', None),
        (b'{\n"clip_id": "a"}', None),
        (b"", None),
        (b"PAR1 and then nothing", None),
    ],
)
def test_records_are_counted_where_they_can_be(data: bytes, n: int | None, tmp_path: Path) -> None:
    path = tmp_path / "clips"
    path.write_bytes(data)
    assert count_records(str(path)) == n


def test_parquet_knows_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "clips"
    pq.write_table(pa.table({"clip_id": ["a", "b", "c"]}), path)
    assert count_records(str(path)) == 3


def test_standard_input_and_what_is_not_there_cannot_be_counted(tmp_path: Path) -> None:
    assert count_records("-") is count_records(str(tmp_path / "none")) is None
