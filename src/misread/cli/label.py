"""`misread label`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misread.cli.options import REFUSED, AsOf, Langid, ModelDir, Participants, Prior, UnsureBelow, note, scoring_options

if TYPE_CHECKING:
    from misread.batch.job import Job


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="IN... OUT",
            help="IN: JSON Lines (also .gz, .zst), CSV, Parquet, a yt-dlp .info.json; files, folders, globs; - is stdin. "
            "OUT: .jsonl, .csv or .parquet; with a / at its end a folder of parts.",
        ),
    ] = None,
    columns: Annotated[
        str | None, typer.Option(metavar="OURS=THEIRS,...", help="Your names of columns, e.g. caption=title,clip_id=video_id.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Read N records and no more.")] = None,
    no_words: Annotated[bool, typer.Option("--no-words", help="Leave out the words that spoke: leaner output.")] = False,
    top: Annotated[int | None, typer.Option(min=0, metavar="K", help="Keep the K items of evidence of the largest effect.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    status: Annotated[Path | None, typer.Option(metavar="OUT", help="Say where the job of this OUT stands; it may be running.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes (default: the cores).")] = None,
    part_size: Annotated[int | None, typer.Option(min=1, metavar="N", help="Records of a part (default: 16,384).")] = None,
    as_of: AsOf = None,
    prior: Prior = 0.5,
    unsure_below: UnsureBelow = None,
    langid: Langid = False,
    model: ModelDir = None,
    participant: Participants = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an OUT that holds something else.")] = False,
) -> int:
    """Label files of any size in bounded memory; refused records go to OUT.rejects.jsonl (in a folder: _rejects-*.jsonl).

    The file OUT appears whole or not at all. Whatever stopped a job, the same command again does what is missing.
    Fields of IN that misread does not know are passed through. In CSV a text that a spreadsheet would run (= + - @, tab or
    return at its start) gets a ' before it; numbers stay.

    Exit codes: 0 all labelled, 3 some records refused, 1 error; with --status 1 also means not complete.

    Example: misread label day/*.jsonl.gz verdicts.parquet --columns caption=title --no-words
    """
    if status is not None:
        return _status(status)
    if not paths or len(paths) < 2:
        raise typer.BadParameter("give one or more IN, then OUT", param_hint="IN... OUT")
    from misread.batch.job import PART_SIZE, Job, n_cores
    from misread.batch.lean import Lean
    from misread.formats.columns import AS_THEY_ARE, columns_from

    *sources, out = paths
    job = Job(
        tuple(sources),
        Path(out),
        model,
        scoring_options(as_of, prior, unsure_below, langid),
        tuple(participant or ()),
        jobs or n_cores(),
        force,
        in_parts=out.endswith("/") or Path(out).is_dir(),
        columns=AS_THEY_ARE if columns is None else columns_from(columns),
        lean=Lean(not no_words, top),
        limit=limit,
        part_size=part_size or PART_SIZE,
    )
    return _dry_run(job) if dry_run else _label(job, quiet)


def _label(job: "Job", quiet: bool) -> int:
    from misread.batch.job import label
    from misread.batch.stop import Stopped, stoppable
    from misread.present.progress import progress

    try:
        with stoppable(), progress("labelled", quiet) as advance:
            done = label(job, advance)
    except Stopped:
        note("stopped; finished parts are kept, and the same command goes on from there")
        raise
    if done.already:
        note(f"{job.out} is already complete for this input and model: {done.counts()}")
    else:
        note(f"{done.counts()}" + (f"; refused records are in {done.rejects}" if done.n_refused else ""))
    if not done.n_written and not done.n_refused:
        note("no record in the input")
    return REFUSED if done.n_refused else 0


def _dry_run(job: "Job") -> int:
    from misread.batch.plan import plan

    planned = plan(job)
    typer.echo("\n".join(planned.lines()))
    return REFUSED if planned.n_refused else 0


def _status(out: Path) -> int:
    from misread.batch.status import status

    found = status(out)
    typer.echo("\n".join(found.lines()))
    return 1 if not found.complete else REFUSED if found.manifest.n_refused else 0
