"""The features of `features.py`, compiled: from Arrow's buffers to sums of weights, with no Python object a text.

A memo keeps what a word amounts to: the sum of its own rows, its cues' and its n-grams', in each reach; only pairs of words are looked up
anew. It is keyed by the word's very bytes, so nothing is ever taken for something else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from misread.text import kernel_tables as kt
from misread.text.features import MAX_WORD, REACH
from misread.text.kernel_words import (
    INVALID,
    LOOKS,
    NOTHING,
    OBFUSCATED,
    PAD,
    crc_of,
    folded,
    inline,
    is_letter,
    jit,
    key,
    latin,
    load64,
    meaning,
    next_token,
    prefetch,
    shifted,
    squeezed,
    undone,
    word_end,
    zeros_below,
)

#: 32-bit numbers in one entry of the memo: key (4), state after ``p:word|``, CRC of the word alone, bytes, flags, cues, sums with no reach
#: by column, places in phrases (16 bits each); in the other cache line the sums in both reaches.
ENTRY = 32
_STATE, _CRC, _BYTES, _FLAGS, _CUES, _PLACES = 4, 5, 6, 7, 8, 15
_PLAIN, _REACHED = 9, 16
#: So many tokens are found before the first is looked up: their places in memory are fetched meanwhile.
AT_ONCE, TOKEN = 64, 8
_START, _END, _SLOT, _LOW, _HIGH = range(5)
_AGAIN_UNDONE, _AGAIN_BACK = -1, -2
_N_CUES = len(kt.CUE_NAMES)
_B0 = kt.CRC_BEFORE
_LONGEST_KEY = 16


@inline
def _add_row(hashed, known, memo, slot, at):  # type: ignore[no-untyped-def]
    """Adds the row of a feature, if it is known, to six sums of an entry."""
    h = np.uint32(hashed)
    bit = h & np.uint32(64 * len(known.seen) - 1)
    if not (known.seen[bit >> np.uint32(6)] >> np.uint64(bit & np.uint32(63))) & np.uint64(1):
        return
    row = _row_of(h, known)
    if row < 0:
        return
    for j in range(3):
        both = known.rows[row, 1 + j]
        memo[slot, at + 2 * j] += np.int16(both & 0xFFFF)
        memo[slot, at + 2 * j + 1] += np.int16(both >> 16)


@inline
def _row_of(h, known):  # type: ignore[no-untyped-def]
    """Where the row of a feature is; -1 if it is not known."""
    place = np.int64(np.uint32(h * np.uint32(0x9E3779B1)) >> known.shift)
    mask = len(known.rows) - 1
    while True:
        if known.rows[place, 0] == h:
            return place
        if known.rows[place, 0] == 0 and known.rows[place, 1] == 0 and known.rows[place, 2] == 0 and known.rows[place, 3] == 0:
            return -1
        place = (place + 1) & mask


@inline
def _sums_at(reach):  # type: ignore[no-untyped-def]
    return _PLAIN if reach == 0 else _REACHED + 6 * (reach - 1)


@jit
def _learn(memo, slot, text, start, end, word, tables, known):  # type: ignore[no-untyped-def]
    """Fills the entry of a word: everything about it that needs no neighbours."""
    n = squeezed(text, start, end, word, 0)
    alone = crc_of(word, 0, n, np.uint32(0), tables.crc)
    flags, cues, first, second = meaning(word, 0, n, alone, tables)
    for j in range(4, ENTRY):
        memo[slot, j] = 0
    if end - start <= _LONGEST_KEY:
        low, high = key(text, start, end - start)
        memo[slot, 0], memo[slot, 1] = np.int32(np.uint32(low)), np.int32(np.uint32(low >> np.uint64(32)))
        memo[slot, 2], memo[slot, 3] = np.int32(np.uint32(high)), np.int32(np.uint32(high >> np.uint64(32)))
    state = shifted(tables.starts[3], n, tables.crc) ^ alone
    state = tables.crc[_B0, (state ^ 124) & 255] ^ (state >> np.uint32(8))
    memo[slot, _STATE], memo[slot, _CRC], memo[slot, _BYTES] = np.int32(np.uint32(state)), np.int32(np.uint32(alone)), n
    memo[slot, _FLAGS], memo[slot, _CUES], memo[slot, _PLACES] = flags, cues, first | second << 16
    if flags & kt.IS_WORD:
        _add_ngrams(memo, slot, word, n, tables, known)
    for reach in range(1, 3):
        for j in range(6):
            memo[slot, _sums_at(reach) + j] = memo[slot, _PLAIN + j]
    for reach in range(3):
        at = _sums_at(reach)
        _add_row(~(shifted(tables.starts[reach], n, tables.crc) ^ alone), known, memo, slot, at)
        for cue in range(_N_CUES):
            if cues >> cue & 1:
                for j in range(6):
                    memo[slot, at + j] += known.cues[reach, cue, j]


@inline
def _add_ngrams(memo, slot, word, n, tables, known):  # type: ignore[no-untyped-def]
    """The n-grams of three to five characters of ``<word>``, one start after the other."""
    n = cut(word, 0, n, MAX_WORD)
    word_there = n
    start = -1  # stands for the opening bracket
    while start < word_there:
        state = np.uint32(tables.starts[4])
        at, length = start, 0
        while length < 5 and at <= word_there:
            if at == -1 or at == word_there:
                state = np.uint32(tables.crc[_B0, (state ^ (60 if at < 0 else 62)) & 255] ^ (state >> np.uint32(8)))
                at += 1
            else:
                step = width_of(word[at])
                state = np.uint32(crc_of(word, at, at + step, state, tables.crc))
                at += step
            length += 1
            if length >= 3:
                _add_row(~state, known, memo, slot, _PLAIN)
        start += 1 if start < 0 else width_of(word[start])


@inline
def width_of(b):  # type: ignore[no-untyped-def]
    """Bytes of the code point that begins with ``b``."""
    return 1 if b < 0x80 else 2 if b < 0xE0 else 3 if b < 0xF0 else 4


@inline
def cut(text, start, end, most):  # type: ignore[no-untyped-def]
    """Where the text ends if it is cut after ``most`` code points."""
    if end - start <= most:
        return end
    count = 0
    for i in range(start, end):
        if text[i] & 0xC0 != 0x80:
            if count == most:
                return i
            count += 1
    return end


@inline
def prepared(data, start, end, out, tables):  # type: ignore[no-untyped-def]
    """The text in lower case or, if it is not ASCII, folded, with zeros behind; how many bytes, and what was noticed."""
    high = np.uint8(0)
    n = end - start
    for j in range(n):
        b = data[start + j]
        high |= b
        out[j] = b + np.uint8(32) if np.uint8(b - np.uint8(65)) < np.uint8(26) else b
    noticed = NOTHING
    if high & 128:
        n, noticed = folded(data, start, end, out, tables)
        if noticed & LOOKS and not noticed & INVALID:
            n, found = latin(out, n, tables)
            if found:
                noticed |= OBFUSCATED
    for j in range(n, n + PAD):
        out[j] = 0
    return n, noticed


@inline
def may_be_undone(text, start, end, tables, last_single):  # type: ignore[no-untyped-def]
    """Whether a token could be part of what `undone` undoes: digits among letters, or single letters next to each other."""
    if end - start == 1:
        return start - last_single == 2 and is_letter(text[start])
    letters = digits = False
    for i in range(start, end):
        letters = letters or is_letter(text[i])
        digits = digits or tables.ascii[text[i]] & kt.DIGIT_FOR_LETTER != 0
    return letters and digits


@inline
def sign_may_be_letter(text, i, n, tables):  # type: ignore[no-untyped-def]
    """Whether the sign at ``i`` (@, $ or !) stands between letters, alone or with another."""
    if i == 0 or not is_letter(text[i - 1]):
        return False
    return is_letter(text[i + 1]) or (i + 2 < n and is_letter(text[i + 2]))


@inline
def _total(text, n, word, found, pairs, side, settled, back, memo, shift, tables, known):  # type: ignore[no-untyped-def]
    """How many tokens (or why to begin again) and three sums.

    ``settled``: nothing is left to undo; ``back``: contrasts take back what their sentence said before them, for which the difference
    that it would make is kept: ``d`` of all tokens before the last, ``e`` of the last.
    """
    s0 = s1 = s2 = d0 = d1 = d2 = e0 = e1 = e2 = np.int64(0)
    i = count = 0
    negated = distant = 0
    reach = before = 0
    cues = np.int32(0)
    state, first = np.uint32(0), np.int32(0)
    single = -9
    one, ones = np.uint64(1), np.uint64(0x0101010101010101)
    tops = ones * np.uint64(128)
    last_slot = np.int64(len(memo) - 1)
    while i < n:
        n_found = n_pairs = 0
        while i < n and n_found < AT_ONCE:
            kind = tables.ascii[text[i]]
            if kind == 0:
                i += 1
                continue
            end = i
            if kind & kt.WORD:
                x = load64(text, i)
                low7 = x & ~tops
                letter = (low7 + ones * np.uint64(128 - 97)) & ~(low7 + ones * np.uint64(128 - 123))
                digit = (low7 + ones * np.uint64(128 - 48)) & ~(low7 + ones * np.uint64(128 - 58))
                other = (~(letter | digit) | x) & tops
                if other:
                    end = i + (zeros_below(other) >> 3)
                    mixed = digit & (other - one) & ~other & tops
                else:
                    end = i + 8
                    mixed = tops
                if not other or text[end] == 39 or text[end] >= 128:
                    end = word_end(text, i, n, tables)
                    mixed = tops
                if not settled:
                    if mixed and may_be_undone(text, i, end, tables, single):
                        return _AGAIN_UNDONE, s0, s1, s2
                    if end - i == 1:
                        if i - single == 2:
                            return _AGAIN_UNDONE, s0, s1, s2
                        single = i
            else:
                if not settled and kind & kt.SIGN_FOR_LETTER and sign_may_be_letter(text, i, n, tables):
                    return _AGAIN_UNDONE, s0, s1, s2
                start, end = next_token(text, i, n, tables)
                if start > i:
                    i = start
                    continue
                if not settled and kind & kt.HIGH and may_be_undone(text, i, end, tables, single):
                    return _AGAIN_UNDONE, s0, s1, s2
            found[n_found, _START], found[n_found, _END], found[n_found, _SLOT] = i, end, last_slot
            if end - i <= _LONGEST_KEY:
                low, high = key(text, i, end - i)
                slot = np.int64(((low ^ (high * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)) >> shift)
                found[n_found, _SLOT], found[n_found, _LOW], found[n_found, _HIGH] = slot, np.int64(low), np.int64(high)
                prefetch(memo, 4 * ENTRY * slot)
            n_found += 1
            i = end
        for t in range(n_found):
            slot = found[t, _SLOT]
            known_low = load64(memo, 4 * ENTRY * slot) == np.uint64(found[t, _LOW])
            known_high = load64(memo, 4 * ENTRY * slot + 8) == np.uint64(found[t, _HIGH])
            if slot == last_slot or not known_low or not known_high:
                _learn(memo, slot, text, found[t, _START], found[t, _END], word, tables, known)
            flags = memo[slot, _FLAGS]
            if flags & kt.ENDS_CLAUSE:
                negated = distant = 0
            before = reach
            reach = 1 if count < negated else 2 if count < distant else 0
            at = side + _sums_at(reach)
            s0 += memo[slot, at]
            s1 += memo[slot, at + 1]
            s2 += memo[slot, at + 2]
            phrase_flags = np.int32(0)
            if count:
                h = np.uint32(~(shifted(state, memo[slot, _BYTES], tables.crc) ^ np.uint32(memo[slot, _CRC])))
                prefetch(known.seen, np.int64(h & np.uint32(64 * len(known.seen) - 1)) >> 6 << 3)
                pairs[n_pairs] = h
                n_pairs += 1
                phrase = tables.phrases[first, memo[slot, _PLACES] >> 16] if first else 0
                if phrase:
                    phrase_flags = tables.phrase_flags[phrase, 0]
                    signs = tables.phrase_flags[phrase, 1]
                    cues |= signs
                    for cue in range(_N_CUES):
                        if signs >> cue & 1:
                            s0 += known.cues[before, cue, side]
                            s1 += known.cues[before, cue, side + 1]
                            s2 += known.cues[before, cue, side + 2]
                            if before == 0:
                                e0 += known.cues[2, cue, side] - known.cues[0, cue, side]
                                e1 += known.cues[2, cue, side + 1] - known.cues[0, cue, side + 1]
                                e2 += known.cues[2, cue, side + 2] - known.cues[0, cue, side + 2]
                    if phrase_flags & kt.DISTANCES:
                        distant = count + 1 + REACH
            cues |= memo[slot, _CUES]
            if flags & kt.NEGATES:
                negated = count + 1 + REACH
            if flags & kt.DISTANCES:
                distant = count + 1 + REACH
            if back:
                if phrase_flags & kt.CONTRASTS:
                    s0, s1, s2 = s0 + d0, s1 + d1, s2 + d2
                    d0 = d1 = d2 = np.int64(0)
                d0, d1, d2 = d0 + e0, d1 + e1, d2 + e2
                if flags & kt.ENDS_SENTENCE:
                    d0 = d1 = d2 = np.int64(0)
                elif flags & kt.CONTRASTS:
                    s0, s1, s2 = s0 + d0, s1 + d1, s2 + d2
                    d0 = d1 = d2 = np.int64(0)
                e0 = e1 = e2 = np.int64(0)
                if reach == 0 and not flags & kt.ENDS_SENTENCE:
                    plain, taken = side + _PLAIN, side + _sums_at(2)
                    e0 += memo[slot, taken] - memo[slot, plain]
                    e1 += memo[slot, taken + 1] - memo[slot, plain + 1]
                    e2 += memo[slot, taken + 2] - memo[slot, plain + 2]
            elif (flags | phrase_flags) & kt.CONTRASTS and count:
                return _AGAIN_BACK, s0, s1, s2
            state, first = np.uint32(memo[slot, _STATE]), memo[slot, _PLACES] & 0xFFFF
            count += 1
        n_seen: Any = 0
        for t in range(n_pairs):
            h = pairs[t]
            bit = h & np.uint32(64 * len(known.seen) - 1)
            pairs[n_seen] = h
            n_seen += np.int64((known.seen[bit >> np.uint32(6)] >> np.uint64(bit & np.uint32(63))) & one)
        for t in range(n_seen):
            prefetch(known.rows, np.int64(np.uint32(pairs[t] * np.uint32(0x9E3779B1)) >> known.shift) << 4)
        for t in range(n_seen):
            row = _row_of(pairs[t], known)
            if row >= 0:
                s0 += _column(known.rows, row, side)
                s1 += _column(known.rows, row, side + 1)
                s2 += _column(known.rows, row, side + 2)
    if cues & (cues - 1):
        for a in range(_N_CUES):
            if cues >> a & 1:
                for b in range(a + 1, _N_CUES):
                    if cues >> b & 1:
                        s0 += known.cue_pairs[a, b, side]
                        s1 += known.cue_pairs[a, b, side + 1]
                        s2 += known.cue_pairs[a, b, side + 2]
    return count, s0, s1, s2


@inline
def _column(rows, row, column):  # type: ignore[no-untyped-def]
    both = rows[row, 1 + (column >> 1)]
    return np.int64(np.int16(both >> 16 if column & 1 else both & 0xFFFF))


@jit
def score_texts(  # type: ignore[no-untyped-def]
    data,
    offsets,
    roles,
    most,
    sides,
    unit,
    bias,
    silence,
    memo,
    shift,
    room,
    word,
    found,
    pairs,
    tables,
    known,
    scores,
    counts,
    noticed,
):
    """Fills three scores a text, its number of tokens, and what was noticed; texts that are no UTF-8 are left out, and noticed so."""
    for k in range(len(offsets) - 1):
        start = np.int64(offsets[k])
        end = cut(data, start, np.int64(offsets[k + 1]), most)
        n, seen = prepared(data, start, end, room, tables)
        if seen & INVALID:
            noticed[k] = INVALID
            continue
        side = sides[roles[k]]
        settled = back = False
        while True:
            count, s0, s1, s2 = _total(room, n, word, found, pairs, side, settled, back, memo, shift, tables, known)
            if count >= 0:
                break
            if count == _AGAIN_UNDONE:
                n, hid = undone(room, n, tables)
                room[n : n + PAD] = 0
                seen |= OBFUSCATED if hid else NOTHING
                settled = True
            else:
                back = True
        noticed[k] = seen & OBFUSCATED
        counts[k] = count
        role = roles[k]
        if count == 0:
            scores[k, 0], scores[k, 1], scores[k, 2] = silence[role, 0], silence[role, 1], silence[role, 2]
            continue
        scale = 1 / np.sqrt(count + 4.0)
        scores[k, 0] = s0 * (scale * unit[side]) + bias[role, 0]
        scores[k, 1] = s1 * (scale * unit[side + 1]) + bias[role, 1]
        scores[k, 2] = s2 * (scale * unit[side + 2]) + bias[role, 2]
