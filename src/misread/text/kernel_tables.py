"""What the compiled kernel looks things up in, made once a process from the plain definition.

Nothing here says anew what a feature is: every table is filled by calling, or listing, what `normalise.py`, `cues.py` and `features.py`
hold.
"""

from __future__ import annotations

import mmap
import re
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from misread.text.cues import BY_WORD, CLAUSE_END, CONTRAST, CUES, DISTANCE, NEGATION, SENTENCE_END
from misread.text.features import _ENDS, DISTANT, NEGATED
from misread.text.normalise import _LOOK_ALIKES, _SIGNS, _fold

# classes of code points
ALNUM, ALPHA, SPACE, LOOKS = 1, 2, 4, 8
# classes of bytes
WORD, LETTER, DIGIT_FOR_LETTER, SIGN_FOR_LETTER, BANG, SIGN, HIGH = 1, 2, 4, 8, 16, 32, 64
# what a token does to its neighbours
ENDS_CLAUSE, NEGATES, DISTANCES, CONTRASTS, ENDS_SENTENCE, IS_WORD = 1, 2, 4, 8, 16, 32

#: Names of cues in the order of their bits; a negation is one that no reach changes.
CUE_NAMES = tuple(sorted([*CUES, "negation"]))
REACHES = ("", NEGATED, DISTANT)
#: How far a CRC can be carried over in one step, in bytes, and how many slices come before the first: those that move bytes down only.
CRC_SLICES, CRC_BEFORE = 16, 3
_BLOCK, _LARGE = 64, 4096
_HUGE = 2 << 20
_EMPTY = 1  # where nothing is written: of characters that fold to nothing


class Tables(NamedTuple):
    """What every reader shares.

    Attributes
    ----------
    classes, folds, folded
        By code point: its class; 0 where it stays as it is, else where in ``folded`` its UTF-8 begins << 8 | how many bytes.
    swap
        Look-alikes by code point: the ASCII letter, or 0.
    ascii
        Classes of bytes.
    crc
        Row ``CRC_BEFORE + j``: what a byte becomes after j more bytes of zero.
    lexicon, lexicon_flags
        Words with a meaning of their own, 16 bytes each, by open addressing; flags, cues, places as first and second word of a phrase.
    phrases, phrase_flags
        First × second word → phrase (0: none) → flags and cues.
    cue_hashes, cue_pair_hashes
        Features by reach and cue, and by two cues.
    starts
        States of the CRC after ``w:`` in each reach, ``p:``, ``c:`` and before anything.
    """

    classes: npt.NDArray[np.uint8]
    folds: npt.NDArray[np.int32]
    folded: npt.NDArray[np.uint8]
    swap: npt.NDArray[np.uint8]
    ascii: npt.NDArray[np.uint8]
    crc: npt.NDArray[np.uint32]
    lexicon: npt.NDArray[np.uint64]
    lexicon_flags: npt.NDArray[np.int32]
    phrases: npt.NDArray[np.uint8]
    phrase_flags: npt.NDArray[np.int32]
    cue_hashes: npt.NDArray[np.uint32]
    cue_pair_hashes: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.uint32]


class Rows(NamedTuple):
    """What one reader knows, ready to be looked up.

    Attributes
    ----------
    rows
        Open addressing: key and six 16-bit numbers in one 16-byte row; a row of zeros is empty.
    shift
        The place of a hash is its upper bits: hash × odd number >> shift.
    seen
        A bit for each hash that may be known, by its lower bits.
    cues, cue_pairs
        Rows of `Tables.cue_hashes` and `Tables.cue_pair_hashes`, unpacked.
    """

    rows: npt.NDArray[np.uint32]
    shift: np.uint64
    seen: npt.NDArray[np.uint64]
    cues: npt.NDArray[np.int32]
    cue_pairs: npt.NDArray[np.int32]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables, made at the first call (in some 0.15 s).

    Examples
    --------
    >>> int(tables().classes[ord("é")] & ALPHA)
    2
    """
    classes = _classes()
    folds, folded = _folds(classes)
    swap = np.zeros(0x600, np.uint8)
    for look_alike, letter in _LOOK_ALIKES.items():
        swap[look_alike] = letter
    return Tables(classes, folds, folded, swap, _ascii(), _crc(), *_lexicon(), *_cue_hashes(), _starts())


def rows(keys: npt.NDArray[np.uint32], table: npt.NDArray[np.int16]) -> Rows:
    """A reader's keys and table (n × 6) ready to be looked up.

    Examples
    --------
    >>> rows(np.array([7], np.uint32), np.array([[1, 2, 3, 4, 5, 6]], np.int16)).rows.shape
    (16, 4)
    """
    bits = max(4, int(np.ceil(np.log2(2 * len(keys) + 1))))
    packed = zeros((1 << bits, 4), np.uint32)
    _place(packed, keys, np.ascontiguousarray(table, np.int16).view(np.uint32), bits)
    seen = zeros((max(1 << (bits + 2) >> 6, 1),), np.uint64)
    low = keys & np.uint32(64 * len(seen) - 1)
    np.bitwise_or.at(seen, low >> 6, np.uint64(1) << (low & 63).astype(np.uint64))
    shared = tables()
    cues, pairs = (_unpacked(keys, table, hashes) for hashes in (shared.cue_hashes, shared.cue_pair_hashes))
    return Rows(packed, np.uint64(32 - bits), seen, cues, pairs)


def zeros(shape: tuple[int, ...], kind: type[np.generic]) -> npt.NDArray[Any]:
    """Zeros that begin at a page, where the system has them in pages of 2 MB: random look-ups in small pages wait for addresses, too."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    room = mmap.mmap(-1, size + _HUGE)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel without them; then the pages are small
            room.madvise(mmap.MADV_HUGEPAGE)
    bytes_of_it = np.frombuffer(room, np.uint8)
    start = -bytes_of_it.ctypes.data % _HUGE
    return bytes_of_it[start : start + size].view(kind).reshape(shape)


