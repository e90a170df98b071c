"""The generated parts of data/README.md: what the corpus is made of, how far readers agree, what the audit and the curve say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from misread.corpus.agree import agree
from misread.corpus.annotations import read_annotations
from misread.corpus.croissant import describe
from misread.corpus.read import read_corpus
from misread.corpus.stats import PLAIN, stats
from misread.present.figures import figure
from misread.training.cards import between

#: Where the benchmarks leave what takes too long to be made again for every check.
RESULTS = Path("benchmarks") / "results"
VERSION = "1.0.0"
_SEED = 20230912


def corpus_sha256(data: Path) -> str:
    """The fingerprint of clips and splits; figures about another corpus are out of date."""
    return read_corpus([data / "corpus"]).sha256


def data_card(text: str, repository: Path) -> str:
    """data/README.md with its generated parts made again.

    Parameters
    ----------
    text
        The card as it is.
    repository
        With ``data/`` and ``benchmarks/results/``.
    """
    data = repository / "data"
    text = between(text, "counts", "\n" + counts(stats(read_corpus([data / "corpus", data / "statements"]))) + "\n")
    if any((data / "readings").glob("*.jsonl")):
        text = between(text, "agreement", "\n" + agreement(data) + "\n")
    for name, render in (("audit", audit_table), ("curve", curve_table)):
        path = repository / RESULTS / f"{name}.json"
        if path.exists():
            text = between(text, name, "\n" + render(json.loads(path.read_text(encoding="utf-8"))) + "\n")
    return text


def counts(found: Mapping[str, Any]) -> str:
    """What the corpus is made of, as Markdown.

    Parameters
    ----------
    found
        From `misread.corpus.stats.stats`.
    """
    label, wrong = found["label"], found["first_impression_wrong"]
    size = f"{found['n_clips']:,} clips of {found['n_events']:,} events ({found['pairs']['n']} minimal pairs), "
    size += f"{found['n_comments']:,} comments, {found['n_evidence']:,} items of evidence, {found['n_statements']:,} single statements."
    balance = f"Labels: {label['conflict']:,} conflict, {label['friendly']:,} friendly. The first impression is wrong in "
    balance += f"{wrong['friendly']['share']:.0%} of the friendly and {wrong['conflict']['share']:.0%} of the conflict clips. "
    balance += f"{found['family'][PLAIN]['n']:,} clips are plain."
    grades = ", ".join(f"{grade}: {n:,}" for grade, n in found["relevance"].items())
    largest = max(row["n"] for row in found["setting"].values())
    lines = [
        size,
        "",
        balance,
        "",
        _by_label("family", {name: row for name, row in found["family"].items() if name != PLAIN}),
        "",
        _by_label("caption", found["caption"]),
        "",
        "| evidence | conflict | friendly | neutral |",
        "|---|---|---|---|",
        *(f"| {kind} | {row['conflict']} | {row['friendly']} | {row['neutral']} |" for kind, row in found["kind_stance"].items()),
        "",
        f"Relevance: {grades}. Settings: {len(found['setting'])}, the largest with {largest} clips.",
        "",
        "| split | " + " | ".join(found["splits"]) + " |",
        "|---|" + "---|" * len(found["splits"]),
        *(
            f"| {'clips' if unit == 'n' else unit} | " + " | ".join(str(row[unit]) for row in found["splits"].values()) + " |"
            for unit in ("n", "conflict", "friendly", "events")
        ),
    ]
    return "\n".join(lines)


def _by_label(heading: str, named: Mapping[str, Mapping[str, int]]) -> str:
    rows = [f"| {name} | {row['conflict']} | {row['friendly']} |" for name, row in sorted(named.items())]
    return "\n".join([f"| {heading} | conflict | friendly |", "|---|---|---|", *rows])


def agreement(data: Path) -> str:
    """How far writer and second reader agree, as Markdown."""
    second = read_annotations(sorted((data / "readings").glob("*.jsonl")))
    read = {a.clip_id for a in second}
    first = [a for a in read_annotations([data / "corpus"]) if a.clip_id in read]
    found = agree([*first, *second], _SEED)
    lines = [f"{len(read)} clips were read twice.", "", "| | Krippendorff's alpha (95 %) | units |", "|---|---|---|"]
    lines += [
        f"| {name.replace('_', ' ')} ({row['metric']}) | {figure(row['alpha'])} | {row['n_units']} |"
        for name, row in found["questions"].items()
    ]
    parted = {a.clip_id: a.label for a in second}
    disputed = sorted(a.clip_id for a in first if parted[a.clip_id] not in (None, a.label))
    lines += ["", f"Labels in dispute ({len(disputed)}): {', '.join(disputed) or 'none'}."]
    return "\n".join(lines)


def audit_table(found: Mapping[str, Any]) -> str:
    """The audit as Markdown.

    Parameters
    ----------
    found
        ``corpus_sha256`` and ``audit`` (`audit.Audit.as_dict`), as `benchmarks/audit.py` leaves them.
    """
    made = found["audit"]
    heading = "`misread corpus audit data/corpus --gate`: how often a model that sees one side of a clip alone gives the label, "
    heading += f"cross-validated by event (95 % intervals from a bootstrap over {made['n_events']} events)."
    lines = [
        heading,
        "",
        "| seen alone | accuracy | chance | bound |",
        "|---|---|---|---|",
    ]
    for name, row in made["figures"].items():
        bound = "–" if row["bound"] is None else f"{row['bound']:.2f}{'' if row['status'] == 'fine' else ' (' + row['status'] + ')'}"
        lines.append(f"| {name} | {figure(row['accuracy'])} | {row['chance']:.3f} | {bound} |")
    across = [pair for pair in made["near_duplicates"] if pair["across"]]
    lines += ["", f"Five-word sequences in more than 3 events: {len(made['phrases'])}. Near-duplicates across splits: {len(across)}."]
    return "\n".join(lines)


def curve_table(found: Mapping[str, Any]) -> str:
    """The learning curve as Markdown.

    Parameters
    ----------
    found
        As `benchmarks/learning_curve.py` leaves it: ``rows`` (``share``, ``n_clips`` and estimates) and ``says`` (one sentence).
    """
    names = ("log_loss", "accuracy", "stance_auroc")
    lines = ["| clips to learn from | log loss | accuracy | stance of evidence, AUROC |", "|---|---|---|---|"]
    lines += [f"| {row['n_clips']} ({row['share']:.0%}) | " + " | ".join(figure(row[n]) for n in names) + " |" for row in found["rows"]]
    return "\n".join([*lines, "", found["says"]])


def main(repository: Path) -> None:
    """Remake the data card and the description for machines."""
    path = repository / "data" / "README.md"
    path.write_text(data_card(path.read_text(encoding="utf-8"), repository), encoding="utf-8")
    (repository / "data" / "croissant.json").write_text(croissant(repository / "data"), encoding="utf-8")


def croissant(data: Path) -> str:
    """data/croissant.json as it should be."""
    return json.dumps(describe(data, VERSION), indent=1, ensure_ascii=False) + "\n"
