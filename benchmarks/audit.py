"""Can the label be had without reading? Writes benchmarks/results/audit.json, which the data card quotes.

Run: ``python benchmarks/audit.py``. The same figures for any corpus: ``misread corpus audit FOLDER``.
"""

from __future__ import annotations

import json
from pathlib import Path

from misread.corpus.read import read_corpus
from misread.training.audit import audit

REPOSITORY = Path(__file__).resolve().parent.parent
SEED = 20230912


def main() -> None:
    corpus = read_corpus([REPOSITORY / "data" / "corpus"])
    found = {"corpus_sha256": corpus.sha256, "audit": audit(corpus, SEED).as_dict()}
    out = REPOSITORY / "benchmarks" / "results" / "audit.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, row in found["audit"]["figures"].items():
        print(f"{name:<24} {row['accuracy']['value']:.3f}  bound {row['bound']}  {row['status']}")


if __name__ == "__main__":
    main()
