"""`misread corpus`: what keeps labelled clips honest."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from misread.cli.options import REFUSED, Json, note

HELP = """Check, count, audit, split and compare labelled clips: ours or your own.

Example: misread corpus check data/corpus
"""

app = typer.Typer(help=HELP, rich_markup_mode=None, no_args_is_help=True)

Labelled = Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="Files or folders of labelled clips.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")]
_SEED = 20230912


def _show(found: Any, text: str, json: bool) -> None:
    """Plain data as one line of JSON, or the text that says the same."""
    if json:
        import msgspec

        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        sys.stdout.buffer.flush()
    else:
        typer.echo(text, nl=False)


@app.command("check")
def check(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="Files or folders of labelled clips and of statements.")],
    json: Json = False,
) -> int:
    """Name every violation of the record format, all at once, with file, line and field.

    Exit code 3 if there is any.

    Example: misread corpus check data/corpus data/statements
    """
    from dataclasses import asdict

    from misread.corpus.check import check

    problems = check(corpus)
    found = {"n_problems": len(problems), "problems": [{k: v for k, v in asdict(p).items() if k != "raw"} for p in problems]}
    _show(found, "".join(f"{problem}\n" for problem in problems), json)
    note(f"{len(problems)} problems" if problems else "no problem found")
    return REFUSED if problems else 0


@app.command("stats")
def stats(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="Files or folders of labelled clips and of statements.")],
    json: Json = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw a picture too: .png or .svg (needs matplotlib).")] = None,
) -> None:
    """Count labels, first impressions, settings, families, kinds, stances, lengths, times and groups.

    Example: misread corpus stats data/corpus data/statements --plot corpus.svg
    """
    from misread.corpus.read import read_corpus
    from misread.corpus.stats import stats
    from misread.present.corpus import stats_table

    found = stats(read_corpus(corpus))
    if plot is not None:
        from misread.present.corpus_plot import plot as draw

        draw(found, plot)
    _show(found, stats_table(found), json)


@app.command("audit")
def audit(
    corpus: Labelled,
    json: Json = False,
    gate: Annotated[bool, typer.Option("--gate", help="Leave with exit code 3 where a bound is broken.")] = False,
    bounds: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Bounds of your own, which imply --gate: JSON such as {"caption": 0.7, "likes": null}.'),
    ] = None,
    seed: Seed = _SEED,
) -> int:
    """Find out whether the label can be had without reading what matters: from captions, lengths, names, times, repeated words.

    A bound is broken where the whole interval of a figure lies above it; where the interval is too wide it says so.

    Example: misread corpus audit data/corpus --gate
    """
    from misread.corpus.read import read_corpus
    from misread.present.corpus import audit_table
    from misread.training.audit import BOUNDS, audit, read_bounds

    allowed = BOUNDS if bounds is None else read_bounds(bounds.read_bytes(), str(bounds))
    found = audit(read_corpus(corpus), seed, allowed).as_dict()
    gated = gate or bounds is not None
    _show(found, audit_table(found, gated), json)
    return REFUSED if gated and found["broken"] else 0


@app.command("split")
def split(
    corpus: Labelled,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="The splits.csv to write (default: stdout).")] = None,
    json: Json = False,
    keep: Annotated[Path | None, typer.Option(metavar="FILE", help="A splits.csv whose rows stay; only other events are drawn.")] = None,
    time: Annotated[bool, typer.Option("--time", help="Forward in time: test on the latest events.")] = False,
    seed: Seed = _SEED,
) -> None:
    """Split clips by event, 60 % train, 15 % calibrate, 25 % test, stratified by label and difficulty.

    Example: misread corpus split data/corpus --keep data/corpus/splits.csv -o data/corpus/splits.csv
    """
    from misread.corpus.read import read_corpus
    from misread.corpus.split import csv_of, split, write_whole
    from misread.present.corpus import split_table

    drawn = split(read_corpus(corpus).clips, seed, time, keep)
    for warning in drawn.warnings:
        note(warning)
    found = drawn.as_dict()
    if out is not None:
        write_whole(out, csv_of(drawn.splits))
    _show(found, split_table(found) if out is not None else csv_of(drawn.splits).decode(), json)


@app.command("dedupe")
def dedupe(
    corpus: Labelled,
    json: Json = False,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the clips with the proposals applied, as JSON Lines.")] = None,
) -> None:
    """Propose one `group_id` for clips of near-duplicate texts, and of the same people within three days.

    Example: misread corpus dedupe clips.jsonl --write grouped.jsonl
    """
    from misread.corpus.dedupe import propose, write_grouped
    from misread.corpus.read import corpus_files, read_corpus
    from misread.present.corpus import proposals_table

    proposals = propose(read_corpus(corpus).clips)
    if write is not None:
        note(f"{write_grouped(corpus_files(corpus), proposals, write)} clips written to {write}")
    found = [p.as_dict() for p in proposals]
    _show(found, proposals_table(found), json)


@app.command("agree")
def agree(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Annotations (JSON Lines), or labelled clips: one file or folder a reader.")
    ],
    json: Json = False,
    seed: Seed = _SEED,
) -> None:
    """Measure how far annotators agree: Krippendorff's alpha, a consensus, who errs how, the clips most in dispute.

    Example: misread corpus agree data/corpus second-reader.jsonl --json
    """
    from misread.corpus.agree import agree
    from misread.corpus.annotations import read_annotations
    from misread.present.corpus import agree_table

    found = agree(read_annotations(files), seed)
    _show(found, agree_table(found), json)
