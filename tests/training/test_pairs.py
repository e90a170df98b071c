"""Features of a text and its target, and the stance benchmark on a few invented rows."""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from misread.errors import InputError
from misread.training import pairs

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "stance.py"
SAYINGS = {"for": "yes, the bridge is closed", "against": "no, that is fake, it is open", "ask": "is it really closed?"}
ROWS = [
    {"text": f"{text} {word}", "target": "the bridge is closed", "label": label, "thread_id": str(i), "colour": ["red"]}
    for i, word in enumerate(("now", "today", "again", "folks"))
    for label, text in SAYINGS.items()
]
EMPTY = [
    {"text": None, "target": "", "label": "for", "thread_id": None},
    {"text": "", "target": None, "label": "ask", "thread_id": 3, "likes": -1, "depth": "two", "parent": None, "is_source": True},
]


@pytest.fixture
def write(tmp_path):
    def write(name: str, rows: list[dict]) -> str:
        (tmp_path / name).write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def stance(monkeypatch, capsys):
    main = runpy.run_path(str(BENCHMARK))["main"]

    def stance(*given: str) -> str:
        monkeypatch.setattr(sys, "argv", ["stance.py", *given])
        main()
        return capsys.readouterr().out

    return stance


def test_a_label_that_train_lacks_empty_texts_and_the_same_answer_twice(write, stance) -> None:
    train = write("a.jsonl", ROWS + EMPTY)
    test = write("b.jsonl", [*ROWS[:6], *EMPTY, {"text": "hm", "target": "x", "label": "new", "thread_id": "9"}])
    first, second = (stance("--train", train, train, "--test", test, "--json") for _ in range(2))
    assert first == second
    found = json.loads(first)
    assert set(found) == {"macro_f1", "accuracy", "per_class", "n", "interval"}
    assert found["n"] == 9
    assert found["per_class"]["new"] == 0
    assert found["interval"][0] <= found["macro_f1"] <= found["interval"][1]


def test_cross_validation_prints_every_class(write, stance) -> None:
    said = stance("--train", write("a.jsonl", ROWS), "--cross-validate")
    assert said.startswith("macro_f1")
    assert all(label in said for label in SAYINGS)


def test_a_pair_is_read_from_itself_alone() -> None:
    given = [pairs.pair(row) for row in ROWS + EMPTY]
    together, alone = pairs.extract(given), pairs.extract(given[-1:])
    assert np.isfinite(together.dense).all()
    assert (together.hashed[-1] != alone.hashed[0]).nnz == 0
    columns = pairs.space(together)
    assert columns.place(together).shape[1] == columns.place(together.rows(np.array([0]))).shape[1]
    assert pairs.extract(given[:1]).dense.shape[1] == together.dense.shape[1]


def test_negation_on_one_side_alone_is_seen() -> None:
    one, both = (pairs.pair({"text": "it is not closed", "target": t, "label": "x"}) for t in ("it is closed", "it is not closed"))
    raw = pairs.extract([one, both])
    assert (raw.dense[0] != raw.dense[1]).any()
    assert one.group == "it is closed"


def test_a_line_that_is_no_pair_is_named(tmp_path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "target": "b", "label": "c"}\n\n{"text": "a"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="label"):
        pairs.read_pairs([tmp_path / "bad.jsonl"])
