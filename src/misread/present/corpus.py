"""What the corpus commands found, as lines of text of at most 120 columns; works from their plain data alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from misread.present.figures import figure
from misread.present.style import safe

_WIDTH = 120


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "    –"


def _cut(text: str, width: int) -> str:
    text = safe(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def _estimate(cell: Mapping[str, Any]) -> str:
    """A figure with its interval, or alone where there is too little to draw one."""
    if cell["value"] is not None and cell["low"] is None:
        return f"{cell['value']:.3f}"
    return figure(cell)


def _text(lines: Iterator[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def stats_table(found: Mapping[str, Any]) -> str:
    """What a corpus is made of.

    Parameters
    ----------
    found
        Plain data as `corpus.stats.stats` gives them.
    """
    return _text(_stats(found))


def _stats(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['n_clips']} clips of {found['n_events']} events ({found['groups']['shared']} clips share theirs with another)"
    yield f"{found['n_comments']} comments, {found['n_evidence']} items of evidence, {found['n_statements']} single statements"
    yield f"{found['pairs']['n']} minimal pairs, {found['pairs']['both_labels']} of them with both labels"
    yield ""
    for name in ("label", "first_impression", "stance", "relevance", "comment_stance"):
        yield f"{name:<17}{_counted(found[name])}"
    for label, row in found["first_impression_wrong"].items():
        yield f"first impression wrong in {row['wrong']} of {row['n']} {label} clips ({_share(row['wrong'], row['n']).strip()})"
    for name in ("family", "setting", "caption", "platform"):
        yield ""
        yield f"{name:<28}{'n':>6}  {'share':>7}  {'conflict':>8}  {'friendly':>8}"
        for value, row in found[name].items():
            yield f"  {_cut(value, 26):<26}{row['n']:>6}  {_share(row['n'], found['n_clips'])}  {row['conflict']:>8}  {row['friendly']:>8}"
    yield ""
    yield f"{'kind':<28}{'n':>6}  {'share':>7}  {'conflict':>8}  {'friendly':>8}  {'neutral':>8}"
    for kind, n in found["kind"].items():
        row = found["kind_stance"][kind]
        stances = "  ".join(f"{row[stance]:>8}" for stance in ("conflict", "friendly", "neutral"))
        yield f"  {kind:<26}{n:>6}  {_share(n, found['n_evidence'])}  {stances}"
    yield from _spreads(found)
    yield from _dates_and_splits(found)


def _counted(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return ", ".join(f"{word} {n} ({_share(n, total).strip()})" for word, n in counts.items())


def _spreads(found: Mapping[str, Any]) -> Iterator[str]:
    ranks = ("min", "p10", "p25", "median", "p75", "p90", "max", "mean")
    yield ""
    yield f"{'':<20}{'n':>8}" + "".join(f"{rank:>9}" for rank in ranks)
    rows = {f"words of {name}": row for name, row in found["words"].items()}
    rows |= {f"{name} a clip": row for name, row in found["per_clip"].items()}
    for name, row in {**rows, "likes": found["likes"]}.items():
        yield f"{name:<20}{row['n']:>8}" + "".join(f"{'–' if row[rank] is None else row[rank]:>9}" for rank in ranks)


def _dates_and_splits(found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    for name, row in found["dated"].items():
        yield f"{name:<10} dated to the moment {row['to_the_moment']}, to the day {row['to_the_day']}, undated {row['undated']}"
    yield "years      " + ", ".join(f"{_cut(year, 8)}: {n}" for year, n in found["years"].items())
    yield "events     " + ", ".join(f"of {size}: {n}" for size, n in found["groups"]["sizes"].items())
    for name, row in found["splits"].items():
        share = _share(row["n"], found["n_clips"]).strip()
        yield f"{name:<10} {row['n']} clips ({share}), {row['conflict']} conflict, {row['friendly']} friendly, {row['events']} events"


def audit_table(found: Mapping[str, Any], gated: bool = False) -> str:
    """What gives the label away.

    Parameters
    ----------
    found
        Plain data as `Audit.as_dict` gives them.
    gated
        Whether to end with what the bounds say.
    """
    return _text(_audit(found, gated))


def _audit(found: Mapping[str, Any], gated: bool) -> Iterator[str]:
    yield f"{found['n']} labelled clips of {found['n_events']} events; accuracy with its 95 % interval from a bootstrap over events"
    yield "(the better of two models is the careful figure for a shortcut: it flatters the model, not the corpus)"
    yield ""
    yield f"{'':<27}{'accuracy':<22}{'n':>6}  {'chance':>6}  {'bound':>5}  {'':<18}model"
    for name, row in found["figures"].items():
        bound = "" if row["bound"] is None else f"{row['bound']:.2f}"
        chance = "–" if row["chance"] is None else f"{row['chance']:.3f}"
        start = f"{name:<27}{_estimate(row['accuracy']):<22}{row['accuracy']['n']:>6}  {chance:>6}  {bound:>5}  "
        yield f"{start}{row['status'] or '':<18}{row['model']}"[:_WIDTH]
    for name, row in found["figures"].items():
        if row["words"]:
            yield ""
            yield f"{name}: the words that give most away"
        for word in row["words"]:
            clips = f"{word['n_toward']:>4} of {word['n_clips']:>4} clips, e.g. {', '.join(word['clip_ids'])}"
            yield _cut(f"  {word['toward']:<9} {word['word']:<28} {word['coefficient']:>7.2f}  {clips}", _WIDTH)
    yield from _repeats(found)
    if gated:
        yield ""
        yield "broken: " + (", ".join(found["broken"]) or "nothing")
        if found["too_small"]:
            yield "too small to tell: " + ", ".join(found["too_small"])


def _repeats(found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"{len(found['phrases'])} sequences of five words stand in too many events"
    for phrase in found["phrases"]:
        yield _cut(f"  {phrase['n_events']:>4}  {phrase['phrase']}: {', '.join(phrase['clip_ids'])}", _WIDTH)
    across = sum(twins["across"] for twins in found["near_duplicates"])
    yield f"{len(found['near_duplicates'])} near-duplicate texts in different events, {across} across splits"
    for twins in found["near_duplicates"]:
        one, other = (f"{t['clip_id']} {t['field']}" for t in (twins["first"], twins["second"]))
        mark = "across splits" if twins["across"] else ""
        yield _cut(f"  {twins['jaccard']:.2f}  {one} – {other}  {mark}  {twins['first']['text']}", _WIDTH)


def split_table(found: Mapping[str, Any]) -> str:
    """How many clips and events each split has.

    Parameters
    ----------
    found
        Plain data as `Drawn.as_dict` gives them.

    Examples
    --------
    >>> row = {"n": 3, "conflict": 1, "friendly": 2, "events": 2}
    >>> split_table({"clips": {"train": row}, "n_kept": 0}).splitlines()[1]
    'train          3  100.0 %         1         2       2'
    """
    total = sum(row["n"] for row in found["clips"].values())
    lines = [f"{'':<12}{'n':>4}  {'share':>7}  {'conflict':>8}  {'friendly':>8}  {'events':>6}"]
    for name, row in found["clips"].items():
        lines.append(f"{name:<12}{row['n']:>4}  {_share(row['n'], total)}  {row['conflict']:>8}  {row['friendly']:>8}  {row['events']:>6}")
    if found["n_kept"]:
        lines.append(f"{found['n_kept']} events kept their split")
    return _text(iter(lines))


def proposals_table(found: Sequence[Mapping[str, Any]]) -> str:
    """Clips that should change their event: old → new, and why.

    Parameters
    ----------
    found
        Plain data as `Proposal.as_dict` gives them.

    Examples
    --------
    >>> proposals_table([{"clip_id": "b", "old": None, "new": "a", "because": ["same caption"]}])
    'b: b → a (same caption)\\n'
    """
    if not found:
        return "no two events look like one\n"
    return _text(
        safe(f"{p['clip_id']}: {p['old'] or p['clip_id']} → {p['new']} ({'; '.join(p['because']) or 'joined by others'})") for p in found
    )


def agree_table(found: Mapping[str, Any]) -> str:
    """How far annotators agree, how each errs, and the clips most in dispute.

    Parameters
    ----------
    found
        Plain data as `corpus.agree.agree` gives them.
    """
    return _text(_agreement(found))


def _agreement(found: Mapping[str, Any]) -> Iterator[str]:
    said = ", ".join(f"{safe(name)} ({n} clips)" for name, n in found["annotators"].items())
    yield f"{len(found['annotators'])} annotators on {found['n_clips']} clips: {said}"
    yield ""
    yield f"{'Krippendorff alpha':<20}{'95 % over clips':<24}{'metric':<10}units judged twice or more"
    for name, row in found["questions"].items():
        yield f"{name:<20}{_estimate(row['alpha']):<24}{row['metric']:<10}{row['n_units']}"
    for name, row in found["questions"].items():
        for annotator, rows in row["confusion"].items():
            yield ""
            yield f"{name}: {safe(annotator)} against the consensus (Dawid-Skene)"
            for true, shares in rows.items():
                yield f"  true {true:<10}" + "  ".join(f"{value} {share:.2f}" for value, share in shares.items())
    if found["disputes"]:
        yield ""
        yield "most in dispute:"
    for dispute in found["disputes"]:
        yield f"  {safe(dispute['clip_id'])} ({dispute['dispute']:.2f})"
        for name, units in dispute["answers"].items():
            for unit, answers in units.items():
                part = unit.removeprefix(dispute["clip_id"]).strip()
                said = ", ".join(f"{who}: {value}" for who, value in answers.items())
                yield _cut(f"    {name}{f' of {part}' if part else ''}: {said}", _WIDTH)
