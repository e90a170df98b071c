"""English is told from other languages by small words and scripts, and is seldom taken for one."""

import pytest

from misread.text.language import is_foreign
from misread.text.normalise import normalise

FOREIGN = [
    "Ich habe ihn gestern gesehen und er hat mir gesagt dass sie sich nicht gestritten haben",
    "ils se sont embrassés après la dispute et tout le monde a ri dans la salle",
    "eles não estavam brigando só ensaiando para a peça da escola na sexta",
    "mereka tidak berkelahi mereka hanya latihan untuk drama sekolah dan itu sudah biasa",
    "они не ссорились просто репетировали сцену для спектакля",
    "他们没有吵架只是在排练学校的话剧而已",
    "hanno litigato per finta e poi sono andati a cena con tutti gli altri nella piazza che non è lontana",
]
ENGLISH = [
    "omo see as dem dey fight for market, na wa o, the woman no gree at all",
    "She was FURIOUS lol 😂😂😂",
    "Señor Morales and his abuela at the quinceañera, they argued about the cake and then danced",
    "beef beef beef beef beef beef beef beef beef",
    "",
    "😂😂😂😂😂😂😂😂😂😂😂😂😂",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_noticed(text: str) -> None:
    assert is_foreign(normalise(text).text.split(), text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_of_all_sorts_is_not(text: str) -> None:
    assert not is_foreign(normalise(text).text.split(), text)
