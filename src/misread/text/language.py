"""Whether texts are in English at all: told by scripts and by the small words that every sentence is full of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

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
