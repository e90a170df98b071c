"""Agreement against the published worked examples, laws, and files as annotators leave them."""

import json
import math
import random
from pathlib import Path

import pytest

from misread.corpus.agree import QUESTIONS, agree, alpha, coincidences, dawid_skene, interval
from misread.corpus.annotations import Annotation, Judgement, annotation_from, latest, read_annotations
from misread.errors import InputError

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: 4 observers, 12 units, gaps
KRIPPENDORFF = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]

# Dawid & Skene (1979), table 1: 45 patients; the first anaesthetist saw each three times, four others once
ANAESTHETISTS = """
11111 11 33343 34 11221 22 22231 21 22232 22 22233 22 12221 11 33334 33 22222 23 23222 23 44444 44 22233 43 11111 11 22232 12 12111 11
11121 11 11111 11 11111 11 22222 21 22213 22 22222 22 22222 21 22232 22 22122 22 11111 11 11111 11 23222 22 11111 11 11111 11 11211 21
11111 11 33332 33 11111 11 22222 22 22232 32 43343 43 22122 32 23232 33 33334 32 11111 11 11111 11 12121 11 23222 22 12111 11 22222 22
""".split()


def krippendorff() -> list[list[str]]:
    rows = [row.split() for row in KRIPPENDORFF]
    return [[row[u] for row in rows if row[u] != "."] for u in range(12)]


def anaesthetists() -> list[tuple[str, str, str]]:
    patients = [first + last for first, last in zip(ANAESTHETISTS[::2], ANAESTHETISTS[1::2], strict=True)]
    assert len(patients) == 45
    return [(f"p{i}", who, said) for i, given in enumerate(patients, 1) for who, said in zip("1112345", given, strict=True)]


