"""Normal form, tokens and CRCs of `normalise.py` and `features.py`, compiled over bytes of UTF-8.

Positions are bytes. numba's cache on disk notices a change of the file that a compiled function is in, not of the files it calls into:
whoever changes this file and nothing else must touch `kernel.py` and `kernel_csr.py` too (the tests keep a cache by content).
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from llvmlite import ir
from numba import extending
from numba.core import cgutils

from misread.text import kernel_tables as kt

# what is found out about a text
NOTHING, OBFUSCATED, INVALID, LOOKS = 0, 1, 2, 4
#: Bytes of zero that every buffer ends with, so that words are read eight bytes at once.
PAD = 32
_B0 = kt.CRC_BEFORE
_MOST_SHIFT = kt.CRC_SLICES

_njit: Any = nb.njit
#: Without reference counts, which cost more than the rest: what is compiled so makes no arrays.
jit: Any = _njit(nogil=True, cache=True, _nrt=False)
allocating: Any = _njit(nogil=True, cache=True)
#: For what is called for every byte or feature: handing over tuples of arrays costs more than such a function does.
inline: Any = _njit(nogil=True, cache=True, forceinline=True, _nrt=False)


@extending.intrinsic
def _load64(_typing: Any, array: Any, place: Any) -> Any:
    """Eight bytes from the byte ``place`` of an array, wherever that is."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        raw = builder.bitcast(data, cgutils.voidptr_t)
        there = builder.bitcast(builder.gep(raw, [args[1]]), ir.IntType(64).as_pointer())
        return builder.load(there, align=1)

    return nb.uint64(array, nb.int64), build


@extending.intrinsic
def _prefetch(_typing: Any, array: Any, place: Any) -> Any:
    """Has the cache line of the byte ``place`` of an array fetched, without waiting for it."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        there = builder.gep(builder.bitcast(data, cgutils.voidptr_t), [args[1]])
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
        fetch: Any = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        builder.call(fetch, [there, whole(0), whole(3), whole(1)])
        return context.get_dummy_value()

    return nb.void(array, nb.int64), build


@extending.intrinsic
def _zeros_below(_typing: Any, bits: Any) -> Any:
    """How many zeros stand below the lowest 1; 64 where there is none."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return nb.int64(nb.uint64), build


# mypy takes an intrinsic for a function of its own builder's arguments
load64: Any = _load64
prefetch: Any = _prefetch
zeros_below: Any = _zeros_below


@jit
def decode(text, i, end):  # type: ignore[no-untyped-def]
    """The code point at ``i`` (not ASCII) and its bytes; 0 bytes where they are no UTF-8."""
    b = np.int64(text[i])
    width = 2 if b < 0xE0 else 3 if b < 0xF0 else 4
    if b < 0xC2 or b > 0xF4 or i + width > end:
        return 0, 0
    code = b & (0x7F >> width)
    for j in range(1, width):
        b = np.int64(text[i + j])
        if b & 0xC0 != 0x80:
            return 0, 0
        code = code << 6 | (b & 0x3F)
    if (width == 3 and (code < 0x800 or 0xD800 <= code < 0xE000)) or (width == 4 and (code < 0x10000 or code > 0x10FFFF)):
        return 0, 0
    return code, width


@inline
def is_letter(b):  # type: ignore[no-untyped-def]
    return 97 <= b <= 122


@jit
def folded(data, start, end, out, tables):  # type: ignore[no-untyped-def]
    """Each code point's normal form; how many bytes, and what was noticed."""
    n, noticed, i = 0, NOTHING, start
    while i < end:
        b = data[i]
        if b < 128:
            out[n] = b + 32 if 65 <= b <= 90 else b
            n, i = n + 1, i + 1
            continue
        code, width = decode(data, i, end)
        if width == 0:
            return n, INVALID
        if tables.classes[code] & kt.LOOKS:
            noticed |= LOOKS
        fold = tables.folds[code]
        if fold == 0:
            for j in range(width):
                out[n + j] = data[i + j]
            n += width
        elif fold & 255:
            for j in range(fold & 255):
                out[n + j] = tables.folded[(fold >> 8) + j]
            n += fold & 255
        elif start < i and i + width < end and is_letter(data[i - 1] | 32) and is_letter(data[i + width] | 32):
            noticed |= OBFUSCATED
        i += width
    return n, noticed


