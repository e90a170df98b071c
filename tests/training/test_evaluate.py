"""The slices of an evaluation: which clips and items each rests on, and what a corpus without tags is left with."""

import dataclasses

import msgspec
import numpy as np
import pytest

from misread.corpus.read import Corpus
from misread.model.bundle import Model
from misread.present.figures import evaluation_table
from misread.records import Clip
from misread.scoring import score
from misread.training import cards
from misread.training.evaluate import SLICES, TELLING, Evaluation, evaluate

OF_TAGS = {"in a family", "plain", TELLING}
OF_HARD_ITEMS = {"stance_auroc_indirect", "stance_auroc_in_family"}


@pytest.fixture(scope="module")
def some(corpus: Corpus) -> list[Clip]:
    tested = corpus.split("test")
    bare = [c for c in tested[40:] if not c.comments or not c.evidence]
    return [*tested[:40], *bare[:8]]


def evaluated(model: Model, clips: list[Clip]) -> Evaluation:
    return evaluate(model, Corpus(tuple(clips)), seed=0, with_baselines=False, n_draws=10)


@pytest.fixture(scope="module")
def found(model: Model, some: list[Clip]) -> Evaluation:
    return evaluated(model, some)


def share_right(model: Model, clips: list[Clip], cut: bool = False) -> float:
    read = [Clip(clip_id="x", caption=c.caption) if cut else c for c in clips]
    return float(np.mean([(score(model, r).p_conflict >= 0.5) == (c.label == "conflict") for r, c in zip(read, clips, strict=True)]))


def test_each_slice_is_measured_on_its_own_clips(model: Model, some: list[Clip], found: Evaluation) -> None:
    assert set(found.slices) == {*SLICES, TELLING}
    hard = [c for c in some if c.tags["families"]]
    silent = [c for c in some if not c.comments]
    telling = [c for c in some if c.tags["caption"] == "tells"]
    for name, clips in (("in a family", hard), ("without comments", silent), (TELLING, telling)):
        accuracy = found.slices[name]["accuracy"]
        assert (accuracy.n, accuracy.value) == (len(clips), pytest.approx(share_right(model, clips, cut=name == TELLING)))
    for one, other in (("in a family", "plain"), ("with comments", "without comments"), ("with evidence", "without evidence")):
        assert found.slices[one]["brier"].n + found.slices[other]["brier"].n == len(some)


def test_indirect_items_are_those_that_decide_and_are_listed(some: list[Clip], found: Evaluation) -> None:
    listed = [e for c in some for e in c.evidence if e.evidence_id in c.tags.get("indirect", ()) and e.stance != "neutral"]
    decisive = [e for e in listed if e.relevance == 3]
    assert 0 < found.evidence["stance_auroc_indirect"].n == len(decisive) < len(listed)
    hard = [e for c in some if c.tags["families"] for e in c.evidence if e.stance in ("conflict", "friendly") and (e.relevance or 0) >= 2]
    assert found.evidence["stance_auroc_in_family"].n == len(hard)


def test_without_tags_only_what_was_there_to_read_is_told_apart(model: Model, some: list[Clip], found: Evaluation) -> None:
    untagged = evaluated(model, [msgspec.structs.replace(c, tags=None) for c in some])
    assert set(found.slices) - set(untagged.slices) == OF_TAGS
    assert set(found.evidence) - set(untagged.evidence) == OF_HARD_ITEMS
    assert untagged.slices["with evidence"] == found.slices["with evidence"]
    full = evaluated(model, [c for c in some if c.comments and c.evidence])
    assert not {"without comments", "without evidence"} & set(full.slices)


def test_tags_of_any_shape_are_taken(model: Model, some: list[Clip]) -> None:
    odd = {"families": "sarcasm", "indirect": 3, "caption": ["tells"]}
    assert evaluated(model, [msgspec.structs.replace(c, tags=odd) for c in some[:3]]).slices["in a family"]["accuracy"].n == 3


def test_table_and_card_show_slices_with_n_and_interval(model: Model, found: Evaluation) -> None:
    plain = found.as_dict()
    card = cards.render(dataclasses.replace(model, meta=msgspec.structs.replace(model.meta, metrics=plain)))
    shown = {"verdict, in a family", "verdict, telling caption alone", "stance, AUROC, indirect", "stance, AUROC, in a family"}
    for text in (evaluation_table(plain), card):
        assert not [name for name in shown if name not in text]
    brier = plain["slices"]["in a family"]["brier"]
    assert f"| verdict, in a family | {brier['n']} | {brier['value']:.3f} ({brier['low']:.3f}–{brier['high']:.3f})" in card
    assert max(map(len, evaluation_table(plain).splitlines())) <= 120


def test_a_card_of_a_model_measured_before_there_were_slices_has_none(model: Model, found: Evaluation) -> None:
    old = {name: row for name, row in found.as_dict().items() if name != "slices"}
    card = cards.render(dataclasses.replace(model, meta=msgspec.structs.replace(model.meta, metrics=old)))
    assert "verdict, crowd wrong" in card
    assert "family is" not in card
