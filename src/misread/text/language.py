"""Whether texts are in English at all: told by scripts and by the small words that every sentence is full of.

Or, where that was asked for and never because it happens to be installed, by py3langid, which knows 139 languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from misread.errors import InputError, Problem

# The commonest small words (after the lists of Zipf-ranked function words in any grammar of each language); in normal form, so
# without accents; a word that is also English stands in neither list.
_ENGLISH = frozenset(
    "the to and of is it that you for this with have be are not but they we she his her my your what from just like who how can will about "
    "out if when there their been has had were did does would could should then than them these because into over after before more some "
    "very really why where which him our us its don't it's i'm that's you're can't didn't they're".split()
)
_FOREIGN = frozenset(
    # Spanish, Portuguese, Italian, French
    "el los las una que por para pero como esta este eso muy mas sus al lo les ya cuando porque ellos ella nos hay fue ser "
    "sobre tambem nao uma sao foi com mais dos das pelo pela voce ele ela eles isso muito quando sem seu sua il gli che non "
    "per sono della nella anche piu questo questa perche ha hanno era et des est une dans qui pas au aux ce cette avec ils "
    "elle nous vous pour plus sont ete leur c'est n'est j'ai "
    # German, Dutch, the Nordic languages
    "der und ist nicht ich sie wir ihr ein eine einen mit auf fur dem den von zu sich auch aber noch nur wie wenn dass haben "
    "hatte wurde bei nach uber het een niet zijn dat met voor ook maar naar hebben werd och att det som inte ar pa jag har "
    "ett av till "
    # Turkish, Polish, Indonesian, Swahili, Tagalog, Vietnamese
    "bir ve bu icin ile cok ama daha degil gibi sonra nie jest na ze jak ale tak juz był było dla yang dan tidak dengan untuk "
    "dari ini itu ada kami mereka sudah wa kwa ni katika hii lakini ang mga ng hindi ako siya va cua khong co cho đuoc".split()
)
_LEAST_WORDS, _LEAST_LETTERS = 8, 12


def is_foreign(words: Iterable[str], letters: str) -> bool:
    """Whether texts are mostly in another language than English.

    Parameters
    ----------
    words
        Their words in lower case.
    letters
        Their characters; what is no letter does not count.

    Returns
    -------
    bool
        True where most letters are of another script than Latin, or where small words of other languages outnumber the English ones three
        to one; False where there is too little to tell.

    Examples
    --------
    >>> text = "ellos no estaban peleando sino ensayando para la obra de teatro que se estrena el viernes con sus amigos"
    >>> is_foreign(text.split(), text), is_foreign("they were not fighting they were just rehearsing for the play".split(), "they")
    (True, False)
    """
    n_latin = n_other = 0
    for char in letters:
        if char.isalpha():
            if char < "\u0250" or unicodedata.name(char, "").startswith("LATIN"):
                n_latin += 1
            else:
                n_other += 1
    if n_latin + n_other >= _LEAST_LETTERS and n_other > n_latin:
        return True
    found = list(words)
    n_english = sum(word in _ENGLISH for word in found)
    n_foreign = sum(word in _FOREIGN for word in found)
    return len(found) >= _LEAST_WORDS and n_foreign >= 3 and n_foreign > 3 * n_english


#: The release of py3langid whose model the threshold was measured with (benchmarks/language.py); another model's answers may differ.
_LANGID = "0.4"
_CURE = "pip install 'misread[language]'"
#: Of fewer letters in a whole clip, each word counted once, the identifier is not asked.
_LEAST_TO_IDENTIFY = 20
#: Another language counts where it is likelier than everything else together.
_LEAST_PROBABILITY = 0.5
#: Its codes for what we read: English, Nigerian Pidgin, and no language at all (numbers, names, markup).
_READ = frozenset(("en", "pcm", "zxx"))
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")


def is_foreign_by_langid(texts: Iterable[str]) -> bool | None:
    """Whether texts, taken together, are in another language than English, as py3langid says.

    Parameters
    ----------
    texts
        As they were written: accents and case help. Links, handles and hashtags are passed over.

    Returns
    -------
    bool or None
        None where there are fewer than 20 letters, each word counted once: to say a thing again tells no more of its language.

    Raises
    ------
    InputError
        As `langid_version`.
    """
    text = _NO_WORDS.sub(" ", "\n".join(texts))
    if sum(char.isalpha() for word in set(text.casefold().split()) for char in word) < _LEAST_TO_IDENTIFY:
        return None
    language, p = _identifier().classify(text)
    return language not in _READ and p >= _LEAST_PROBABILITY


def langid_version() -> str:
    """The version of py3langid that is installed.

    Raises
    ------
    InputError
        If none is, or one with another model than the threshold was measured with.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("py3langid")
    except PackageNotFoundError:
        raise InputError(Problem("py3langid is not installed", "langid", _CURE)) from None
    if not found.startswith(_LANGID + "."):
        raise InputError(Problem(f"py3langid {found} is installed, and what it says was measured with {_LANGID}", "langid", _CURE))
    return found


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """The model, read on first use: about a second."""
    langid_version()
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
