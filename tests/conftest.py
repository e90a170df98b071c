"""What several rooms' tests share: the repository, the shipped model, the corpus."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
# numba's cache notices a change of a function's own file only, not of those it calls into; one for each state of the kernel is never stale
_SOURCES = sorted((REPOSITORY / "src" / "misread" / "text").glob("*.py"))
_STATE = hashlib.sha256(b"".join(path.read_bytes() for path in _SOURCES)).hexdigest()[:16]
os.environ.setdefault("NUMBA_CACHE_DIR", str(REPOSITORY / ".numba_cache" / _STATE))

from misread import load_model
from misread.corpus.read import Corpus, read_corpus
from misread.model.bundle import Model


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model(REPOSITORY / "models" / "default")


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return read_corpus([REPOSITORY / "data" / "corpus"])
