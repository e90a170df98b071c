"""`misread evaluate`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from misread.cli.options import Json


def command(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="Files or folders of labelled clips.")],
    model: Annotated[list[Path] | None, typer.Option("--model", metavar="DIR", help="Model folder; repeat to compare.")] = None,
    json: Json = False,
    seed: Annotated[int, typer.Option(min=0, help="Of bootstrap and baselines.")] = 20230912,
    baselines: Annotated[bool, typer.Option("--baselines/--no-baselines", help="Put simple answers beside it.")] = True,
) -> None:
    """Measure models on labelled clips (on the test split where the corpus has one), with intervals.

    Example: misread evaluate data/corpus --model models/default --json
    """
    import msgspec

    from misread.corpus.read import read_corpus
    from misread.present.figures import evaluation_table
    from misread.scoring import load_model
    from misread.training.evaluate import evaluate

    labelled = read_corpus(corpus)
    folders: list[Path | None] = [*model] if model else [None]
    for folder in folders:
        found = evaluate(load_model(folder), labelled, seed, baselines).as_dict()
        if json:
            sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        else:
            typer.echo(evaluation_table(found), nl=False)