@jit
def latin(text, n, tables):  # type: ignore[no-untyped-def]
    """Look-alikes in words of letters alone that hold Latin ones too, in place; how many bytes are left, and whether there were any."""
    read, write, found = 0, 0, False
    while read < n:
        stop, letters, latin = read, True, False  # the end of the word (or of one other character), all letters, any a-z
        while stop < n:
            b = text[stop]
            if b < 128:
                if not (tables.ascii[b] & kt.WORD) and b != 95:
                    break
                latin = latin or is_letter(b)
                letters = letters and is_letter(b)
                stop += 1
                continue
            code, width = decode(text, stop, n)
            if not tables.classes[code] & kt.ALNUM:
                break
            letters = letters and tables.classes[code] & kt.ALPHA != 0
            stop += width
        swaps = letters and latin
        stop = max(stop, read + 1)
        while read < stop:
            letter = 0
            if swaps and text[read] >= 128:
                code, width = decode(text, read, n)
                letter = tables.swap[code] if code < len(tables.swap) else 0
            if letter:
                text[write] = letter
                read += width
                found = True
            else:
                text[write] = text[read]
                read += 1
            write += 1
    return write, found


@jit
def undone(text, n, tables):  # type: ignore[no-untyped-def]
    """Signs for letters, and letters apart, in place; how many bytes are left, and whether there were any."""
    found = False
    i = 1
    while i < n - 1:
        if is_letter(text[i - 1]) and leet(tables.ascii[text[i]]):
            run = 2 if i + 2 < n and leet(tables.ascii[text[i + 1]]) and is_letter(text[i + 2]) else 1
            if is_letter(text[i + run]):
                for j in range(i, i + run):
                    text[j] = _meant(text[j])
                found = True
                i += run
        i += 1
    read, write, inside = 0, 0, False
    while read < n:
        b = text[read]
        apart = 0 if inside or not is_letter(b) else _letters_apart(text, read, n, tables)
        for j in range(apart):
            text[write] = text[read + 2 * j]
            write += 1
        if apart:
            read += 2 * apart - 1
            found, inside = True, True
        elif b < 128:
            text[write] = b
            read, write, inside = read + 1, write + 1, tables.ascii[b] & kt.WORD != 0
        else:
            code, width = decode(text, read, n)
            for j in range(width):
                text[write + j] = text[read + j]
            read, write, inside = read + width, write + width, tables.classes[code] & kt.ALNUM != 0
    return write, found


@inline
def leet(kind):  # type: ignore[no-untyped-def]
    return kind & (kt.DIGIT_FOR_LETTER | kt.SIGN_FOR_LETTER) != 0


@jit
def _meant(b):  # type: ignore[no-untyped-def]
    """013457@$! → oieastasi."""
    if b == 48:
        return 111
    if b == 49 or b == 33:
        return 105
    if b == 51:
        return 101
    if b == 52 or b == 64:
        return 97
    if b == 53 or b == 36:
        return 115
    return 116


@jit
def _letters_apart(text, i, n, tables):  # type: ignore[no-untyped-def]
    """How many letters stand apart from ``i`` on, with one and the same sign between them; 0 if under four."""
    if i + 1 >= n:
        return 0
    sign = text[i + 1]
    if sign != 32 and sign != 46 and sign != 42 and sign != 95 and sign != 45:
        return 0
    count, end = 1, i + 1
    while end + 1 < n and text[end] == sign and is_letter(text[end + 1]):
        count, end = count + 1, end + 2
    if alnum_at(text, end, n, tables):
        count -= 1
    return count if count >= 4 else 0


@inline
def alnum_at(text, i, n, tables):  # type: ignore[no-untyped-def]
    if i >= n:
        return False
    if text[i] < 128:
        return tables.ascii[text[i]] & kt.WORD != 0
    return tables.classes[decode(text, i, n)[0]] & kt.ALNUM != 0


