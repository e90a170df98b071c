"""The features of many texts as a sparse matrix, compiled, for training: every feature with its sort, as `features.read` lists them."""

from __future__ import annotations

import numpy as np

from misread.text import kernel_tables as kt
from misread.text.features import CUE, MAX_WORD, NGRAM, PAIR, REACH, WORD
from misread.text.kernel import cut, prepared, width_of
from misread.text.kernel_words import INVALID, PAD, allocating, crc_of, jit, meaning, next_token, shifted, squeezed, undone

_B0 = kt.CRC_BEFORE
_N_CUES = len(kt.CUE_NAMES)
#: Of a text of n bytes no more than so many n-grams, words, pairs and cues come for each byte, and so many pairs of cues in all.
_MOST_A_BYTE, _MOST_PAIRS = 12, 200
_START, _END, _FLAGS, _CUES, _FIRST, _SECOND, _ALONE, _BACK = range(8)


@jit
def _find_tokens(text, n, word, tokens, tables):  # type: ignore[no-untyped-def]
    """A row a token: where it stands in ``word`` with drawn-out letters cut, what it does, its CRC alone; how many tokens."""
    count = at = i = 0
    while True:
        i, end = next_token(text, i, n, tables)
        if i == n:
            word[at : at + PAD] = 0
            break
        stop = squeezed(text, i, end, word, at)
        tokens[count, _START], tokens[count, _END] = at, stop
        at, i, count = stop, end, count + 1
    for k in range(count):
        a, b = tokens[k, _START], tokens[k, _END]
        alone = crc_of(word, a, b, np.uint32(0), tables.crc)
        flags, cues, first, second = meaning(word, a, b, alone, tables)
        tokens[k, _FLAGS], tokens[k, _CUES], tokens[k, _FIRST], tokens[k, _SECOND] = flags, cues, first, second
        tokens[k, _ALONE] = alone
    _take_back(tokens, count, tables)
    return count


@jit
def _take_back(tokens, count, tables):  # type: ignore[no-untyped-def]
    """For each token where in its sentence a contrast stands that takes back what was said before it, or -1."""
    last = -1
    for k in range(count - 1, -1, -1):
        flags = tokens[k, _FLAGS]
        if flags & kt.ENDS_SENTENCE:
            last = -1
        elif last < 0:
            if k + 1 < count:
                flags |= tables.phrase_flags[tables.phrases[tokens[k, _FIRST], tokens[k + 1, _SECOND]], 0]
            if flags & kt.CONTRASTS:
                last = k
        tokens[k, _BACK] = last


@jit
def _list_features(word, tokens, count, hashes, blocks, at, tables):  # type: ignore[no-untyped-def]
    """Writes hashes and sorts from ``at`` on; where they end."""
    negated = distant = reach = seen = 0
    for k in range(count):
        a, b, flags = tokens[k, _START], tokens[k, _END], tokens[k, _FLAGS]
        if flags & kt.ENDS_CLAUSE:
            negated = distant = 0
        before = reach
        reach = 1 if k < negated else 2 if k < distant or k < tokens[k, _BACK] else 0
        alone = np.uint32(tokens[k, _ALONE])
        hashes[at] = ~(shifted(tables.starts[reach], b - a, tables.crc) ^ alone)
        blocks[at] = WORD
        at += 1
        if k:
            state = shifted(tables.starts[3], a - tokens[k - 1, _START], tables.crc) ^ np.uint32(tokens[k - 1, _ALONE])
            state = tables.crc[_B0, (state ^ 124) & 255] ^ (state >> np.uint32(8))
            hashes[at] = ~(shifted(np.uint32(state), b - a, tables.crc) ^ alone)
            blocks[at] = PAIR
            at += 1
            phrase = tables.phrase_flags[tables.phrases[tokens[k - 1, _FIRST], tokens[k, _SECOND]]]
            at = _list_cues(phrase[1], before, hashes, blocks, at, tables)
            seen |= phrase[1]
            distant = k + 1 + REACH if phrase[0] & kt.DISTANCES else distant
        at = _list_cues(tokens[k, _CUES], reach, hashes, blocks, at, tables)
        seen |= tokens[k, _CUES]
        if flags & kt.IS_WORD:
            at = _list_ngrams(word, a, b, hashes, blocks, at, tables)
        negated = k + 1 + REACH if flags & kt.NEGATES else negated
        distant = k + 1 + REACH if flags & kt.DISTANCES else distant
    return _list_cue_pairs(seen, hashes, blocks, at, tables)


@jit
def _list_cues(cues, reach, hashes, blocks, at, tables):  # type: ignore[no-untyped-def]
    for cue in range(_N_CUES):
        if cues >> cue & 1:
            hashes[at], blocks[at] = tables.cue_hashes[reach, cue], CUE
            at += 1
    return at


@jit
def _list_cue_pairs(cues, hashes, blocks, at, tables):  # type: ignore[no-untyped-def]
    for a in range(_N_CUES):
        for b in range(a + 1, _N_CUES):
            if cues >> a & 1 and cues >> b & 1:
                hashes[at], blocks[at] = tables.cue_pair_hashes[a, b], CUE
                at += 1
    return at


@jit
def _list_ngrams(word, a, b, hashes, blocks, at, tables):  # type: ignore[no-untyped-def]
    b = cut(word, a, b, MAX_WORD)
    start = a - 1  # stands for the opening bracket
    while start < b:
        state, i, length = np.uint32(tables.starts[4]), start, 0
        while length < 5 and i <= b:
            if i < a or i == b:
                state = np.uint32(tables.crc[_B0, (state ^ (60 if i < a else 62)) & 255] ^ (state >> np.uint32(8)))
                i += 1
            else:
                step = width_of(word[i])
                state = np.uint32(crc_of(word, i, i + step, state, tables.crc))
                i += step
            length += 1
            if length >= 3:
                hashes[at], blocks[at] = ~state, NGRAM
                at += 1
        start += 1 if start < a else width_of(word[start])
    return at


@allocating
def list_texts(data, offsets, most, room, word, tables, indptr, scale, noticed):  # type: ignore[no-untyped-def]
    """Hashes and sorts of all features, text by text; fills where each text's begin, its scale, and which texts are no UTF-8."""
    hashes, blocks = np.empty(1024, np.uint32), np.empty(1024, np.uint8)
    tokens = np.empty((1024, 8), np.int64)
    at = 0
    for k in range(len(offsets) - 1):
        start = np.int64(offsets[k])
        n, seen = prepared(data, start, cut(data, start, np.int64(offsets[k + 1]), most), room, tables)
        noticed[k] = seen & INVALID
        count = 0
        if not seen & INVALID:
            n, _ = undone(room, n, tables)
            if n > len(tokens):
                tokens = np.empty((2 * n, 8), np.int64)
            count = _find_tokens(room, n, word, tokens, tables)
            need = at + _MOST_A_BYTE * n + _MOST_PAIRS
            if need > len(hashes):
                hashes, blocks = _longer(hashes, need), _longer(blocks, need)
            at = _list_features(word, tokens, count, hashes, blocks, at, tables)
        indptr[k + 1], scale[k] = at, 1 / np.sqrt(count + 4.0)
    return hashes[:at].copy(), blocks[:at].copy()


@allocating
def _longer(array, need):  # type: ignore[no-untyped-def]
    out = np.empty(2 * need, array.dtype)
    out[: len(array)] = array
    return out
