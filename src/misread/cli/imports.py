"""`misread import`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from misread.cli.options import REFUSED, Participants, complain, note


def command(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="yt-dlp .info.json, RumourEval threads, JSON Lines, CSV, Parquet; - is stdin.")
    ],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="JSON Lines to write (default: stdout).")] = None,
    participant: Participants = None,
    keep_authors: Annotated[bool, typer.Option("--keep-authors", help="Do not replace authors by keyed hashes.")] = False,
) -> int:
    """Turn captures into clips, one a line, authors replaced by a keyed hash (the key stays in your config folder).

    Of a thread about a rumour, support becomes conflict, deny friendly, true conflict, false friendly: for measuring only.

    Example: misread import *.info.json --participant "Mara Okoye" -o clips.jsonl
    """
    from misread.formats.anonymise import Anonymiser
    from misread.formats.read import import_clips

    hide = None if keep_authors else Anonymiser()
    done = import_clips(files, out, hide, tuple(participant or ()), complain, note, sys.stdout.buffer)
    note(f"{done.n_written} clips" + (f", {done.n_refused} records refused" if done.n_refused else ""))
    if hide is not None and hide.n_authors:
        n_places = hide.n_comments + hide.n_evidence
        note(f"{hide.n_authors} authors replaced by a hash in {n_places} places; names inside texts are left as they are")
    return REFUSED if done.n_refused else 0
