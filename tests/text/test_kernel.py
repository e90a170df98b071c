"""The compiled kernel says what the plain definition says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.corpus.read import Corpus
from misread.model.bundle import Model
from misread.model.reader import ROLES, TextReader
from misread.text import features
from misread.text.cues import BY_WORD, CONTRAST, DISTANCE, NEGATION
from misread.text.normalise import _fold, normalise
from misread.training import matrix

pytest.importorskip("numba", reason="the kernel comes with misread[fast]")
from misread.model.compiled import ROLE_CODES, compiled
from misread.text import kernel_tables
from misread.text.fast import FastReader, csr
from misread.text.kernel_tables import ALNUM, ALPHA, SPACE

EVERYTHING = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
CAPTION, STATEMENT = ROLE_CODES["caption"], ROLE_CODES["official_statement"]
PIECES = [
    *("not", "but", "turns out", "however", "...", ".", "!", "?!", ",", '"', "a" * 50, "é" * 45, "fіght", "f1ght", "a$$hole", "f i g h t"),
    *(
        "x'a b c d'y",
        "f.i.g.h.t",
        "a_b_c_d",
        "U.S.A.",
        "loooool",
        "don’t",
        "\u200b",
        "\ufe0f",
        "👋🏽",
        "\u0301",
        "각",
        "ﷺ",
        "½",
        "x@y",
        "3pm",
    ),
]
texts_of_people = st.text(st.sampled_from("abehinotu013457@$! .'-_*#éжаеоіα😂🏽\u200b\ufe0f\u0301ﬁß가İ\x00\n…’“"), max_size=40)
texts_of_signs = st.lists(st.sampled_from([*PIECES, *(w.replace("|", " ") for w in (*BY_WORD, *CONTRAST, *DISTANCE, *NEGATION))])).flatmap(
    lambda pieces: st.sampled_from([" ", "  ", "", "\n"]).map(lambda between: between.join(pieces))
)
hostile = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), texts_of_people, texts_of_signs)


@pytest.fixture(scope="module")
def fast(model: Model) -> FastReader:
    return compiled(model.reader)


def assert_same(fast: FastReader, reader: TextReader, texts: Sequence[str], role: str, given: pa.Array | None = None) -> None:
    found = fast.read(pa.array(texts, pa.string()) if given is None else given, ROLE_CODES[role])
    plain = [reader.read(text, role) for text in texts]
    np.testing.assert_allclose(found.scores, np.array([p.scores for p in plain]).reshape(-1, 3), rtol=0, atol=1e-5)
    assert found.n_tokens.tolist() == [len(p.source.tokens) for p in plain]
    assert found.obfuscated.tolist() == [p.source.source.obfuscated for p in plain]


def assert_same_features(texts: Sequence[str], given: pa.Array | None = None) -> None:
    """Stricter than sums: every hash, of whatever a reader may know, and its sort."""
    found = csr(pa.array(texts, pa.string()) if given is None else given)
    for i, text in enumerate(texts):
        plain = features.read(text)
        part = slice(found.indptr[i], found.indptr[i + 1])
        listed = sorted(zip(found.hashes[part].tolist(), found.blocks[part].tolist(), strict=True))
        assert listed == sorted(zip(plain.hashes, plain.blocks, strict=True)), text[:200]
        assert found.scale[i] == pytest.approx(plain.scale, rel=1e-12)


@pytest.fixture(scope="module")
def sample(corpus: Corpus) -> list[str]:
    texts = [t for c in corpus.clips for t in (c.caption, c.transcript or "", *(x.text for x in c.comments), *(e.text for e in c.evidence))]
    return Random(5).sample(texts, 3000)


@pytest.mark.parametrize("role", ["caption", "official_statement"])
def test_a_sample_of_the_corpus_is_read_as_plain(fast: FastReader, model: Model, sample: list[str], role: str) -> None:
    assert_same(fast, model.reader, sample, role)


def test_features_of_a_sample_are_those_of_the_plain_definition(sample: list[str]) -> None:
    assert_same_features(sample[:500])


def test_csr_holds_what_training_counts(sample: list[str]) -> None:
    plain, found = matrix.counts(sample[:500]), csr(pa.array(sample[:500]))
    keys, place = np.unique(found.hashes, return_inverse=True)
    assert (keys == plain.keys).all()
    dense = np.zeros(plain.raw.shape)
    np.add.at(dense, (np.repeat(np.arange(500), np.diff(found.indptr)), place), found.values)
    assert abs(dense - plain.raw.toarray()).max() < 1e-9


@given(st.lists(hostile, max_size=8), st.sampled_from(ROLES))
@settings(max_examples=300, deadline=None)
def test_hostile_texts_are_read_as_plain(fast: FastReader, model: Model, texts: list[str], role: str) -> None:
    assert_same(fast, model.reader, texts, role)
    assert_same_features(texts)


def test_tables_hold_every_code_point() -> None:
    tables = kernel_tables.tables()
    folded = tables.folded.tobytes()
    for code, fold in enumerate(tables.folds.tolist()):
        char = chr(code)
        if code >= 0x80 and not 0xD800 <= code < 0xE000:
            assert (folded[fold >> 8 : (fold >> 8) + (fold & 255)] if fold else char.encode()) == _fold.__wrapped__(char).encode(), hex(
                code
            )
    for kind, holds in {ALNUM: str.isalnum, ALPHA: str.isalpha, SPACE: str.isspace}.items():
        told = np.fromiter(map(holds, map(chr, range(sys.maxunicode + 1))), bool)
        assert ((tables.classes & kind > 0) == told).all()


@pytest.mark.parametrize("form", ["{} a{}b", "fo{} l1{}"])
def test_every_code_point_is_read_as_plain_alone_and_within_a_word(form: str) -> None:
    """One by one where folding or kind differ within a block of 64; of the other blocks, of one script or none, each sixteenth."""
    texts = []
    for start in range(0, len(EVERYTHING), 64):
        block = EVERYTHING[start : start + 64]
        alike = normalise("".join(block)).text == "".join(block) and len({(c.isalnum(), c.isspace()) for c in block}) == 1
        texts.append(" ".join(form.replace("{}", c) for c in block[:: 16 if alike else 1]))
    assert_same_features(texts)


def test_a_text_of_ten_megabytes_is_read(fast: FastReader, model: Model) -> None:
    long = ("not one of them fought, but she laughed 😂 " * 250_000)[:10_000_000]
    short = "not one of them fought, but she laughed 😂 " * 2_000
    found = fast.read(pa.array([long, short, "x" * 10_000_000, "é" * 3_000_000], pa.large_string()), CAPTION)
    assert found.n_tokens[0] == pytest.approx(10 * len(long) / 42, rel=0.01)
    np.testing.assert_allclose(found.scores[1], model.reader.read(short, "caption").scores, atol=1e-5)
    np.testing.assert_allclose(found.scores[2], model.reader.read("x" * 50, "caption").scores, atol=1e-5)
    assert found.n_tokens[3] == 1


def test_a_text_is_read_to_where_it_is_cut(fast: FastReader, model: Model) -> None:
    texts = ["they hugged 😂😂 and fought", "éé éé", "abc", ""]
    found = fast.read(pa.array(texts), CAPTION, most=13)
    for scores, text in zip(found.scores, texts, strict=True):
        np.testing.assert_allclose(scores, model.reader.read(text[:13], "caption").scores, atol=1e-5)
    assert csr(pa.array(texts), most=13).hashes.tolist() == csr(pa.array([t[:13] for t in texts])).hashes.tolist()


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_slices_of_every_string_type_are_read(fast: FastReader, model: Model, sample: list[str], kind: pa.DataType) -> None:
    part = pa.array(sample[:100], pa.string()).cast(kind)[17:60]
    assert_same(fast, model.reader, sample[17:60], "caption", part)
    assert_same_features(sample[17:60], part)


def test_chunks_and_nulls_and_nothing_are_read(fast: FastReader, model: Model) -> None:
    chunked = pa.chunked_array([pa.array(["they fought", None]), pa.array([], pa.string()), pa.array(["😂"])])
    assert_same(fast, model.reader, ["they fought", "", "😂"], "caption", chunked)
    assert_same_features(["they fought", "", "😂"], chunked)
    assert len(fast.read(pa.array([], pa.string())).scores) == len(fast.read(pa.chunked_array([], pa.string())).scores) == 0


def test_each_text_has_its_role(fast: FastReader, model: Model) -> None:
    found = fast.read(pa.array(["they fought", "they fought"]), [CAPTION, STATEMENT])
    for scores, role in zip(found.scores, ["caption", "official_statement"], strict=True):
        np.testing.assert_allclose(scores, model.reader.read("they fought", role).scores, atol=1e-9)


@pytest.mark.parametrize(
    "raw", [b"they \xff fought", b"\xc3", b"a\xed\xa0\x80b", b"\xf0\x9f\x98", b"\xc0\x80 \xf4\x90\x80\x80", b"\xe0\x80\x80"]
)
def test_bytes_that_are_no_utf8_are_read_as_replacement_characters(fast: FastReader, model: Model, raw: bytes) -> None:
    given = pa.Array.from_buffers(pa.binary(), 2, pa.array([b"so " + raw, b"ok"]).buffers())
    assert_same(fast, model.reader, ["so " + raw.decode("utf-8", "replace"), "ok"], "caption", given)
    assert_same_features(["so " + raw.decode("utf-8", "replace"), "ok"], given)


def test_two_readers_and_two_threads_do_not_disturb_each_other(fast: FastReader, model: Model, sample: list[str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    other = compiled(TextReader([], [], [1.0] * 6, model.reader.bias))
    array = pa.array(sample * 3)
    alone = [reader.read(array, CAPTION).scores for reader in (fast, other)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: (fast, other)[i % 2].read(array, CAPTION).scores, range(8)))
    for i, scores in enumerate(together):
        assert (scores == alone[i % 2]).all()


def test_what_is_known_of_a_hash_of_zero_is_found() -> None:
    keys = np.array([0, 5, 2**32 - 1], np.uint32)
    rows = kernel_tables.rows(keys, np.arange(18, dtype=np.int16).reshape(3, 6)).rows
    assert sorted(rows[rows.any(axis=1), 0].tolist()) == keys.tolist()
