"""Figures with their intervals as a plain table; works from an evaluation's plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIGURES = (("brier", "Brier"), ("log_loss", "log loss"), ("accuracy", "accuracy"), ("auroc", "AUROC"))


def figure(cell: Mapping[str, Any] | None) -> str:
    """An estimate as it is quoted: value and interval.

    Examples
    --------
    >>> figure({"value": 0.1234, "low": 0.1, "high": 0.15, "n": 9})
    '0.123 (0.100–0.150)'
    """
    if not cell or cell["value"] is None:
        return "–"
    return f"{cell['value']:.3f} ({cell['low']:.3f}–{cell['high']:.3f})"


def rows(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of proper scores of one evaluation (`Evaluation.as_dict`), by name; baselines last."""
    named = {
        "verdict, all": found["overall"],
        "verdict, crowd right": found["crowd_right"],
        "verdict, crowd wrong": found["crowd_wrong"],
        # sorted, for a model's file keeps no order; absent from what was measured before there were any
        **{f"verdict, {name}": row for name, row in sorted(found.get("slices", {}).items())},
        "crowd's reading": found["crowd_reading"],
        "p_misread": found["misread"],
    }
    return {**named, **{f"baseline: {name}": row for name, row in sorted(found["baselines"].items())}}


def evidence_rows(found: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], str]]:
    """The figures on evidence of one evaluation that were measured, by name, each with what it counts."""
    evidence = found["evidence"]
    named = {
        "NDCG@5 of supporting evidence": ("ndcg_at_5", "clips"),
        "stance, AUROC": ("stance_auroc", "items that bear on the reading"),
        "stance, AUROC, indirect": ("stance_auroc_indirect", "items that decide without a word that says it"),
        "stance, AUROC, in a family": ("stance_auroc_in_family", "items that bear on the reading"),
        "relevance, AUROC": ("relevance_auroc", "items"),
    }
    return {name: (evidence[key], counted) for name, (key, counted) in named.items() if key in evidence}


def evaluation_table(found: Mapping[str, Any]) -> str:
    """One evaluation as lines of text, at most 120 columns.

    Parameters
    ----------
    found
        Plain data as `Evaluation.as_dict` gives them.
    """
    lines = [f"{found['model_id']} on {found['n']} clips (95 % intervals from a bootstrap over events)", ""]
    lines.append(" " * 35 + "n  " + "".join(name.ljust(21) for _, name in FIGURES).rstrip())
    for name, row in rows(found).items():
        n = next(iter(row.values()))["n"] if row else 0
        lines.append(f"{name[:31]:<31} {n:>4}  " + "".join(figure(row.get(key)).ljust(21) for key, _ in FIGURES).rstrip())
    lines.append("")
    lines += [f"{name:<31} {cell['n']:>4}  {figure(cell).ljust(21)}{counted}" for name, (cell, counted) in evidence_rows(found).items()]
    return "\n".join(lines) + "\n"
