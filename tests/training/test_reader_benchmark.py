"""The reader's benchmark on a part of the corpus and a few invented posts: every section is printed, what is absent is named."""

import csv
import json
import subprocess
import sys

SAYINGS = {"conflict": "he hates her and screamed at her", "friendly": "they love each other and laughed"}
POSTS = [{"task": "posts", "text": f"{text} {word}", "label": side} for word in ("lol", "today") for side, text in SAYINGS.items()]
REPLIES = [
    {"text": f"{text} {i}", "target": "they fight", "label": side, "thread_id": i} for i in range(4) for side, text in SAYINGS.items()
]


def test_every_section_is_printed_and_a_model_does_not_differ_from_itself(repository, tmp_path) -> None:
    with (repository / "data" / "corpus" / "splits.csv").open(encoding="utf-8") as file:
        groups = {row["group_id"] for row in list(csv.DictReader(file))[::8]}
    clips = [line for path in sorted((repository / "data" / "corpus").glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    part = [line for line in clips if (clip := json.loads(line)).get("group_id", clip["clip_id"]) in groups]
    cases = (repository / "data" / "behaviour" / "minimum.jsonl").read_bytes().splitlines()[::40]
    files = {
        "corpus/clips.jsonl": b"\n".join(part),
        "corpus/splits.csv": (repository / "data" / "corpus" / "splits.csv").read_bytes(),
        "behaviour/minimum.jsonl": b"\n".join(cases),
        "public/tone/dev.jsonl": "\n".join(map(json.dumps, POSTS)).encode(),
        "public/stance/replies/train.jsonl": "\n".join(map(json.dumps, REPLIES)).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    model = str(repository / "models" / "default")
    given = ["--data", "public", "--corpus", "corpus", "--behaviour", "behaviour", "--stance", "--against", model, "--json", "found.json"]
    command = [sys.executable, str(repository / "benchmarks" / "reader.py"), "--draws", "20", *given]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert {row["section"].split(":")[0].split(",")[0] for row in found["rows"]} == {
        "Transfer", "Evidence", "Verdict", "Behaviour cases passed", "Stance sets", "Features a text",
    }  # fmt: skip
    differences = [row["readers"]["against"] for row in found["rows"] if row["name"].endswith("misread minus")]
    assert [(d["low"], d["value"], d["high"]) for d in differences] == [(0, 0, 0)] * 2
    assert "rivals that learn for transfer, as there is no public/goemotions/train.jsonl" in said
    assert all(row["name"] in said for row in found["rows"])
