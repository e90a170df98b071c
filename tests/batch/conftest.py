"""Small inputs that a job has something to do with: every reading, nested evidence, records that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


def _clip(i: int) -> dict[str, object]:
    made: dict[str, object] = {"clip_id": f"c{i}", "caption": f"they hugged and laughed {i}" if i % 2 else f"=he hit him {i}", "desk": i}
    if i % 3 == 0:
        made["comments"] = [{"text": f"this is staged {i}", "author": "ann"}, {"text": "they hate each other"}]
    if i % 5 == 0:
        made["evidence"] = [
            {"kind": "eyewitness", "text": f"they were joking all day {i}"},
            {"kind": "news_report", "text": "police were called to a fight"},
            {"kind": "other", "text": "doors open at eight"},
        ]
    return made


@pytest.fixture(scope="session")
def clip() -> Callable[[int], dict[str, object]]:
    """The clip of a number."""
    return _clip


@pytest.fixture
def many(tmp_path: Path, clip: Callable[[int], object]) -> Path:
    """60 records, of which 6 are refused."""
    path = tmp_path / "many.jsonl"
    rows = [json.dumps(clip(i)) if i % 10 != 7 else f'{{"clip_id": {i}}}' for i in range(60)]
    path.write_text("\n".join(rows) + "\n")
    return path
