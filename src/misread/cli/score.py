"""`misread score`."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from misread.cli.options import REFUSED, AsOf, Json, Langid, ModelDir, Participants, Prior, UnsureBelow, complain, note, scoring_options
from misread.records import KINDS, Clip, Comment, Evidence


def command(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="JSON, JSON Lines, CSV, Parquet, a yt-dlp .info.json; - is stdin.")
    ] = None,
    caption: Annotated[str | None, typer.Option(help="What the posting account wrote.")] = None,
    comment: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A comment; repeat for more.")] = None,
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="KIND=TEXT", help=f"An item of evidence; repeat for more. Kinds: {', '.join(KINDS)}.")
    ] = None,
    json: Json = False,
    as_of: AsOf = None,
    prior: Prior = 0.5,
    unsure_below: UnsureBelow = None,
    langid: Langid = False,
    model: ModelDir = None,
    participant: Participants = None,
    keep_authors: Annotated[bool, typer.Option("--keep-authors", help="Show who wrote a comment.")] = False,
) -> int:
    """Say of clips whether they show a conflict, whether the crowd misread them, and why.

    Example: misread score --caption "he was NOT having it" --evidence "follow_up_post=We were laughing all night, love that man"
    """
    given = caption is not None or bool(comment) or bool(evidence)
    if given == bool(files):
        raise typer.BadParameter("give either files (- for stdin) or --caption, --comment, --evidence", param_hint="FILE")
    from misread.scoring import load_model
    from misread.scoring import score as verdict_on

    options = scoring_options(as_of, prior, unsure_below, langid)
    served = load_model(model)
    refused = found = False
    for n_shown, clip in enumerate(_clips(files, caption, comment, evidence, participant, keep_authors)):
        found = True
        if clip is None:
            refused = True
            continue
        verdict = verdict_on(served, clip, options)
        if json:
            import msgspec

            sys.stdout.buffer.write(msgspec.json.encode(verdict) + b"\n")
        else:
            from misread.present import terminal
            from misread.present.style import style_for

            style = style_for(sys.stdout)
            typer.echo(("\n" if n_shown else "") + terminal.render(clip, verdict, style), nl=False, color=style.colour)
    if not found:
        note("no record in " + ", ".join(files or ()))  # a table with a header and nothing under it
    return REFUSED if refused else 0


def _clips(
    files: list[str] | None,
    caption: str | None,
    comments: list[str] | None,
    evidence: list[str] | None,
    participants: list[str] | None,
    keep_authors: bool,
) -> Iterator[Clip | None]:
    """The clips to score; ``None`` for a record that was refused, which has been said."""
    if not files:
        yield _given(caption or "", comments or [], evidence or [])
        return
    import os

    from misread.formats.anonymise import KEY_BYTES, Anonymiser
    from misread.formats.read import read_clips

    hide = Anonymiser(os.urandom(KEY_BYTES))  # a key for this run alone: nothing hashed is kept
    for parsed in read_clips(files, participants=participants or ()):
        complain(parsed.problems)
        if parsed.clip is not None:
            for text in parsed.notes:
                note(f"{parsed.clip.clip_id}: {text}")
            yield parsed.clip if keep_authors else hide.clip(parsed.clip)
        else:
            yield None


def _given(caption: str, comments: list[str], evidence: list[str]) -> Clip:
    from misread.formats.parse import mended_text  # bytes that are no UTF-8 come as lone surrogates

    items = []
    for i, item in enumerate(evidence, 1):
        kind, equals, text = item.partition("=")
        if not equals or kind not in KINDS:
            raise typer.BadParameter(f"{item[:60]!r} is not KIND=TEXT with KIND one of: {', '.join(KINDS)}", param_hint="--evidence")
        items.append(Evidence(evidence_id=str(i), kind=kind, text=mended_text(text)))  # type: ignore[arg-type]
    return Clip(
        clip_id="clip",
        caption=mended_text(caption),
        comments=tuple(Comment(comment_id=str(i), text=mended_text(text)) for i, text in enumerate(comments, 1)),
        evidence=tuple(items),
    )
