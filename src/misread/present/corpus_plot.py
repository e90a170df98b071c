"""A picture of what a corpus is made of; works from plain data alone. Needs matplotlib (the extra ``plots``)."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from misread.errors import InputError, MisreadError, Problem
from misread.present.style import safe

# apart for colour-blind eyes too
_COLOURS = {"conflict": "#c2542d", "friendly": "#2a7f9e", "neutral": "#9a9a9a", "none": "#d9d9d9"}
_SUFFIXES = (".png", ".svg")
_N_SETTINGS = 30


def plot(found: Mapping[str, Any], path: Path) -> None:
    """Draw labels, families, settings, kinds by stance, relevance and lengths into one file, which appears whole or not at all.

    Parameters
    ----------
    found
        Plain data as `corpus.stats.stats` gives them.
    path
        A .png or .svg; the same data give the same bytes.

    Raises
    ------
    InputError
        If the name asks for another format.
    MisreadError
        If matplotlib is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(Problem("the name does not say which format to draw", "", "end it in .png or .svg", str(path)))
    try:
        import matplotlib  # type: ignore[import-not-found,unused-ignore]
        from matplotlib.figure import Figure  # type: ignore[import-not-found,unused-ignore]
    except ImportError as err:
        raise MisreadError("a picture needs matplotlib: pip install 'misread[plots]'") from err
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with (
            warnings.catch_warnings(),
            matplotlib.rc_context({"svg.hashsalt": "misread", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False}),
        ):
            warnings.filterwarnings("ignore", "Glyph")  # a name that the font cannot write is drawn as boxes
            figure = Figure(figsize=(13, 11))
            _draw(figure, found)
            figure.savefig(draft, format=suffix[1:], dpi=120, metadata={"Date": None} if suffix == ".svg" else {"Software": None})
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _draw(figure: Any, found: Mapping[str, Any]) -> None:
    axes = figure.subplot_mosaic(
        [["label", "family", "setting"], ["wrong", "family", "setting"], ["relevance", "kind", "setting"], ["words", "kind", "setting"]],
        width_ratios=[1, 1.2, 1.2],
        # fixed margins: what a layout engine solves for differs in its last digits from run to run
        gridspec_kw={"left": 0.07, "right": 0.985, "top": 0.93, "bottom": 0.07, "wspace": 0.42, "hspace": 0.35},
    )
    figure.suptitle(f"{found['n_clips']} clips, {found['n_comments']} comments, {found['n_evidence']} items of evidence")
    _columns(axes["label"], "label", found["label"])
    _columns(axes["relevance"], "relevance of evidence", found["relevance"])
    wrong = {label: 100 * (row["share"] or 0.0) for label, row in found["first_impression_wrong"].items()}
    _columns(axes["wrong"], "first impression wrong, % of", wrong)
    _stacked(axes["family"], "clips by family", found["family"], ("conflict", "friendly"))
    settings = dict(list(found["setting"].items())[:_N_SETTINGS])
    more = len(found["setting"]) - len(settings)
    _stacked(axes["setting"], "clips by setting" + (f" (and {more} more)" if more else ""), settings, ("conflict", "friendly"))
    _stacked(axes["kind"], "evidence by kind and stance", found["kind_stance"], ("conflict", "friendly", "neutral"))
    _spread(axes["words"], found["words"])
    figure.legend(*axes["kind"].get_legend_handles_labels(), loc="lower center", ncols=3, frameon=False)


def _columns(axis: Any, title: str, values: Mapping[str, float]) -> None:
    axis.set_title(title)
    axis.bar(list(values), list(values.values()), color=[_COLOURS.get(name, "#4a6fa5") for name in values])


def _stacked(axis: Any, title: str, rows: Mapping[str, Mapping[str, int]], parts: tuple[str, ...]) -> None:
    """Horizontal bars, the first row on top."""
    axis.set_title(title)
    # a $ would be read as mathematics, and two settings of one shortened name must stay two bars
    names = [safe(name)[:24].replace("$", r"\$") for name in rows]
    left = [0.0] * len(rows)
    for part in parts:
        values = [row[part] for row in rows.values()]
        axis.barh(range(len(rows)), values, left=left, color=_COLOURS[part], label=part)
        left = [a + b for a, b in zip(left, values, strict=True)]
    axis.set_yticks(range(len(rows)), names)
    axis.invert_yaxis()


def _spread(axis: Any, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Words of each sort of text: the middle half, a line from the tenth to the ninetieth percentile, the median."""
    axis.set_title("words (10, 25, 50, 75, 90 %)")
    known = {name: row for name, row in rows.items() if row["n"]}
    for i, row in enumerate(known.values()):
        axis.plot([row["p10"], row["p90"]], [i, i], color="#4a6fa5", linewidth=1)
        axis.plot([row["p25"], row["p75"]], [i, i], color="#4a6fa5", linewidth=6, solid_capstyle="butt")
        axis.plot([row["median"]], [i], "o", color="white", markersize=3)
    axis.set_yticks(range(len(known)), list(known))
    axis.invert_yaxis()
