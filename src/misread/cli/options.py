"""Options that several commands share, and the checks on their values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from misread.errors import Problem
    from misread.scoring import Options

REFUSED = 3


def _share(value: float) -> float:
    if not 0 < value < 1:
        raise typer.BadParameter("a share between 0 and 1, neither included")
    return value


def _confidence(value: float | None) -> float | None:
    if value is not None and not 0.5 <= value <= 1:
        raise typer.BadParameter("a probability from 0.5 to 1")
    return value


def _time(value: str | None) -> str | None:
    from misread.records import time_problem

    if value is not None and (problem := time_problem(value)):
        raise typer.BadParameter(f"{problem}; RFC 3339 with an offset, e.g. 2023-09-13T02:10:00Z, or a bare date")
    return value


ModelDir = Annotated[Path | None, typer.Option("--model", help="Model folder (default: the model that comes with misread).")]
AsOf = Annotated[str | None, typer.Option(callback=_time, metavar="TIME", help="Use only what was known at this time.")]
Prior = Annotated[float, typer.Option(callback=_share, metavar="P", help="Share of conflict in your own stream.")]
UnsureBelow = Annotated[
    float | None, typer.Option(callback=_confidence, metavar="P", help="Say `unsure` where the verdict is less sure than this.")
]
Participants = Annotated[
    list[str] | None, typer.Option("--participant", metavar="NAME", help="Someone in the clip, for yt-dlp captures; repeat for more.")
]
Langid = Annotated[
    bool, typer.Option("--langid", help="Notice other languages by py3langid, not by small words (pip install 'misread[language]').")
]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout, for programs.")]


def scoring_options(as_of: str | None, prior: float, unsure_below: float | None, langid: bool) -> Options:
    """The options of `scoring.score` from those of the command line."""
    from misread.model.verdict import Decision
    from misread.scoring import Options

    return Options(as_of, prior, Decision(unsure_below), langid)


def complain(problems: tuple[Problem, ...]) -> None:
    """Say on stderr why a record was refused."""
    for problem in problems:
        typer.echo(f"misread: {problem}", err=True)


def note(text: str) -> None:
    """Something worth knowing, on stderr."""
    typer.echo(f"misread: {text}", err=True)
