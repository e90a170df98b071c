"""Is a crowd put together well? How its mean stance to a rumour tells true rumours from false ones, beside a plain mean.

Run: ``python benchmarks/veracity.py THREADS … [--stance-train FILE …]``. THREADS are RumourEval 2019's threads with veracity (see
``misread.formats.threads`` for what conflict and friendly then stand for), the other files as in ``benchmarks/stance.py``; none of them is
in this repository. Two means: the product's (`misread.model.crowd`: copies and authors once, likes by their logarithm, drawn toward
silence) and the plain one. Three kinds of stance: gold; where --stance-train is given, those that the model of ``benchmarks/stance.py``
reads without having seen the event, as the class it says and as p(support) - p(deny). A thread is answered where the mean is not 0.
A sanity check, reported and not chased: nothing was chosen by it. Intervals: bootstrap over events.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from misread import Clip
from misread.errors import InputError
from misread.formats.read import read_clips
from misread.model.crowd import mean_reading, voices
from misread.training.metrics import auroc, estimate

SEED = 20230912
N_FOLDS = 5
SIGN = {"conflict": 1.0, "friendly": -1.0}
#: What a clip tells of its comments too, so that training and reading see the same.
ABOUT = ("text", "target", "parent", "label", "event", "thread_id", "is_source", "depth", "likes")
Stances = list[list[float]]


def labelled(paths: list[str]) -> tuple[list[Clip], int]:
    """The threads whose veracity is known, and how many there are of all sorts."""
    read = list(read_clips(paths))
    for problem in (problem for parsed in read for problem in parsed.problems):
        print(f"veracity.py: {problem}", file=sys.stderr)
    clips = [parsed.clip for parsed in read if parsed.clip is not None]
    return [clip for clip in clips if clip.label is not None], len(clips)


def gold(clips: list[Clip]) -> Stances:
    return [[SIGN.get(comment.stance or "", 0.0) for comment in clip.comments] for clip in clips]


def rows(clip: Clip) -> list[dict[str, Any]]:
    """The comments of a clip as rows of a stance file."""
    said = {comment.comment_id: comment for comment in clip.comments}
    found = []
    for comment in clip.comments:
        above, depth = said.get(comment.reply_to or ""), 1
        parent = above.text if above else clip.caption
        while above is not None and depth <= len(said):  # a file may hold a circle
            above, depth = said.get(above.reply_to or ""), depth + 1
        row = {"text": comment.text, "target": clip.caption, "parent": parent, "depth": depth, "likes": comment.likes}
        found.append({**row, "label": "", "event": clip.event, "is_source": False})
    return found


def read_stances(clips: list[Clip], paths: list[Path]) -> tuple[Stances, Stances]:
    """Stances of comments by models that saw nothing of their event: the class said, and p(support) - p(deny)."""
    import stance
    from sklearn.model_selection import GroupKFold
    from threadpoolctl import threadpool_limits

    from misread.training.pairs import extract, pair, space

    known = [json.loads(line) for path in paths for line in path.read_bytes().splitlines() if line.strip()]
    train = [pair({name: row.get(name) for name in ABOUT}) for row in known]
    tested = [pair(row) for clip in clips for row in rows(clip)]
    labels = sorted({p.label for p in train})
    y = np.array([labels.index(p.label) for p in train], dtype=np.int64)
    groups = np.array([p.group for p in train])
    held_groups = np.array([p.group for p in tested])
    for_it, against = labels.index("support"), labels.index("deny")
    said, likely = np.zeros(len(tested)), np.zeros(len(tested))
    with threadpool_limits(1):
        raw, raw_tested = extract(train), extract(tested)
        n_folds = min(N_FOLDS, len(set(held_groups)))
        for _, held in GroupKFold(n_folds, shuffle=True, random_state=SEED).split(tested, groups=held_groups):
            kept = np.flatnonzero(~np.isin(groups, held_groups[held]))
            columns = space(raw.rows(kept))
            x = columns.place(raw.rows(kept))
            setting = stance.choose(x, y[kept], groups[kept], len(labels))
            found = stance.scores(x, y[kept], columns.place(raw_tested.rows(held)), len(labels), setting) + np.array(setting.offsets)
            p = np.exp(found - found.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            likely[held] = p[:, for_it] - p[:, against]
            best = found.argmax(axis=1)
            said[held] = (best == for_it) * 1.0 - (best == against)
    ends = np.cumsum([len(clip.comments) for clip in clips])[:-1]
    return [part.tolist() for part in np.split(said, ends)], [part.tolist() for part in np.split(likely, ends)]


def report(name: str, clips: list[Clip], stances: Stances) -> None:
    y = np.array([float(clip.label == "conflict") for clip in clips])
    events = [clip.event for clip in clips]
    crowd = np.array([mean_reading(s, voices(clip.comments)).mean for clip, s in zip(clips, stances, strict=True)])
    plain = np.array([sum(s) / len(s) if s else 0.0 for s in stances])

    def show(rule: str, figure: Callable[[np.ndarray], float], answered: str = "") -> None:
        print(f"{name:<35}{rule:<17}{estimate(figure, events, SEED)}{answered}", flush=True)

    for rule, mean in (("crowd's mean", crowd), ("plain mean", plain)):
        show(rule, lambda drawn, mean=mean: auroc(mean[drawn], y[drawn]), f"   answered {np.mean(np.abs(mean) > 1e-9):.2f}")
    show("crowd's - plain", lambda drawn: auroc(crowd[drawn], y[drawn]) - auroc(plain[drawn], y[drawn]))


def fail(text: object) -> NoReturn:
    print(f"veracity.py: {text}", file=sys.stderr)
    raise SystemExit(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("threads", nargs="+")
    parser.add_argument("--stance-train", type=Path, nargs="+", default=[])
    given = parser.parse_args()
    missing = [str(path) for path in (*given.threads, *given.stance_train) if not Path(path).is_file()]
    if missing:
        fail(f"no such file: {', '.join(missing)} (RumourEval's files are not in this repository; name where yours are)")
    try:
        clips, n_read = labelled(given.threads)
    except InputError as err:
        fail("; ".join(map(str, err.problems)))
    y = [clip.label == "conflict" for clip in clips]
    if len(set(y)) < 2:
        fail("AUROC needs threads that were true and threads that were false")
    n_comments = sum(len(clip.comments) for clip in clips)
    print(f"{len(clips)} of {n_read} threads are known to be true ({sum(y)}) or false ({len(y) - sum(y)});", end=" ")
    print(f"{len({clip.event for clip in clips})} events or lone threads, {n_comments} comments. AUROC, true against false:")
    report("gold stances", clips, gold(clips))
    if given.stance_train:
        said, likely = read_stances(clips, given.stance_train)
        report("read stances, the class said", clips, said)
        report("read stances, p(support) - p(deny)", clips, likely)


if __name__ == "__main__":
    main()
