"""Frames of clips → frames of verdicts, and the documentation's own example."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from misread.batch import label_frame
from misread.batch.job import Job, label
from misread.batch.lean import Lean
from misread.errors import InputError
from misread.formats.columns import columns_from


def test_a_frame_says_what_a_job_says(many: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in many.read_text().splitlines() if "caption" in line]
    label(Job((str(many),), tmp_path / "out.jsonl"))
    made = label_frame(pd.DataFrame(rows))
    for row, line in zip(made.to_dict("records"), (tmp_path / "out.jsonl").read_text().splitlines(), strict=True):
        said = json.loads(line)
        assert pd.isna(row.pop("refused"))
        assert {name: None if value is pd.NA else value for name, value in row.items()} == {name: said[name] for name in row}


def test_every_row_is_answered_for_under_its_index() -> None:
    df = pd.DataFrame({"clip_id": ["a", "b", "a", None], "caption": ["they hugged", 3, "he hit him", "x"]}, index=[10, 11, 12, 13])
    made = label_frame(df)
    assert list(made.index) == [10, 11, 12, 13]
    assert made["verdict"].notna().tolist() == [True, False, False, False]
    assert [None if pd.isna(text) else text for text in made["refused"]] == [
        None,
        "caption: expected text, got a number",
        "clip_id: 'a' was seen before in this frame",
        "clip_id: missing (every record needs an id)",
    ]


def test_columns_and_types_are_the_same_for_every_frame() -> None:
    frames = [
        pd.DataFrame({"caption": pd.Series([], dtype="object")}),
        pd.DataFrame({"caption": ["they hugged"]}),
        pd.DataFrame({"caption": [3]}),
    ]
    first, *others = [label_frame(df).dtypes.to_dict() for df in frames]
    assert all(dtypes == first for dtypes in others)


def test_cells_mean_what_they_mean_in_parquet(tmp_path: Path) -> None:
    df = pd.DataFrame(
        {
            "clip_id": [7, 8],
            "n_comments_total": [2.0, np.nan],
            "posted_at": pd.Series([datetime(2024, 5, 4, 20, tzinfo=UTC), None]),
            "comments": [[{"text": "lol", "likes": 3, "posted_at": None}], np.array([{"text": "a", "likes": np.int64(2)}], dtype=object)],
            "evidence": ['[{"kind": "eyewitness", "text": "they were joking"}]', None],
        }
    )
    made = label_frame(df)
    assert made["refused"].isna().all()
    assert made["clip_id"].tolist() == ["7", "8"]
    assert made["warnings"].tolist()[0] == ["partial_capture"]
    assert [len(items) for items in made["evidence"]] == [1, 0]


def test_a_users_columns_and_lean_verdicts() -> None:
    df = pd.DataFrame({"title": ["they hugged"], "video": [7]})
    made = label_frame(df, columns=columns_from("caption=title,clip_id=video"), lean=Lean(words=False))
    assert (made["clip_id"][0], made["caption_words"][0]) == ("7", [])
    with pytest.raises(InputError, match="no such column"):
        label_frame(df, columns=columns_from("caption=titel"))
    with pytest.raises(InputError, match="no column that misread knows; found: title, video"):
        label_frame(df)


def test_the_example_in_the_documentation_runs(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (repository / "docs" / "batch.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- a test runs this -->\n```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    assert "follow_up_post" in str(names["clips"])
    assert "verdict" in capsys.readouterr().out
    assert len(names["verdicts"]) == 2  # type: ignore[arg-type]


def test_a_frame_goes_over_partitions_of_dask() -> None:
    dd = pytest.importorskip("dask.dataframe")
    df = pd.DataFrame({"caption": ["they hugged", "he hit him", "x"]}, index=["a", "b", "c"])
    made = dd.from_pandas(df, npartitions=2).map_partitions(label_frame, meta=label_frame(df.iloc[:0])).compute()
    assert made["verdict"].tolist() == label_frame(df)["verdict"].tolist()


def test_pandas_is_not_loaded_before_it_is_used() -> None:
    import subprocess
    import sys

    code = "import sys, misread.batch; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
