"""Does more writing help? The model trained on 10 to 100 % of the training events, measured on the test split.

Run: ``python benchmarks/learning_curve.py [--jobs 2]``. Writes benchmarks/results/curve.json, which the data card quotes. Events are drawn
once and nested: each share holds the smaller ones. Statements are drawn by scene in the same shares. Nothing is chosen here.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from misread.corpus.read import Corpus, read_corpus
from misread.training import save
from misread.training.evaluate import evaluate
from misread.training.fit import learn

REPOSITORY = Path(__file__).resolve().parent.parent
SEED = 20230912
SHARES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_FIGURES = ("log_loss", "accuracy")


def part(corpus: Corpus, share: float) -> Corpus:
    """The corpus with a share of its training events and of its statements' scenes; calibrate and test splits whole."""
    train = {c.event for c in corpus.split("train")}
    kept = set(_first(train, share))
    scenes = set(_first({s.about for s in corpus.statements}, share))
    clips = tuple(c for c in corpus.clips if c.event not in train or c.event in kept)
    return Corpus(clips, tuple(s for s in corpus.statements if s.about in scenes), corpus.splits, corpus.sha256)


def _first(names: set[str], share: float) -> list[str]:
    order = sorted(names)
    random.Random(SEED).shuffle(order)
    return order[: round(share * len(order))]


def says(rows: list[dict]) -> str:
    """What the curve says about writing more, from its last step."""
    before, last = rows[-2], rows[-1]
    gain = before["log_loss"]["value"] - last["log_loss"]["value"]
    stance = last["stance_auroc"]["value"] - before["stance_auroc"]["value"]
    rises = "still falls" if gain > 0.002 else "has flattened"
    return (
        f"From {before['share']:.0%} to {last['share']:.0%} of the clips log loss changes by {-gain:+.3f} and the stance AUROC by "
        f"{stance:+.3f}: the curve {rises}, so more clips of this sort {'would help on' if gain > 0.002 else 'would help little'}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    n_jobs = parser.parse_args().jobs
    corpus = read_corpus([REPOSITORY / "data" / "corpus", REPOSITORY / "data" / "statements"])
    rows = []
    for share in SHARES:
        smaller = part(corpus, share)
        learnt = learn(smaller, SEED, n_jobs)
        model, _ = save.assemble(learnt, "curve", SEED, corpus.sha256, {})
        found = evaluate(model, smaller, SEED, with_baselines=False).as_dict()
        row = {"share": share, "n_clips": learnt.n_train, "n_statements": len(smaller.statements)}
        row |= {name: found["overall"][name] for name in _FIGURES}
        row["stance_auroc"] = found["evidence"]["stance_auroc"]
        rows.append(row)
        print(
            f"{share:>4.0%} {row['n_clips']:>5} clips " + "  ".join(f"{n} {row[n]['value']:.3f}" for n in (*_FIGURES, "stance_auroc")),
            flush=True,
        )
    out = REPOSITORY / "benchmarks" / "results" / "curve.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"corpus_sha256": corpus.sha256, "rows": rows, "says": says(rows)}, indent=1) + "\n", encoding="utf-8")
    print(says(rows))


if __name__ == "__main__":
    main()