@inline
def word_end(text, i, n, tables):  # type: ignore[no-untyped-def]
    """Where the word at ``i`` ends, inner apostrophes included."""
    while i < n:
        b = text[i]
        if b < 128:
            if tables.ascii[b] & kt.WORD or (b == 39 and alnum_at(text, i + 1, n, tables)):
                i += 1
                continue
            break
        code, width = decode(text, i, n)
        if not tables.classes[code] & kt.ALNUM:
            break
        i += width
    return i


@inline
def next_token(text, i, n, tables):  # type: ignore[no-untyped-def]
    """Start and end of the first token at or after ``i``; both ``n`` where there is none."""
    while i < n:
        b = text[i]
        kind = tables.ascii[b]
        if kind & kt.WORD:
            return i, word_end(text, i, n, tables)
        if kind & kt.BANG:
            end = i + 1
            while end < n and tables.ascii[text[end]] & kt.BANG:
                end += 1
            return i, end
        if kind & kt.SIGN:
            return i, i + 3 if b == 46 and i + 2 < n and text[i + 1] == 46 and text[i + 2] == 46 else i + 1
        if kind & kt.HIGH:
            code, width = decode(text, i, n)
            if tables.classes[code] & kt.ALNUM:
                return i, word_end(text, i, n, tables)
            if not tables.classes[code] & kt.SPACE:
                return i, i + width
            i += width
        else:
            i += 1
    return n, n


@inline
def shifted(state, n, crc):  # type: ignore[no-untyped-def]
    """A state of the CRC after ``n`` bytes of zero (at least one)."""
    while n > 0:
        by = min(n, _MOST_SHIFT)
        k = _B0 - 1 + by
        state = crc[k, state & 255] ^ crc[k - 1, state >> 8 & 255] ^ crc[k - 2, state >> 16 & 255] ^ crc[k - 3, state >> 24]
        n -= by
    return state


@inline
def squeezed(text, start, end, out, at):  # type: ignore[no-untyped-def]
    """The word with letters drawn out cut to two, written to ``out`` from ``at``; where it ends."""
    n = at
    for i in range(start, end):
        b = text[i]
        if not (is_letter(b) and i - start >= 2 and text[i - 1] == b and text[i - 2] == b):
            out[n] = b
            n += 1
    return n


@inline
def meaning(word, a, b, state, tables):  # type: ignore[no-untyped-def]
    """Flags, cues, and places in phrases of a word, whose CRC alone is ``state``."""
    flags = np.int32(0)
    if word[a] == 33 or word[a] == 63:
        flags |= kt.ENDS_CLAUSE | kt.ENDS_SENTENCE
    if alnum_at(word, a, b, tables):
        flags |= kt.IS_WORD
    if b - a > 16:
        return flags, 0, 0, 0
    low, high = key(word, a, b - a)
    size = len(tables.lexicon)
    place = np.int64(state) & (size - 1)
    while tables.lexicon[place, 0] != 0:
        if tables.lexicon[place, 0] == low and tables.lexicon[place, 1] == high:
            row = tables.lexicon_flags[place]
            return flags | row[0], row[1], row[2], row[3]
        place = (place + 1) & (size - 1)
    return flags, 0, 0, 0


@inline
def key(text, a, n):  # type: ignore[no-untyped-def]
    """Up to sixteen bytes as two numbers, zeros behind."""
    one = np.uint64(1)
    low, high = load64(text, a), np.uint64(0)
    if n < 8:
        low &= (one << np.uint64(8 * n)) - one
    elif n < 16:
        high = load64(text, a + 8) & ((one << np.uint64(8 * n - 64)) - one)
    else:
        high = load64(text, a + 8)
    return low, high


@inline
def crc_of(word, a, b, state, crc):  # type: ignore[no-untyped-def]
    for i in range(a, b):
        state = crc[_B0, (state ^ word[i]) & 255] ^ (state >> np.uint32(8))
    return state
