"""What several rooms' tests share: the repository, the shipped model, the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from misread import load_model
from misread.corpus.read import Corpus, read_corpus
from misread.model.bundle import Model

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model(REPOSITORY / "models" / "default")


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return read_corpus([REPOSITORY / "data" / "corpus"])