def _place(packed: npt.NDArray[np.uint32], keys: npt.NDArray[np.uint32], values: npt.NDArray[np.uint32], bits: int) -> None:
    """All rows into their places, round by round: of those that want the same free place the last is put there, the others move on."""
    mask = len(packed) - 1
    todo = np.flatnonzero(values.any(axis=1))
    place = ((keys[todo] * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)).astype(np.int64)
    taken = np.zeros(len(packed), bool)
    while len(todo):
        free = np.flatnonzero(~taken[place])
        owner = np.full(len(packed), -1)
        owner[place[free]] = free
        put = owner[owner >= 0]
        packed[place[put], 0], packed[place[put], 1:] = keys[todo[put]], values[todo[put]]
        taken[place[put]] = True
        left = np.ones(len(todo), bool)
        left[put] = False
        todo, place = todo[left], (place[left] + 1) & mask


def _unpacked(keys: npt.NDArray[np.uint32], table: npt.NDArray[np.int16], hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    out = np.zeros((*hashes.shape, 6), np.int32)
    if len(keys):
        place = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
        known = keys[place] == hashes
        out[known] = table[place[known]]
    return out


def _classes() -> npt.NDArray[np.uint8]:
    """By code point: letter or digit, letter, white space, and whether its folded form holds a look-alike."""
    classes = np.zeros(sys.maxunicode + 1, np.uint8)
    everything = _everything()
    for run in re.finditer(r"[^\W_]+", everything):
        letters = ALPHA if run[0].isalpha() else np.fromiter(map(str.isalpha, run[0]), np.uint8, len(run[0])) * np.uint8(ALPHA)
        classes[run.start() : run.end()] |= ALNUM | letters
    for run in re.finditer(r"\s+", everything):
        classes[run.start() : run.end()] |= SPACE
    return classes


def _everything() -> str:
    """Every code point, lone surrogates too."""
    return np.arange(sys.maxunicode + 1, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _folds(classes: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    folds = np.zeros(sys.maxunicode + 1, np.int32)
    blob = bytearray(_EMPTY)
    look_alikes = set(_LOOK_ALIKES)
    everything = _everything()
    large = [start for start in range(0, sys.maxunicode + 1, _LARGE) if not _stays(everything[start : start + _LARGE])]
    for start in (block for first in large for block in range(first, first + _LARGE, _BLOCK)):
        block = everything[start : start + _BLOCK]
        if start < 0x80 or _stays(block):
            continue
        for code, char in enumerate(block, start):
            if 0xD800 <= code < 0xE000 or (form := _fold(char)) == char:
                continue
            if not look_alikes.isdisjoint(map(ord, form)):
                classes[code] |= LOOKS
            written = form.encode()
            folds[code] = len(blob) << 8 | len(written) if written else _EMPTY << 8
            blob += written
    classes[list(_LOOK_ALIKES)] |= LOOKS
    return folds, np.frombuffer(bytes(blob), np.uint8)


def _stays(block: str) -> bool:
    """Whether nothing in a block of characters can be changed by folding (a quick test; false for some that stay too)."""
    return (
        unicodedata.is_normalized("NFKD", block)
        and block.casefold() == block
        and not any(map(unicodedata.combining, block))
        and set(_SIGNS).isdisjoint(block)
        and not (0xFE00 <= ord(block[0]) <= 0xFE0F or 0x1F3C0 <= ord(block[0]) <= 0x1F3FF or 0xE0000 <= ord(block[0]) <= 0xE0FFF)
        and "Cf" not in set(map(unicodedata.category, block))
        and not any(chr(code) in block for code in (0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0))
    )


def _ascii() -> npt.NDArray[np.uint8]:
    out = np.zeros(256, np.uint8)
    for char in map(chr, range(128)):
        kind = WORD * char.isalnum() | LETTER * ("a" <= char <= "z") | DIGIT_FOR_LETTER * (char in "013457")
        out[ord(char)] = kind | SIGN_FOR_LETTER * (char in "@$!") | BANG * (char in "!?") | SIGN * (char in '.,;:"()*#@&%-')
    out[128:] = HIGH
    return out


def _crc() -> npt.NDArray[np.uint32]:
    out = np.zeros((CRC_BEFORE + CRC_SLICES, 256), np.uint32)
    byte = np.arange(256, dtype=np.uint32)
    for before in range(CRC_BEFORE):
        out[CRC_BEFORE - 1 - before] = byte << np.uint32(8 * before)
    state = byte
    for _ in range(8):
        state = np.where(state & 1, np.uint32(0xEDB88320) ^ (state >> np.uint32(1)), state >> np.uint32(1))
    out[CRC_BEFORE] = state
    for j in range(CRC_BEFORE + 1, len(out)):
        out[j] = out[CRC_BEFORE][out[j - 1] & 0xFF] ^ (out[j - 1] >> np.uint32(8))
    return out


def _starts() -> npt.NDArray[np.uint32]:
    heads = [*(f"{reach}w:" for reach in REACHES), "p:", "c:", ""]
    return np.array([crc32(head.encode()) ^ 0xFFFFFFFF for head in heads], np.uint32)


def _cue_hashes() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    single = [[crc32(f"{'' if cue == 'negation' else reach}q:{cue}".encode()) for cue in CUE_NAMES] for reach in REACHES]
    pairs = [[crc32(f"qq:{a}|{b}".encode()) for b in CUE_NAMES] for a in CUE_NAMES]
    return np.array(single, np.uint32), np.array(pairs, np.uint32)


def _cue_bits(word: str) -> int:
    return sum(1 << CUE_NAMES.index(cue) for cue in BY_WORD.get(word, ()))


def _flags(word: str) -> int:
    """What a word or phrase does by itself (that a token begins with ! or ?, the kernel sees)."""
    ends = word in CLAUSE_END or word in _ENDS
    return (
        ENDS_CLAUSE * ends
        | NEGATES * (word in NEGATION)
        | DISTANCES * (word in DISTANCE)
        | CONTRASTS * (word in CONTRAST)
        | ENDS_SENTENCE * (word in SENTENCE_END)
    )


def _lexicon() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32], npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    listed = {*BY_WORD, *CLAUSE_END, *CONTRAST, *DISTANCE, *NEGATION, *SENTENCE_END, *_ENDS}
    phrases = sorted(entry for entry in listed if "|" in entry)
    firsts, seconds = (sorted({entry.split("|")[side] for entry in phrases}) for side in (0, 1))
    table = np.zeros((len(firsts) + 1, len(seconds) + 1), np.uint8)
    flags = np.zeros((len(phrases) + 1, 2), np.int32)
    for i, entry in enumerate(phrases, 1):
        first, second = entry.split("|")
        table[firsts.index(first) + 1, seconds.index(second) + 1] = i
        flags[i] = _flags(entry), _cue_bits(entry)
    words = sorted({entry for entry in listed if "|" not in entry} | {*firsts, *seconds})
    known = np.zeros((len(words), 4), np.int32)
    for i, word in enumerate(words):
        known[i] = _flags(word), _cue_bits(word), _place_of(word, firsts), _place_of(word, seconds)
        if word in NEGATION:
            known[i, 1] |= 1 << CUE_NAMES.index("negation")
    keys, order = _addressed(words)
    return keys, known[order] * (keys[:, :1] > 0), table, flags


def _place_of(word: str, words: Sequence[str]) -> int:
    return words.index(word) + 1 if word in words else 0


def _addressed(words: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Words as 16 bytes at the place of their CRC, or the next free one; and which word stands where."""
    size = 1 << (4 * len(words)).bit_length()
    keys, order = np.zeros((size, 2), np.uint64), np.zeros(size, np.int64)
    for i, word in enumerate(words):
        place = word_place(word.encode(), size)
        while keys[place, 0]:
            place = (place + 1) % size
        keys[place] = np.frombuffer(word.encode().ljust(16, b"\0"), np.uint64)
        order[place] = i
    return keys, order


def word_place(word: bytes, size: int) -> int:
    """Where in a table of ``size`` places a word is looked for first: by the CRC of it alone, without the usual inversions."""
    return ((crc32(word, 0xFFFFFFFF) ^ 0xFFFFFFFF) & 0xFFFFFFFF) % size
