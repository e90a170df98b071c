"""Pass rates on data/behaviour, by kind and capability. Run: ``python benchmarks/behaviour.py [--model DIR]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from misread import load_model
from misread.training.behaviour import pass_rates, read_cases

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    found = pass_rates(load_model(parser.parse_args().model), read_cases(REPOSITORY / "data" / "behaviour"))
    for kind, rates in found.items():
        for name, (n_passed, n) in rates.items():
            print(f"{kind:<12}{name:<30}{n_passed / n:>6.2f}  {n_passed}/{n}")


if __name__ == "__main__":
    main()
