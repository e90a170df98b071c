"""Inputs that are not what they should be: every record that can be read has its verdict, every other its reason."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.batch.job import Done, Job, label


def outcome(source: Path, **asked: object) -> tuple[Done, list[str], list[dict]]:
    out = source.with_name("out.jsonl")
    done = label(Job((str(source),), out, **asked))  # type: ignore[arg-type]
    verdicts = [json.loads(line)["clip_id"] for line in out.read_text().splitlines()]
    rejects = [json.loads(line) for line in done.rejects.read_text().splitlines()] if done.rejects.exists() else []
    assert (len(verdicts), len(rejects)) == (done.n_written, done.n_refused)
    return done, verdicts, rejects


def test_a_gz_that_breaks_off_gives_all_that_stands_before_the_break(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"clip_id": f"c{i}", "caption": f"they hugged {i * 7919 % 10007}"}) + "\n" for i in range(300))
    source = tmp_path / "in.jsonl.gz"
    whole = gzip.compress(lines.encode())
    source.write_bytes(whole[: len(whole) // 2])
    _, verdicts, rejects = outcome(source, part_size=50)
    assert verdicts == [f"c{i}" for i in range(len(verdicts))]
    assert len(verdicts) > 20
    assert "breaks off" in rejects[0]["reason"]
    assert len(rejects) == 1


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_damaged_row_group_costs_its_rows_alone(where: int, tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(
        pa.table({"clip_id": [f"c{i}" for i in range(90)], "caption": [f"they hugged {i}" for i in range(90)]}), source, row_group_size=30
    )
    data = bytearray(source.read_bytes())
    start = pq.ParquetFile(source).metadata.row_group(where).column(1).data_page_offset
    data[start : start + 60] = b"\xff" * 60
    source.write_bytes(bytes(data))
    _, verdicts, rejects = outcome(source, part_size=40)
    assert verdicts == [f"c{i}" for i in range(90) if i // 30 != where]
    assert [row["line"] for row in rejects] == list(range(where * 30 + 1, where * 30 + 31))


def test_a_table_without_rows_is_an_output_without_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("clip_id,caption\n")
    for name in ("out.csv", "out.parquet", "out.jsonl"):
        done = label(Job((str(source),), tmp_path / name))
        assert (done.n_written, done.n_refused) == (0, 0)
        assert (tmp_path / name).exists()
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_records_that_are_all_refused_are_an_output_without_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"clip_id": 1}\n' * 5)
    for name in ("out.csv", "out.parquet", "out.jsonl"):
        done = label(Job((str(source),), tmp_path / name, part_size=2))
        assert (done.n_written, done.n_refused) == (0, 5)
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    source = tmp_path / "pipe"
    os.mkfifo(source)
    writer = threading.Thread(target=source.write_text, args=('{"clip_id": "a", "caption": "they hugged"}\n',))
    writer.start()
    _, verdicts, _ = outcome(source)
    writer.join()
    assert verdicts == ["a"]
