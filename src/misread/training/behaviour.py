"""Behaviour cases in the manner of CheckList (Ribeiro et al. 2020): what a reader must be able to do, never trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from misread.errors import InputError, Problem
from misread.formats.parse import clip_from, only
from misread.model.bundle import Model
from misread.records import Verdict
from misread.scoring import score

#: How far ``p_conflict`` may move where it should stay the same, and against the direction where it should move.
SAME, AGAINST = 0.1, 0.01


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case: a clip and the verdict expected, or a pair and how the second's ``p_conflict`` should lie to the first's."""

    case_id: str
    kind: Literal["minimum", "invariance", "direction"]
    capability: str
    expect: Literal["conflict", "friendly", "same", "not_higher", "not_lower"]
    clip: dict | None = None  # type: ignore[type-arg]
    clips: tuple[dict, dict] | None = None  # type: ignore[type-arg]


def read_cases(folder: Path) -> list[Case]:
    """All cases of a folder's ``*.jsonl``.

    Raises
    ------
    InputError
        With every line that is no case.
    """
    cases, problems = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                cases.append(msgspec.json.decode(line, type=Case))
            except msgspec.MsgspecError as err:
                problems.append(Problem(str(err), file=str(path), line=number))
    if problems:
        raise InputError(*problems)
    return cases


def passes(case: Case, verdicts: Sequence[Verdict]) -> bool:
    """Whether a reader did what the case asks for.

    Parameters
    ----------
    case
        The case.
    verdicts
        On its clip or its two clips.
    """
    first, last = verdicts[0], verdicts[-1]
    moved = last.p_conflict - first.p_conflict
    if case.expect == "same":
        return first.verdict == last.verdict and abs(moved) <= SAME
    if case.expect in ("not_higher", "not_lower"):
        return (moved if case.expect == "not_higher" else -moved) <= AGAINST
    return first.verdict == case.expect


def pass_rates(model: Model, cases: Iterable[Case]) -> dict[str, dict[str, tuple[int, int]]]:
    """Cases passed and asked, by kind and capability; ``all`` is the whole kind.

    Parameters
    ----------
    model
        From `scoring.load_model`.
    cases
        From `read_cases`.
    """
    counted: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for case in cases:
        clips = [case.clip] if case.clip is not None else case.clips or ()
        passed = passes(case, [score(model, only(clip_from(clip))) for clip in clips])
        for name in ("all", case.capability):
            n_passed, n = counted[case.kind].get(name, (0, 0))
            counted[case.kind][name] = n_passed + passed, n + 1
    return dict(counted)
