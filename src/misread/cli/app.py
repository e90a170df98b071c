"""The command ``misread``: its commands put together, and what every exit code means."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from misread import __version__
from misread.cli import corpus, evaluate, imports, label, score, train
from misread.errors import InputError, MisreadError

DONE, ERROR, INTERRUPTED = 0, 1, 130

HELP = """Reads a viral clip's caption, comments and evidence: conflict or friendly, how sure, whether the crowd misread it, and
which evidence decides.

Example: misread score --caption "wait for her face" --comment "she is FURIOUS with him" --evidence "follow_up_post=We laughed all night"

Exit codes: 0 done, 1 error, 2 usage, 3 some records were refused (the rest is written), 130 interrupted.
"""

# rich's help texts cost as much again as typer itself (benchmarks/cold_start.py), so help is plain
app = typer.Typer(name="misread", help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)


def _piped(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command, ended quietly when whoever reads its output has had enough; typer would make an error of it."""

    @functools.wraps(command)
    def quiet(*args: Any, **kwargs: Any) -> Any:
        try:
            done = command(*args, **kwargs)
            sys.stdout.flush()
            return done
        except BrokenPipeError:
            # the interpreter flushes once more at exit and must not complain then
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE

    return quiet


for _name, _command in (
    ("score", score.command),
    ("label", label.command),
    ("import", imports.command),
    ("train", train.command),
    ("evaluate", evaluate.command),
):
    app.command(_name)(_piped(_command))
for _registered in corpus.app.registered_commands:
    _registered.callback = _piped(_registered.callback) if _registered.callback else None
app.add_typer(corpus.app, name="corpus")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"misread {__version__}")
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and leave.")) -> None:
    pass


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Parameters
    ----------
    arguments
        Without the program's name; ``None``: the process's own.

    Returns
    -------
    int
        The exit code.

    Examples
    --------
    >>> run(["score", "--prior", "2"])
    2
    """
    return _guarded(lambda: app(args=None if arguments is None else list(arguments), prog_name="misread", standalone_mode=False))


def _guarded(action: Callable[[], object]) -> int:
    """Every way to end, as an exit code and at most a few lines on stderr."""
    try:
        code = action()
        return code if isinstance(code, int) else DONE
    except typer.Exit as leaving:
        return leaving.exit_code
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("misread: interrupted", err=True)
        return INTERRUPTED
    except InputError as err:
        for problem in err.problems:
            typer.echo(f"misread: {problem}", err=True)
        return ERROR
    except MisreadError as err:
        typer.echo(f"misread: {err}", err=True)
        return ERROR
    except OSError as err:
        typer.echo(f"misread: {err.filename or 'output'}: {err.strerror or err}", err=True)
        return ERROR
    except Exception as err:
        # errors of usage have no public root: some releases of typer carry click inside, some import it
        if not (callable(show := getattr(err, "show", None)) and isinstance(code := getattr(err, "exit_code", None), int)):
            raise
        show()
        return code