@pytest.mark.parametrize(("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_alpha_is_that_of_krippendorffs_worked_example(metric: str, published: float) -> None:
    assert alpha(coincidences(krippendorff(), "12345"), metric) == pytest.approx(published, abs=0.0005)


def test_coincidences_are_those_of_krippendorffs_worked_example() -> None:
    matrix = coincidences(krippendorff(), "12345")
    assert [sum(row) for row in matrix] == pytest.approx([9, 13, 10, 5, 3])
    assert [matrix[i][i] for i in range(5)] == pytest.approx([7, 10, 8, 4, 3])


def test_the_consensus_is_that_of_dawid_and_skenes_anaesthetists() -> None:
    consensus, confusion = dawid_skene(anaesthetists(), "1234")
    shares = [sum(row[v] for row in consensus.values()) / 45 for v in "1234"]
    assert shares == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert [round(confusion["1"]["1"][v], 2) for v in "1234"] == [0.89, 0.11, 0.0, 0.0]
    assert [round(confusion["1"]["2"][v], 2) for v in "1234"] == [0.07, 0.88, 0.05, 0.0]
    assert consensus["p1"]["1"] > 0.999
    assert consensus["p11"]["4"] > 0.999


@pytest.mark.parametrize("metric", ["nominal", "ordinal"])
@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_the_same_for_renamed_annotators_and_shuffled_units_and_at_most_one(metric: str, seed: int) -> None:
    rng = random.Random(seed)
    units = [[rng.choice("0123") for _ in range(rng.randint(1, 4))] for _ in range(30)]
    shuffled = [rng.sample(unit, len(unit)) for unit in rng.sample(units, len(units))]
    value = alpha(coincidences(units, "0123"), metric)
    assert value <= 1
    assert alpha(coincidences(shuffled, "0123"), metric) == pytest.approx(value)
    assert alpha(coincidences([[u[0]] * len(u) for u in units], "0123"), metric) == pytest.approx(1)


def test_chance_is_about_zero_and_ordinal_forgives_neighbours() -> None:
    rng = random.Random(1)
    chance = [[rng.choice("0123"), rng.choice("0123")] for _ in range(4000)]
    near = [[v, str(min(3, int(v) + 1))] for v in "0123" * 20]
    assert abs(alpha(coincidences(chance, "0123"), "nominal")) < 0.05
    assert alpha(coincidences(near, "0123"), "ordinal") > alpha(coincidences(near, "0123"), "nominal") + 0.3


@pytest.mark.parametrize("units", [[], [["a"], ["b"]], [["a", "a"], ["a", "a"]]])
def test_alpha_of_nothing_to_tell_apart_is_undefined(units: list[list[str]]) -> None:
    assert math.isnan(alpha(coincidences(units, "ab"), "nominal"))


def test_the_interval_holds_the_value_and_narrows_with_more_clips() -> None:
    rng = random.Random(3)
    clips = [coincidences([[v, v if rng.random() < 0.8 else rng.choice("ab")]], "ab") for v in rng.choices("ab", k=400)]
    few, many = interval(clips[:40], "nominal", 0), interval(clips, "nominal", 0)
    total = [[sum(m[i][j] for m in clips) for j in range(2)] for i in range(2)]
    assert many[0] < alpha(total, "nominal") < many[1]
    assert many[1] - many[0] < few[1] - few[0]
    assert interval(clips, "nominal", 0) == many
    assert all(map(math.isnan, interval(clips[:1], "nominal", 0)))


def test_the_consensus_trusts_the_reliable_against_a_careless_majority() -> None:
    rng = random.Random(0)
    truth = {f"u{i}": rng.choice("ab") for i in range(300)}
    said = [(u, who, t if rng.random() < skill else rng.choice("ab")) for u, t in truth.items() for who, skill in
            (("good", 0.97), ("fair", 0.9), ("careless 1", 0.05), ("careless 2", 0.05), ("careless 3", 0.05))]  # fmt: skip
    consensus, confusion = dawid_skene(said, "ab")
    votes = {u: max("ab", key=[v for unit, _, v in said if unit == u].count) for u in truth}
    right = sum(max(p, key=p.get) == truth[u] for u, p in consensus.items())
    assert right > sum(votes[u] == t for u, t in truth.items()) + 20
    assert confusion["good"]["a"]["a"] > 0.9 > confusion["careless 1"]["a"]["a"]
    assert all(sum(p.values()) == pytest.approx(1) for p in consensus.values())


def test_no_ratings_have_no_consensus_and_a_unit_at_odds_with_all_stays_a_share() -> None:
    assert dawid_skene([], "ab") == ({}, {})
    assert dawid_skene([("u", "x", "a"), ("u", "y", "b")], "ab")[0]["u"] == {"a": 0.5, "b": 0.5}


def judged(clip_id: str, who: str, label: str | None, *items: tuple[str | None, int | None], at: str | None = None) -> Annotation:
    evidence = tuple(Judgement(evidence_id=f"e{i}", stance=s, relevance=r) for i, (s, r) in enumerate(items))
    return Annotation(clip_id=clip_id, annotator=who, label=label, evidence=evidence, annotated_at=at)


def test_every_question_is_answered_and_disputes_about_the_label_come_first() -> None:
    said = [
        judged("a", "x", "friendly", ("friendly", 3), ("neutral", 0)),
        judged("a", "y", "friendly", ("friendly", 1), ("neutral", 0)),
        judged("b", "x", "conflict", ("conflict", 3)),
        judged("b", "y", "friendly", ("conflict", 3)),
        judged("c", "x", None),
        judged("c", "y", "conflict", (None, None)),
    ]
    found = agree(said, seed=0)
    assert list(found["questions"]) == list(QUESTIONS)
    assert {n: q["n_units"] for n, q in found["questions"].items()} == {"label": 2, "first_impression": 0, "stance": 3, "relevance": 3}
    assert found["questions"]["stance"]["alpha"]["value"] == 1
    assert found["questions"]["first_impression"]["alpha"]["value"] is None
    assert set(found["questions"]["label"]["consensus"]) == {"a", "b"}  # c was judged by y alone
    assert [d["clip_id"] for d in found["disputes"]] == ["b", "a"]
    assert found["disputes"][1]["answers"] == {"relevance": {"a e0": {"x": "3", "y": "1"}}}
    assert found["annotators"] == {"x": 3, "y": 3}


def test_the_last_line_of_an_annotator_counts_unless_it_is_dated_before_another() -> None:
    lines = [
        judged("a", "x", "friendly", at="2024-05-02T00:00:00Z"),
        judged("a", "y", "friendly"),
        judged("a", "x", "conflict", at="2024-05-01T00:00:00Z"),
        judged("a", "y", None),
    ]
    assert [(a.annotator, a.label) for a in latest(lines)] == [("x", "friendly"), ("y", None)]


def write(path: Path, *records: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_annotations_and_labelled_files_and_folders_are_read_alike(tmp_path: Path) -> None:
    clip = {"clip_id": "a", "label": "friendly", "evidence": [{"text": "x", "stance": "friendly", "relevance": 3}]}
    line = {
        "clip_id": "a",
        "annotator": "mo",
        "annotated_at": "2024-05-01T00:00:00Z",
        "label": "conflict",
        "clip": clip,
        "verdict_seen": True,
    }
    write(tmp_path / "gold" / "clips-01.jsonl", clip)
    write(tmp_path / "gold" / "clips-02.jsonl", {**clip, "clip_id": "b"})
    write(tmp_path / "page.jsonl", "", line, {**line, "label": None, "note": "half of \ud83d an emoji"})
    found = read_annotations([tmp_path / "gold", write(tmp_path / "second.jsonl", clip), tmp_path / "page.jsonl"])
    assert [(a.annotator, a.clip_id, a.label) for a in found] == [
        ("gold", "a", "friendly"),
        ("gold", "b", "friendly"),
        ("second", "a", "friendly"),
        ("mo", "a", None),
    ]
    assert found[0].evidence == (Judgement(evidence_id="1", stance="friendly", relevance=3),)
    assert found[3].clip is not None
    assert found[3].clip.evidence[0].evidence_id == "1"
    assert found[3].note == "half of \ufffd an emoji"


def test_two_files_of_one_name_are_two_annotators(tmp_path: Path) -> None:
    files = [write(tmp_path / folder / "clips.jsonl", {"clip_id": "a", "label": "friendly"}) for folder in ("one", "two")]
    assert {a.annotator for a in read_annotations(files)} == {str(f) for f in files}


def test_every_problem_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    bad = {"annotator": "", "label": 3, "evidence": [{"stance": "friendly"}], "clip": {"comments": 3}, "annotated_at": "noon"}
    twice = {"annotator": "x", "clip_id": "a", "evidence": [{"evidence_id": "e"}, {"evidence_id": "e"}]}
    write(tmp_path / "a.jsonl", {"annotator": "x", "clip_id": "a"}, bad, "{", "[]", twice)
    with pytest.raises(InputError) as caught:
        read_annotations([tmp_path / "a.jsonl", tmp_path / "missing.jsonl"])
    places = [(p.line, p.field) for p in caught.value.problems]
    assert {field for line, field in places if line == 2} == {
        "clip_id", "label", "evidence", "clip.clip_id", "clip.comments", "annotated_at", "annotator",
    }  # fmt: skip
    assert [place for place in places if place[0] != 2] == [(3, ""), (4, ""), (5, "evidence[1].evidence_id"), (None, "")]
    assert any("missing.jsonl" in (p.file or "") for p in caught.value.problems)


def test_an_annotation_is_what_was_written() -> None:
    found = annotation_from({"clip_id": "a", "annotator": "x", "evidence": [{"evidence_id": "1", "relevance": 2}], "unknown": 1})
    assert found == Annotation(clip_id="a", annotator="x", evidence=(Judgement(evidence_id="1", relevance=2),))
