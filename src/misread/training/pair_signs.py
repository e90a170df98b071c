"""How a text stands to what it is about, as numbers and as named signs: words shared, negation, doubt, questions, polarity, thread.

Stance towards a target is no tone (Mohammad et al. 2016): it lies in shared words, negation on one side alone, doubt, questions, the
polarity of the target itself (Bar-Haim et al. 2017), and in a thread in who answers whom (Zubiaga et al. 2018).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from misread.records import MAX_TEXT
from misread.text import features
from misread.text.cues import CUES, NEGATION
from misread.text.normalise import normalise
from misread.training import matrix, vectors

Floats = npt.NDArray[np.float64]

#: Tokens of either side that are compared; the rest of a long post only counts as the reader's features.
MAX_TOKENS = 300
#: What a thread counts for a text; no file must have it.
COUNTS = ("likes", "shares", "followers")
_URL = re.compile(r"https?://\S+|\[[^\]]*\]\(\S+\)")
_AT = re.compile(r"@\w+")
_FUNCTION_WORDS = frozenset(
    "a an the of to in on at for from by with and or as is are was were be been being it its this that these those he she they them his "
    "her their i you we us my your our who which what has have had do does did will would s t there than so if".split()
)
_ASKS = frozenset("is are was do does did who what why how where when can will has have".split())
#: Words and two-word phrases by what they do to a claim: deny, affirm and query as in rumour stance (Zubiaga et al. 2018), opposing,
#: norms, harm and benefit as in debates (Bar-Haim et al. 2017).
LEXICA: dict[str, frozenset[str]] = {
    "deny": frozenset(
        "false fake hoax untrue lie lies lying liar bullshit bs nonsense wrong incorrect inaccurate debunked debunk myth satire denies "
        "denied deny disproved refuted refutes rubbish misleading fabricated photoshopped photoshop crap propaganda disinformation "
        "misinformation not|true isn't|true made|up doubt unlikely didn't|happen".split()
    ),
    "affirm": frozenset(
        "true confirmed confirms confirm correct indeed yes yep exactly agree agreed verified proof proves official officially absolutely "
        "definitely fact right".split()
    ),
    "query": frozenset(
        "source sources proof evidence link really why how what when where who verify verified any|proof is|this is|it is|that are|you "
        "confirm confirmed true unconfirmed".split()
    ),
    "report": frozenset(
        "report reports reported reportedly claims claim claimed allegedly alleged rumor rumors rumour rumours rumored say says said "
        "according apparently possible possibly may might could unconfirmed suspected sources breaking".split()
    ),
    "oppose": frozenset(
        "ban banned banning abolish abolished stop end prohibit prohibited prohibition illegal against oppose eliminate reject boycott "
        "remove restrict limit outlaw replace unjustified unethical immoral harmful wrong bad fail failed failure should|not not never no "
        "cannot nothing".split()
    ),
    "norm": frozenset("should must ought need needs right rights legal allowed allow legalize legalise support".split()),
    "harm": frozenset(
        "harm harms harmful damage damages danger dangerous risk risks unfair cruel violates violate violation undermines undermine "
        "problem problems abuse threat threatens hurt hurts destroy worse negative costs cost death deaths".split()
    ),
    "benefit": frozenset(
        "benefit benefits improve improves help helps protect protects better good effective increase increases promote promotes safe "
        "safer fair necessary important positive save saves".split()
    ),
    "hedge": CUES["hedge"],
}


@dataclass(frozen=True)
class Pair:
    """A text, what it is about, its stance, and what its file tells of the thread around it."""

    text: str
    target: str
    label: str
    group: str
    parent: str = ""
    #: Numbers that the file has: is_source, depth, likes, shares, followers, verified; 0 where it has not.
    about: tuple[tuple[str, float], ...] = ()
    in_thread: bool = False


def clean(text: str) -> str:
    """A text without links and without the names of those it mentions.

    Examples
    --------
    >>> clean("@ann is it? https://a.example/b")
    '@ is it?  '
    """
    return _AT.sub("@", _URL.sub(" ", text[:MAX_TEXT]))


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class Words:
    """Directions, lengths and valences of words, each looked up once."""

    def __init__(self) -> None:
        self._vectors = vectors.rows()
        self._valence = matrix.lexicon()
        self._known: dict[str, tuple[Floats, float, float]] = {}

    def of(self, word: str) -> tuple[Floats, float, float]:
        """A word's direction, the length of its vector (0 where it has none) and its valence.

        Examples
        --------
        >>> Words().of("fake")[2] < 0
        True
        """
        if word not in self._known:
            key = features.word_hash(word.encode("utf-8", "replace").decode())
            vector = self._vectors.at(np.array([key], dtype=np.uint32)).toarray()[0, : vectors.N_DIMS]
            length = float(np.linalg.norm(vector))
            self._known[word] = (vector / (length or 1.0), length, self._valence.get(key, 0.0))
        return self._known[word]

    def valences(self, words: Sequence[str]) -> list[float]:
        """The valence of each word, pleasant positive."""
        return [self.of(word)[2] for word in words]


@dataclass(frozen=True)
class Read:
    """A pair's three texts as tokens."""

    pair: Pair
    text: list[str]
    target: list[str]
    parent: list[str]

    @classmethod
    def of(cls, given: Pair) -> Read:
        """A pair's texts, read.

        Examples
        --------
        >>> Read.of(Pair("No way!", "It rains", "deny", "1")).text
        ['no', 'way', '!']
        """
        return cls(given, *(_tokens(text) for text in (given.text, given.target, given.parent)))


