"""What is written: nothing that a spreadsheet would run, and no more than was asked for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from misread.batch.job import Job, label
from misread.batch.lean import Lean
from misread.errors import InputError


@pytest.mark.parametrize("sign", list("=+-@\t\r"))
def test_a_text_that_begins_like_a_formula_is_escaped(sign: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    source.write_text(json.dumps({"clip_id": sign + "1+1", "caption": "he hit him"}) + "\n")
    label(Job((str(source),), out))
    with out.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["clip_id"] == "'" + sign + "1+1"


def test_numbers_are_not_touched(many: Path) -> None:
    out = many.with_name("out.csv")
    label(Job((str(many),), out))
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["logit"].startswith("-") for row in rows)
    assert all(0 < float(row["p_conflict"]) < 1 and float(row["part_caption"]) is not None for row in rows)


def verdicts(source: Path, lean: Lean) -> list[dict]:
    out = source.with_name("lean.jsonl")
    label(Job((str(source),), out, lean=lean, force=True))
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_without_words_there_are_none_and_nothing_else_is_missing(many: Path) -> None:
    for full, lean in zip(verdicts(many, Lean()), verdicts(many, Lean(words=False)), strict=True):
        assert lean.keys() == full.keys()
        assert lean["caption_words"] == lean["transcript_words"] == []
        for items in ("evidence", "comments"):
            assert [{**item, "words": []} for item in full[items]] == lean[items]
        assert {name: lean[name] for name in ("p_conflict", "summary", "parts")} == {n: full[n] for n in ("p_conflict", "summary", "parts")}
    assert any(full["caption_words"] for full in verdicts(many, Lean()))


def test_the_weightiest_evidence_is_kept_with_its_rank(many: Path) -> None:
    for full, lean in zip(verdicts(many, Lean()), verdicts(many, Lean(top=2)), strict=True):
        kept = sorted(full["evidence"], key=lambda item: -abs(item["effect"]))[:2]
        assert lean["evidence"] == [item for item in full["evidence"] if item in kept]
    assert all(row["evidence"] == [] for row in verdicts(many, Lean(top=0)))
    with pytest.raises(InputError, match="top"):
        Lean(top=-1)
