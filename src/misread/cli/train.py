"""`misread train`."""

from pathlib import Path
from typing import Annotated

import typer

from misread.cli.options import note


def command(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="Files or folders of labelled clips and of statements.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the model.")],
    seed: Annotated[int, typer.Option(min=0, help="Of folds and solvers.")] = 20230912,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Make a model from labelled clips and measure it on their test split.

    Example: misread train data/corpus data/statements -o models/mine
    """
    from misread.present.figures import evaluation_table
    from misread.training.train import train

    model, found = train(corpus, out, seed, jobs, (lambda _: None) if quiet else note)
    note(f"{model.meta.model_id} written to {out}")
    typer.echo(evaluation_table(found.as_dict()), nl=False)