def _tokens(text: str) -> list[str]:
    return [token.text for token in features.tokens(normalise(clean(text)).text)[:MAX_TOKENS]]


def _content(tokens: Sequence[str]) -> list[str]:
    return [word for word in tokens if word[0].isalnum() and word not in _FUNCTION_WORDS]


def _hits(tokens: Sequence[str], lexicon: frozenset[str]) -> int:
    return sum(word in lexicon for word in tokens) + sum(f"{a}|{b}" in lexicon for a, b in pairwise(tokens))


def _cosine(a: Floats, b: Floats) -> float:
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b / length) if length > 0 else 0.0


def numbers(r: Read, words: Words, text: Floats, target: Floats, parent: Floats) -> dict[str, float]:
    """Every number of a pair by name.

    Parameters
    ----------
    r
        The pair.
    words
        What is known of words.
    text, target, parent
        The priors of its three texts (`base.priors`), tone first.

    Examples
    --------
    >>> nothing = np.zeros(1 + vectors.N_DIMS)
    >>> numbers(Read.of(Pair("it isn't", "it is", "deny", "1")), Words(), nothing, nothing, nothing)["mismatch"]
    1.0
    """
    plain = slice(1, 1 + vectors.N_DIMS)
    found = _overlap(r, words) | {"cosine": _cosine(text[plain], target[plain])}
    found |= _negation(r, found) | _surface(r) | _tone(r, words, text[0], target[0]) | _lexica(r)
    opposed = 1.0 - 2.0 * (found["target oppose"] > 0)
    found |= {"polar tone": opposed * text[0], "polar valence": opposed * found["valence"]}
    found |= {"polar harm": opposed * (found["text harm"] - found["text benefit"])}
    found["oppose mismatch"] = float((found["text oppose"] > 0) != (found["target oppose"] > 0))
    if r.pair.in_thread:
        found |= _thread(r, found, parent[0], _cosine(text[plain], parent[plain]))
    return found


def all_names(words: Words, n_priors: int) -> list[str]:
    """The names of all numbers that a pair can have, in order.

    Examples
    --------
    >>> "mismatch" in all_names(Words(), 1 + vectors.N_DIMS)
    True
    """
    nothing = np.zeros(n_priors)
    return sorted(numbers(Read.of(Pair("", "", "", "", in_thread=True)), words, nothing, nothing, nothing))


def _overlap(r: Read, words: Words) -> dict[str, float]:
    ours, theirs = _content(r.text), _content(r.target)
    a, b = [_stem(word) for word in ours], [_stem(word) for word in theirs]
    shared = set(a) & set(b)
    where = [i for i, word in enumerate(r.text) if _stem(word) in shared]
    found = {
        "of text": len(shared) / max(1, len(set(a))),
        "of target": len(shared) / max(1, len(set(b))),
        "jaccard": len(shared) / max(1, len(set(a) | set(b))),
        "pairs": len({*pairwise(r.text)} & {*pairwise(r.target)}) / max(1, len(r.text) - 1),
        "where": float(np.mean(where)) / len(r.text) if where else 0.5,
    }
    if a and b:
        like = np.array([words.of(w)[0] for w in ours]) @ np.array([words.of(w)[0] for w in theirs]).T
        number = {stem: i for i, stem in enumerate({*a, *b})}
        same = np.array([number[s] for s in a])[:, None] == np.array([number[s] for s in b])
        like = np.where(same, 1.0, like)
        for name, side, best in (("text like", ours, like.max(axis=1)), ("target like", theirs, like.max(axis=0))):
            found[name] = float(np.average(best, weights=[words.of(w)[1] + 1e-6 for w in side]))
        return found | {"most like": float(like.max())}
    return found | {"text like": 0.0, "target like": 0.0, "most like": 0.0}


def _negation(r: Read, so_far: dict[str, float]) -> dict[str, float]:
    n, m = (sum(word in NEGATION for word in side) for side in (r.text, r.target))
    mismatch = float((n > 0) != (m > 0))
    return {
        "negations": min(n, 3),
        "negated": float(n > 0),
        "target negated": float(m > 0),
        "mismatch": mismatch,
        "parity": float(n % 2 != m % 2),
        "negated overlap": (n > 0) * so_far["of text"],
        "mismatch overlap": mismatch * so_far["of target"],
        "mismatch cosine": mismatch * so_far["cosine"],
    }


