"""English is told from other languages by small words and scripts, or by py3langid where asked for, and is seldom taken for one."""

import importlib.metadata
import sys

import pytest

from misread.corpus.read import Corpus
from misread.errors import InputError
from misread.text import language
from misread.text.language import is_foreign, is_foreign_by_langid, langid_version
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
#: What people write under clips, too short for small words to tell: language and line.
SHORT = [
    ("es", "no estaban peleando, estaban ensayando la escena del viernes"),
    ("es", "jajaja mira la cara que puso su hermano cuando abrió la puerta"),
    ("es", "se abrazaron después y todo el mundo se rió"),
    ("pt", "gente eles não brigaram, era só brincadeira entre irmãos"),
    ("pt", "olha a cara dela quando ele chegou atrasado de novo kkkk"),
    ("it", "ma non vedete che stanno ridendo tutti e due?"),
    ("it", "si sono abbracciati subito dopo, che bella amicizia"),
    ("fr", "mais ils rigolent, regardez bien à la fin de la vidéo"),
    ("fr", "elle lui a crié dessus devant tout le monde, c'est honteux"),
    ("de", "die beiden kennen sich seit zwanzig Jahren, das war nur Spaß"),
    ("de", "warum schreit sie ihn denn so an vor allen Leuten"),
    ("nl", "ze maken gewoon een grapje, kijk hoe hard hij moet lachen"),
    ("nl", "wat een ruzie zeg, de scheidsrechter moest ertussen komen"),
    ("sv", "de är syskon och har alltid bråkat så här på skoj"),
    ("sv", "titta hur arg hon blir när han tar micken"),
    ("pl", "oni się nie kłócą, tak wyglądają próby przed premierą"),
    ("pl", "ale się na niego wydarła przy wszystkich ludziach"),
    ("cs", "vždyť se celou dobu smějí, žádná hádka to není"),
    ("tr", "kavga etmiyorlar, sadece sahne provası yapıyorlar"),
    ("tr", "kadın herkesin önünde adama bağırdı, çok ayıp"),
    ("id", "mereka cuma bercanda kok, sudah berteman sejak kecil"),
    ("id", "kasihan banget dia dimarahi di depan semua orang"),
    ("tl", "hindi sila nag-aaway, nagbibiruan lang silang magkapatid"),
    ("tl", "grabe naman ang galit niya sa harap ng lahat ng tao"),
    ("sw", "hawagombani bali wanafanya mazoezi ya mchezo wa shule"),
    ("vi", "họ không cãi nhau đâu, chỉ đang tập kịch cho buổi diễn thôi"),
    ("ro", "nu se ceartă deloc, repetă piesa pentru sâmbătă seara"),
    ("hu", "nem veszekednek, csak a pénteki előadásra próbálnak"),
    ("fi", "eivät he riitele, he harjoittelevat perjantain näytelmää"),
    ("da", "de skændes slet ikke, de øver bare til forestillingen på fredag"),
    ("ru", "они не ссорятся, просто репетируют сцену к пятнице"),
    ("uk", "вони не сваряться, це лише репетиція шкільної вистави"),
    ("el", "δεν τσακώνονται, κάνουν πρόβα για την παράσταση"),
    ("ar", "هم لا يتشاجرون بل يتدربون على مسرحية المدرسة"),
    ("fa", "آنها دعوا نمی‌کنند فقط برای نمایش تمرین می‌کنند"),
    ("he", "הם לא רבים בכלל הם עושים חזרה להצגה ביום שישי"),
    ("hi", "वे लड़ नहीं रहे हैं बस नाटक का अभ्यास कर रहे हैं"),
    ("bn", "ওরা ঝগড়া করছে না শুধু নাটকের মহড়া দিচ্ছে"),
    ("th", "พวกเขาไม่ได้ทะเลาะกันแค่ซ้อมละครโรงเรียนกันอยู่"),
    ("ja", "喧嘩じゃなくて金曜日の舞台の稽古をしているだけですよ"),
    ("ko", "싸우는 게 아니라 금요일 공연 연습을 하고 있는 거예요"),
    ("zh", "他们根本没有在吵架只是在排练星期五学校话剧的一场戏"),
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


@pytest.mark.parametrize(("code", "line"), SHORT)
def test_langid_notices_short_lines_in_other_languages(code: str, line: str) -> None:
    pytest.importorskip("py3langid")
    assert is_foreign_by_langid([line]), code


def test_langid_notices_more_short_lines_than_small_words_do() -> None:
    pytest.importorskip("py3langid")
    by_words = sum(is_foreign(normalise(line).text.split(), line) for _, line in SHORT)
    assert by_words < len(SHORT) / 2 < sum(bool(is_foreign_by_langid([line])) for _, line in SHORT)


@pytest.mark.parametrize("text", ENGLISH)
def test_langid_lets_english_of_all_sorts_pass(text: str) -> None:
    pytest.importorskip("py3langid")
    assert not is_foreign_by_langid([text])


@pytest.mark.parametrize(
    "text", ["", "no estaban", "https://ejemplo.example/los-dos-hermanos @los_hermanos_mora #noestabanpeleando", "12345 67890 !!"]
)
def test_langid_says_nothing_of_too_few_letters(text: str) -> None:
    assert is_foreign_by_langid([text]) is None


def test_langid_reads_a_clip_as_one_text() -> None:
    pytest.importorskip("py3langid")
    spanish = "no estaban peleando, estaban ensayando la escena del viernes"
    english = "they were rehearsing the scene for friday, watch the whole video before you judge anyone in it"
    assert is_foreign_by_langid([spanish, "ok", spanish])
    assert not is_foreign_by_langid([spanish[:20], english, english])


def test_langid_survives_what_no_file_can_hold() -> None:
    pytest.importorskip("py3langid")
    assert is_foreign_by_langid(["they were \ud83d rehearsing \0 all along"]) is False


def test_langid_seldom_takes_the_corpus_for_another_language(corpus: Corpus) -> None:
    pytest.importorskip("py3langid")
    clips = corpus.split("train")
    alarms = sum(
        bool(is_foreign_by_langid([clip.caption, *(c.text for c in clip.comments), *(e.text for e in clip.evidence)])) for clip in clips
    )
    assert alarms <= 0.01 * len(clips)


def test_small_words_never_load_py3langid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert is_foreign(normalise(FOREIGN[0]).text.split(), FOREIGN[0])


def test_a_missing_py3langid_is_an_error_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    language._identifier.cache_clear()
    with pytest.raises(InputError, match=r"not installed \(pip install 'misread\[language\]'\)"):
        is_foreign_by_langid(["no estaban peleando, estaban ensayando la escena"])


@pytest.mark.parametrize("version", ["0.3.0", "0.40.0", "1.0"])
def test_a_py3langid_with_another_model_is_refused(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    with pytest.raises(InputError, match=f"py3langid {version} is installed"):
        langid_version()
