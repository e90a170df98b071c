"""From labelled clips to a measured model: the same bytes twice, nothing learnt from the test split."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from misread.corpus.read import Corpus, Statement, read_corpus
from misread.errors import InputError
from misread.formats.read import write_clips
from misread.model.reader import OWN_ROLES
from misread.records import Clip
from misread.scoring import load_model, score
from misread.training import base, examples, fit, matrix, reading
from misread.training.cards import render
from misread.training.evaluate import evaluate
from misread.training.train import train


@pytest.fixture(scope="module")
def small(corpus: Corpus) -> list[Clip]:
    """Enough clips of every split to learn something, few enough to be quick."""
    return [*corpus.split("train")[:60], *corpus.split("calibrate")[:30], *corpus.split("test")[:30]]


@pytest.fixture(scope="module")
def folder(small: list[Clip], corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus")
    with (path / "clips.jsonl").open("wb") as file:
        write_clips(small, file)
    events = sorted({c.event for c in small})
    (path / "splits.csv").write_text("group_id,split\n" + "".join(f"{e},{corpus.splits[e]}\n" for e in events))
    return path


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "mine"
    train([folder], out, seed=1)
    return out


def test_the_same_inputs_give_the_same_bytes(folder: Path, trained: Path, tmp_path: Path) -> None:
    train([folder], tmp_path / "mine", seed=1, n_jobs=2)
    for name in ("model.safetensors", "model.json", "CARD.md"):
        assert (tmp_path / "mine" / name).read_bytes() == (trained / name).read_bytes()


def test_a_trained_folder_is_sound_and_its_card_is_its_own(trained: Path) -> None:
    model = load_model(trained)
    assert (trained / "CARD.md").read_text(encoding="utf-8") == render(model)


def test_the_test_split_teaches_nothing(folder: Path, small: list[Clip], corpus: Corpus, trained: Path, tmp_path: Path) -> None:
    turned = [
        msgspec.structs.replace(c, label="friendly", caption="zebra", evidence=(), comments=()) if corpus.splits[c.event] == "test" else c
        for c in small
    ]
    with (tmp_path / "clips.jsonl").open("wb") as file:
        write_clips(turned, file)
    (tmp_path / "splits.csv").write_bytes((folder / "splits.csv").read_bytes())
    train([tmp_path], tmp_path / "mine", seed=1)
    assert (tmp_path / "mine" / "model.safetensors").read_bytes() == (trained / "model.safetensors").read_bytes()


def test_a_folded_table_reads_what_was_fitted(small: list[Clip]) -> None:
    texts = [example for clip in small[:20] for example in examples.from_clip(clip)]
    found = matrix.build(texts, base.priors())
    weights = np.random.default_rng(0).normal(size=(4, found.x.shape[1]))
    keys, folded, bias = matrix.fold(found, weights)
    four = found.x @ weights.T
    own = np.array([text.role in OWN_ROLES for text in texts])
    fitted = np.where(own[:, None], four[:, [0, 1, 3]], four[:, :3])
    served = fit.served(texts, *matrix.rounded(keys, folded), bias).scores
    spoken = np.asarray(abs(found.x).sum(axis=1)).ravel() > 0
    assert own.any()
    assert not own.all()
    assert served[spoken] == pytest.approx(fitted[spoken], abs=0.01)


def test_out_of_fold_readings_come_from_readers_that_never_saw_the_event(small: list[Clip]) -> None:
    """A word that stands in one event alone, always in conflict, must say nothing out of fold."""
    planted = [msgspec.structs.replace(c, caption="qwxzy", tags={"caption": "tells"}, label="conflict", group_id="one") for c in small[:8]]
    texts = [example for clip in planted + small[8:] for example in examples.from_clip(clip)]
    rows = [i for i, t in enumerate(texts) if t.text == "qwxzy"]
    found = matrix.build(texts, base.priors())
    inside = found.x @ reading.coefficients(found, texts, np.arange(len(texts)), 0).T
    outside = reading.out_of_fold(found, texts, seed=0).scores
    taught = (inside[rows, 0] - inside[rows, 1]).min()
    unseen = (outside[rows, 0] - outside[rows, 1]).max()
    assert taught > unseen + 1.0, "the word was learnt where its event was seen"


def test_too_few_labels_say_so(tmp_path: Path) -> None:
    with (tmp_path / "clips.jsonl").open("wb") as file:
        write_clips([Clip(clip_id=str(i), caption="x", label="conflict") for i in range(30)], file)
    with pytest.raises(InputError, match="at least 10 of each"):
        train([tmp_path], tmp_path / "out")


def test_evaluation_measures_the_test_split_alone(trained: Path, small: list[Clip], corpus: Corpus) -> None:
    model = load_model(trained)
    own = Corpus(tuple(small), splits=corpus.splits)
    found = evaluate(model, own, seed=0, n_draws=50)
    tested = own.split("test")
    right = [(score(model, c).p_conflict >= 0.5) == (c.label == "conflict") for c in tested]
    assert found.n == len(tested)
    assert found.overall["accuracy"].value == pytest.approx(np.mean(right))
    assert found.crowd_right["accuracy"].n + found.crowd_wrong["accuracy"].n == len(tested)
    assert set(found.baselines) >= {"prior", "VADER over everything", "majority of evidence"}
    assert found.baselines["prior"]["auroc"].value == 0.5


def test_statements_teach_stance_and_are_evidence() -> None:
    s = Statement(statement_id="1", kind="other", text="x", about="two men argue", stance="neutral")
    (example,) = examples.from_statements([s])
    assert (example.role, example.stance, example.relevance) == ("other", "neutral", None)


def test_without_a_splits_file_nothing_learnt_from_is_reported_on(corpus: Corpus, tmp_path: Path) -> None:
    with (tmp_path / "clips.jsonl").open("wb") as file:
        write_clips(corpus.clips[:230], file)
    _, found = train([tmp_path / "clips.jsonl"], tmp_path / "mine", seed=1)
    drawn = read_corpus([tmp_path / "clips.jsonl"])
    assert found.n == len(drawn.split("test"))
    assert 0 < found.n < len(drawn.clips) / 2
