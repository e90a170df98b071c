"""What is generated is as it would be generated now."""

from pathlib import Path

import pytest

from misread.model.bundle import Model
from misread.training import cards, pages


def test_the_models_card_is_its_own(model: Model, repository: Path) -> None:
    assert (repository / "models" / "default" / "CARD.md").read_text(encoding="utf-8") == cards.render(model), "run: make cards"


def test_the_readme_shows_what_the_model_says(model: Model, repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    made = pages.readme(text, model, repository / "data" / "examples" / "vmas-2023.json")
    assert made == text, "run: make cards"


def test_the_model_was_made_from_this_corpus(model: Model, repository: Path) -> None:
    from misread.corpus.read import read_corpus

    corpus = read_corpus([repository / "data" / "corpus", repository / "data" / "statements"])
    assert model.meta.corpus_sha256 == corpus.sha256, "run: make train"


def test_markers_that_are_not_there_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected one"):
        cards.between("no markers", "demo", "x")
