"""What annotators said of clips: files of annotations, or labelled clips, one reader each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from misread.corpus.read import corpus_files
from misread.errors import InputError, Problem
from misread.formats import jsonl
from misread.formats.detect import BOM
from misread.formats.parse import clip_from, mended_text
from misread.formats.read import read_clips
from misread.records import Clip, Grade, Reading, Stance, known_at, time_problem


class Judgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an annotator said of one item of evidence; ``None`` where they said nothing."""

    evidence_id: str
    stance: Stance | None = None
    relevance: Grade | None = None


class Annotation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an annotator said of one clip; ``label`` is ``None`` where they skipped it.

    Attributes
    ----------
    model_id
        The model whose order or verdict was on screen.
    verdict_seen
        Whether the verdict was on screen before the label was given.
    clip
        The clip as annotated, so that a file of annotations trains without anything else.
    """

    clip_id: str
    annotator: str
    annotated_at: str | None = None
    label: Reading | None = None
    first_impression: Reading | None = None
    evidence: tuple[Judgement, ...] = ()
    note: str | None = None
    model_id: str | None = None
    verdict_seen: bool = False
    clip: Clip | None = None


def read_annotations(paths: Sequence[str | Path]) -> list[Annotation]:
    """The latest annotation of every annotator on every clip, from files of annotations and of labelled clips.

    Parameters
    ----------
    paths
        JSON Lines of annotations (told by an ``annotator`` in the first line), or files and folders of labelled clips, whose name
        without suffix is then the annotator; two of one name are told apart by their paths.

    Raises
    ------
    InputError
        With every problem of every line.
    """
    found: list[Annotation] = []
    problems: list[Problem] = []
    places = [Path(p) for p in paths]
    for path in places:
        namesakes = [p for p in places if p.stem == path.stem]
        try:
            if path.is_file() and _holds_annotations(path):
                found += _annotations(path, problems)
            else:
                found += _labels(path, path.stem if len(namesakes) == 1 else str(path), problems)
        except InputError as err:
            problems += err.problems
    if problems:
        raise InputError(*problems)
    return latest(found)


def latest(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The last word of each annotator on each clip: the latest line, unless it is dated and an earlier line is dated later.

    Examples
    --------
    >>> lines = [Annotation(clip_id="a", annotator="x", label=label) for label in ("friendly", "conflict")]
    >>> [a.label for a in latest(lines)]
    ['conflict']
    """
    last: dict[tuple[str, str], Annotation] = {}
    for one in annotations:
        before = last.get((one.annotator, one.clip_id))
        if before and before.annotated_at and one.annotated_at and known_at(one.annotated_at) < known_at(before.annotated_at):
            continue
        last[one.annotator, one.clip_id] = one
    return list(last.values())


def from_clip(clip: Clip, annotator: str) -> Annotation:
    """A labelled clip as the annotation of whoever labelled it.

    Examples
    --------
    >>> from_clip(Clip(clip_id="a", label="friendly"), "second").label
    'friendly'
    """
    return Annotation(
        clip_id=clip.clip_id,
        annotator=annotator,
        label=clip.label,
        first_impression=clip.first_impression,
        evidence=tuple(Judgement(evidence_id=e.evidence_id, stance=e.stance, relevance=e.relevance) for e in clip.evidence),
        clip=clip,
    )


def _holds_annotations(path: Path) -> bool:
    with path.open("rb") as stream:
        for _, line in jsonl.lines(stream):
            if line.removeprefix(BOM).strip():
                value = jsonl.decode(line.removeprefix(BOM))
                return isinstance(value, dict) and "annotator" in value
    return False


def _annotations(path: Path, problems: list[Problem]) -> Iterator[Annotation]:
    with path.open("rb") as stream:
        for number, line in jsonl.lines(stream):
            if not line.removeprefix(BOM).strip():
                continue
            value = _value(line.removeprefix(BOM))
            if isinstance(value, jsonl.Undecodable):
                problems.append(value.problem.at(str(path), number))
                continue
            read = annotation_from(value)
            if isinstance(read, Annotation):
                yield read
            else:
                problems += [p.at(str(path), number) for p in read]


def _value(line: bytes) -> Any:
    """One line as data; a browser writes half of a split emoji as a lone surrogate, which no file of ours can hold."""
    value = jsonl.decode(line)
    if b"\\ud" not in line.lower() or isinstance(value, jsonl.Undecodable):
        return value
    return json.loads(mended_text(json.dumps(value, ensure_ascii=False)))


def annotation_from(value: Any) -> Annotation | list[Problem]:
    """Loose data → an annotation, or all that is wrong with it.

    Examples
    --------
    >>> [p.field for p in annotation_from({"clip_id": "a", "label": "maybe"})]
    ['annotator', 'label']
    """
    if not isinstance(value, dict):
        return [Problem("expected an object", cure="one annotation a line")]
    problems: list[Problem] = []
    ours: dict[str, Any] = {}
    for field in msgspec.structs.fields(Annotation):
        given = value.get(field.name)
        if given is None:
            if field.required:
                problems.append(Problem("missing", field.name))
            continue
        if field.name == "clip":
            parsed = clip_from(given)
            problems += [Problem(p.reason, f"clip.{p.field}".rstrip("."), p.cure) for p in parsed.problems]
            ours["clip"] = parsed.clip
            continue
        try:
            ours[field.name] = msgspec.convert(given, field.type)
        except msgspec.ValidationError as err:
            problems.append(Problem(str(err), field.name))
    problems += _more(ours)
    return problems or Annotation(**ours)


def _more(ours: dict[str, Any]) -> Iterator[Problem]:
    """What types do not say: an unknown time, an item of evidence twice, nobody's name."""
    if (time := ours.get("annotated_at")) is not None and (reason := time_problem(time)):
        yield Problem(reason, "annotated_at", "RFC 3339 with an offset")
    if ours.get("annotator") == "":
        yield Problem("empty", "annotator")
    ids = [j.evidence_id for j in ours.get("evidence", ())]
    for i, name in enumerate(ids):
        if name in ids[:i]:
            yield Problem(f"{name[:40]!r} stands twice", f"evidence[{i}].evidence_id", "one judgement an item")


def _labels(path: Path, annotator: str, problems: list[Problem]) -> Iterator[Annotation]:
    for parsed in read_clips([str(f) for f in corpus_files([path])]):
        if parsed.clip is None:
            problems += parsed.problems
        else:
            yield from_clip(parsed.clip, annotator)
