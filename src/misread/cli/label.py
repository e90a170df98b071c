"""`misread label`."""

from pathlib import Path
from typing import Annotated

import typer

from misread.cli.options import REFUSED, AsOf, Langid, ModelDir, Participants, Prior, UnsureBelow, note, scoring_options


def command(
    source: Annotated[str, typer.Argument(metavar="IN", help="JSON Lines, CSV, Parquet, a yt-dlp .info.json; - is stdin.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The verdicts: .jsonl, .csv or .parquet.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes.")] = 1,
    as_of: AsOf = None,
    prior: Prior = 0.5,
    unsure_below: UnsureBelow = None,
    langid: Langid = False,
    model: ModelDir = None,
    participant: Participants = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an OUT that holds something else.")] = False,
) -> int:
    """Label a file of any size in bounded memory; refused records go to OUT.rejects.jsonl.

    OUT appears whole or not at all; fields of IN that misread does not know are passed through.

    Example: misread label clips.jsonl verdicts.parquet --jobs 2
    """
    from misread.batch.job import Job, label
    from misread.present.progress import progress

    options = scoring_options(as_of, prior, unsure_below, langid)
    job = Job(source, out, model, options, tuple(participant or ()), jobs, force)
    with progress("labelled", quiet) as advance:
        done = label(job, advance)
    if done.already:
        note(f"{out} is already complete for this input and model: {done.counts()}")
        return 0
    note(f"{done.counts()}" + (f"; refused records are in {done.rejects}" if done.n_refused else ""))
    return REFUSED if done.n_refused else 0
