"""Everything that is generated for people to read, made again: ``python -m misread.training.pages MODEL REPOSITORY``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from misread.formats.read import read_clips
from misread.model.bundle import Model
from misread.present import terminal
from misread.present.figures import rows
from misread.present.style import Style
from misread.scoring import load_model, score
from misread.training import cards, data_card


def readme(text: str, model: Model, example: Path) -> str:
    """The README with its terminal session and its figures made again from the model.

    Parameters
    ----------
    text
        The README as it is.
    model
        The default model.
    example
        The clip of the session.
    """
    clips = [parsed.clip for parsed in read_clips([str(example)]) if parsed.clip is not None]
    session = "".join(terminal.render(clip, score(model, clip), Style(100)) for clip in clips)
    text = cards.between(text, "demo", f"\n```console\n$ misread score {example.name}\n{session}```\n")
    return cards.between(text, "figures", "\n" + headline(model.meta.metrics) + "\n")


def headline(metrics: dict[str, Any]) -> str:
    """The figures that the README leads with, as a Markdown table."""
    named = rows(metrics)
    chosen = {name: row for name, row in named.items() if name in ("verdict, all", "verdict, crowd right", "verdict, crowd wrong")}
    rivals = {name: row for name, row in named.items() if name.startswith("baseline") and "prior" not in name}
    return cards.table({**chosen, **rivals})


def main(folder: Path, repository: Path) -> None:
    """Remake the card of a model folder and the README's generated parts."""
    model = load_model(folder)
    (folder / "CARD.md").write_text(cards.render(model), encoding="utf-8")
    data_card.main(repository)
    path = repository / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8"), model, repository / "data" / "examples" / "vmas-2023.json"), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
