"""What starting costs: whole-process CPU time of misread's commands beside typer's import and a scikit-learn script.

Run: ``python benchmarks/cold_start.py [--rounds 9]``. All commands are run in turn in every round, so a machine whose speed drifts
moves all of them alike; ratios are taken round by round and quoted as median (lowest to highest).
"""

from __future__ import annotations

import argparse
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CAPTION = "They shouted at each other and security had to step in"

FIT = """
import joblib, sys
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
texts = ["they hugged and laughed", "he shoved him and shouted", "best friends for years", "furious, she walked out"] * 50
pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
joblib.dump(pipeline.fit(texts, ["friendly", "conflict"] * 100), sys.argv[1])
"""
PREDICT = "import joblib, sys; print(joblib.load(sys.argv[1]).predict_proba([sys.argv[2]]))"


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one finished process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def spread(values: list[float], unit: str = "") -> str:
    return f"{statistics.median(values):.2f}{unit} ({min(values):.2f}–{max(values):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    n_rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        pickled = str(Path(folder) / "pipeline.joblib")
        subprocess.run([sys.executable, "-c", FIT, pickled], check=True)
        commands = {
            "misread score --caption": [sys.executable, "-m", "misread", "score", "--caption", CAPTION],
            "misread --help": [sys.executable, "-m", "misread", "--help"],
            "import typer": [sys.executable, "-c", "import typer"],
            "scikit-learn script": [sys.executable, "-c", PREDICT, pickled, CAPTION],
        }
        for command in commands.values():  # a warm-up: byte code and file caches
            cpu_seconds(command)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(n_rounds):
            for name, command in commands.items():
                seconds[name].append(cpu_seconds(command))
    print(f"Python {platform.python_version()}, {platform.machine()}, {n_rounds} rounds, CPU seconds of whole processes")
    for name, values in seconds.items():
        print(f"  {name:<26} {spread(values, ' s')}")
    ours = seconds["misread score --caption"]
    for name, goal in (("import typer", "at most 2"), ("scikit-learn script", "at most 0.10")):
        ratios = [a / b for a, b in zip(ours, seconds[name], strict=True)]
        print(f"  score ÷ {name:<18} {spread(ratios)}, to reach: {goal}")


if __name__ == "__main__":
    main()