def _surface(r: Read) -> dict[str, float]:
    whole = r.pair.text[:MAX_TEXT]
    text = clean(whole)
    n, m = np.log1p(len(r.text)), np.log1p(len(r.target))
    return {
        "asks": float("?" in text),
        "asks last": float(text.rstrip().endswith("?")),
        "questions": min(3, text.count("?")),
        "asks first": float(bool(r.text) and r.text[0] in _ASKS),
        "target asks": float("?" in r.pair.target),
        "exclaims": min(3, text.count("!")),
        "trails": float("..." in text),
        "quotes": float(any(mark in text for mark in "\"'“")),
        "capitals": sum(word.isupper() and len(word) > 2 for word in text.split()) / max(1, len(r.text)),
        "length": n,
        "target length": m,
        "longer": n - m,
        "short": float(len(r.text) < 6),
        "links": min(2, len(_URL.findall(whole))),
        "mentions": min(3, text.count("@")),
        "numbers": float(any(word.isdigit() for word in r.text)),
        "hashtags": min(3, text.count("#")),
    }


def _tone(r: Read, words: Words, ours: float, theirs: float) -> dict[str, float]:
    valences = words.valences(r.text)
    a, b = sum(valences), sum(words.valences(r.target))
    found = {"tone": ours, "target tone": theirs, "tones apart": abs(ours - theirs), "tones": ours * theirs, "valence": a}
    found |= {"target valence": b, "valences": float(np.clip(a * b, -2, 2)), "valences apart": abs(a - b)}
    return found | {"swears": float(sum(v < -0.55 for v in valences))}


def _lexica(r: Read) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, lexicon in LEXICA.items():
        a, b = _hits(r.text, lexicon), _hits(r.target, lexicon)
        found |= {f"text {name}": min(2, a), f"target {name}": min(2, b)}
        found |= {f"only text {name}": float(a > 0 and not b), f"only target {name}": float(b > 0 and not a)}
    return found


def _thread(r: Read, so_far: dict[str, float], tone: float, cosine: float) -> dict[str, float]:
    about = dict(r.pair.about)
    source, depth = min(about.get("is_source", 0.0), 1.0), about.get("depth", 0.0)
    ours, theirs = ({_stem(word) for word in _content(side)} for side in (r.text, r.parent))
    found = {
        "source": source,
        "first reply": float(depth == 1),
        "deeper": float(depth >= 2),
        "depth": np.log1p(depth),
        "verified": min(about.get("verified", 0.0), 1.0),
        "asks as source": source * so_far["asks"],
        "links as reply": (1 - source) * so_far["links"],
        "overlap": len(ours & theirs) / max(1, len(ours)),
        "cosine": cosine,
        "parent asks": float("?" in r.pair.parent),
        "parent negates": float(any(word in NEGATION for word in r.parent)),
        "parent tone": tone,
        "parent length": np.log1p(len(r.parent)),
        "parent denies": float(_hits(r.parent, LEXICA["deny"]) > 0),
        "parent is source": float(r.pair.parent == r.pair.target and not source),
    } | {name: np.log1p(about.get(name, 0.0)) for name in COUNTS}
    return {f"thread {name}": value for name, value in found.items()}


def names(r: Read) -> Iterator[str]:
    """Words marked as shared with the target or not, the text with shared words masked, words by the target's polarity, first and last
    words.

    Examples
    --------
    >>> {"shared:boat", "own:fake", "mask:§|fake"} <= set(names(Read.of(Pair("boat fake", "boats", "deny", "1"))))
    True
    """
    theirs = {_stem(word) for word in r.target if word not in _FUNCTION_WORDS}
    opposed = int(_hits(r.target, LEXICA["oppose"]) > 0)
    stems = [_stem(word) for word in r.text]
    masked = ["^"]
    for word, stem in zip(r.text, stems, strict=True):
        yield f"{'shared' if stem in theirs else 'own'}:{stem}"
        yield f"{opposed}:{stem}"
        if stem not in theirs:
            masked.append(word)
        elif masked[-1] != "§":
            masked.append("§")
    masked.append("$")
    yield from (f"mask:{'|'.join(masked[i : i + n])}" for n in (1, 2, 3) for i in range(len(masked) - n + 1))
    yield from (f"missing:{stem}" for stem in theirs.difference(stems))
    yield from (f"first:{'|'.join(r.text[:n])}" for n in (1, 2, 3))
    yield from (f"early:{word}" for word in r.text[:3])
    yield from (f"last:{word}" for word in r.text[-2:])
    yield from (f"stems:{a}|{b}" for a, b in pairwise(stems))
    yield from (f"three:{'|'.join(r.text[i : i + 3])}" for i in range(len(r.text) - 2))
