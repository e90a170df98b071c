"""Our own corpus keeps the rules that it was written by, and what is generated about it is up to date."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from misread.corpus.check import check
from misread.corpus.read import Corpus, read_corpus
from misread.corpus.stats import PLAIN, stats
from misread.training import data_card


@pytest.fixture(scope="module")
def whole(repository: Path) -> Corpus:
    return read_corpus([repository / "data" / "corpus", repository / "data" / "statements"])


@pytest.fixture(scope="module")
def found(whole: Corpus) -> dict:
    return stats(whole)


def test_every_record_is_sound(repository: Path) -> None:
    assert check([repository / "data" / "corpus", repository / "data" / "statements"]) == []


def test_it_is_large_enough(found: dict) -> None:
    assert found["n_clips"] >= 2000
    assert found["n_comments"] >= 12_000
    assert found["n_evidence"] >= 8_000
    assert found["n_statements"] >= 4_000


def test_labels_are_balanced_in_all_in_each_family_and_no_setting_is_large(found: dict) -> None:
    n = found["n_clips"]
    assert 0.48 <= found["label"]["conflict"] / n <= 0.52
    for family, row in found["family"].items():
        assert min(row["conflict"], row["friendly"]) >= 0.35 * row["n"], family
    assert max(row["n"] for row in found["setting"].values()) <= 0.05 * n


def test_the_crowd_is_wrong_as_often_as_the_rules_say(found: dict) -> None:
    wrong = found["first_impression_wrong"]
    assert 0.55 <= wrong["friendly"]["share"] <= 0.65
    assert 0.25 <= wrong["conflict"]["share"] <= 0.35


def test_half_of_the_clips_are_plain_and_a_third_of_the_captions_tell(found: dict) -> None:
    assert 0.45 <= found["family"][PLAIN]["n"] / found["n_clips"] <= 0.55
    assert 0.25 <= found["caption"]["tells"]["n"] / found["n_clips"] <= 0.40


def test_every_clip_with_evidence_has_a_distractor_and_every_family_a_minimal_pair(whole: Corpus) -> None:
    assert [c.clip_id for c in whole.clips if c.evidence and all((e.relevance or 0) > 1 for e in c.evidence)] == []
    paired = {family for c in whole.clips if (c.tags or {}).get("pair_id") for family in (c.tags or {})["families"]}
    families = {family for c in whole.clips for family in (c.tags or {})["families"]}
    assert paired == families


def test_no_more_than_two_hundred_clips_stand_in_a_file(repository: Path) -> None:
    for path in (repository / "data" / "corpus").glob("clips-*.jsonl"):
        assert path.read_bytes().count(b"\n") <= 200, path.name


def test_the_data_card_and_the_description_are_up_to_date(repository: Path) -> None:
    card = (repository / "data" / "README.md").read_text(encoding="utf-8")
    assert data_card.data_card(card, repository) == card, "run: make cards"
    described = (repository / "data" / "croissant.json").read_text(encoding="utf-8")
    assert described == data_card.croissant(repository / "data"), "run: make cards"


@pytest.mark.parametrize("name", ["audit", "curve"])
def test_the_stored_figures_are_about_this_corpus(repository: Path, whole: Corpus, name: str) -> None:
    stored = json.loads((repository / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))
    of = {"audit": data_card.corpus_sha256(repository / "data"), "curve": whole.sha256}
    assert stored["corpus_sha256"] == of[name], "run: make bench cards"


def test_at_least_three_hundred_clips_were_read_twice_with_agreement(repository: Path) -> None:
    from misread.corpus.agree import agree
    from misread.corpus.annotations import read_annotations

    data = repository / "data"
    second = read_annotations(sorted((data / "readings").glob("*.jsonl")))
    read = {a.clip_id for a in second}
    first = [a for a in read_annotations([data / "corpus"]) if a.clip_id in read]
    questions = agree([*first, *second], seed=0, n_draws=20)["questions"]
    assert questions["label"]["n_units"] >= 300
    for question, least in (("label", 0.75), ("stance", 0.70), ("relevance", 0.65)):
        assert questions[question]["alpha"]["value"] >= least, question


def test_machines_accept_the_description(repository: Path) -> None:
    pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    command = [sys.executable, "-W", "ignore", "-m", "mlcroissant.scripts.cli", "validate", "--jsonld", "croissant.json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=repository / "data", timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-500:]
