"""Authors become keyed hashes."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from misread.errors import InputError
from misread.formats.anonymise import Anonymiser, key_file, known_as, load_key
from misread.records import Clip, Comment, Evidence

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """No test reads or writes the user's own key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    return tmp_path


def clip(*authors: str | None, **fields: object) -> Clip:
    return Clip(clip_id="a", comments=tuple(Comment(comment_id=str(i), author=name) for i, name in enumerate(authors)), **fields)


def authors(hidden: Clip) -> list[str | None]:
    return [c.author for c in hidden.comments]


def test_one_author_has_one_hash_in_every_clip_and_two_authors_have_two() -> None:
    hide = Anonymiser(KEY)
    first, again, other = authors(hide.clip(clip("Ann", "@ann ", "Bo")))
    assert first == again != other
    assert authors(hide.clip(clip("ANN"))) == [first]
    assert (hide.n_authors, hide.n_comments) == (2, 4)


def test_a_hash_is_h_and_sixteen_hexadecimal_digits_and_depends_on_the_key() -> None:
    name = Anonymiser(KEY).hash("Ann")
    assert name[:2] == "h:"
    assert len(name) == 18
    assert int(name[2:], 16) >= 0
    assert Anonymiser(bytes(32)).hash("Ann") != name


def test_the_hash_never_changes_between_versions() -> None:
    assert Anonymiser(KEY).hash("Ann") == "h:3f0ff037c1cd7ca4"


def test_what_is_hashed_or_absent_stays_and_is_not_counted() -> None:
    hide = Anonymiser(KEY)
    assert authors(hide.clip(clip("h:0123456789abcdef", None, ""))) == ["h:0123456789abcdef", None, ""]
    assert (hide.n_authors, hide.n_comments) == (0, 0)


@pytest.mark.parametrize("name", ["h:0123456789abcde", "h:0123456789ABCDEF", "h:0123456789abcdef\n", "xh:0123456789abcdef"])
def test_what_only_looks_hashed_is_hashed(name: str) -> None:
    assert authors(Anonymiser(KEY).clip(clip(name))) != [name]


def test_participants_keep_their_names() -> None:
    assert authors(Anonymiser(KEY).clip(clip("@Mara", "mara", "Bo", participants=("Mara",))))[:2] == ["@Mara", "mara"]


def test_of_evidence_only_the_kind_other_is_hidden() -> None:
    items = (Evidence(evidence_id="1", kind="other", author="Jo"), Evidence(evidence_id="2", kind="follow_up_post", author="Jo"))
    hide = Anonymiser(KEY)
    hidden = hide.clip(clip(evidence=items))
    assert hidden.evidence[0].author == hide.hash("Jo")
    assert hidden.evidence[1].author == "Jo"
    assert (hide.n_authors, hide.n_comments, hide.n_evidence) == (1, 0, 1)


def test_nothing_but_authors_changes() -> None:
    before = Clip(clip_id="a", caption="by Ann", comments=(Comment(comment_id="1", text="Ann", author="Ann", likes=3, reply_to="0"),))
    after = Anonymiser(KEY).clip(before)
    assert after.caption == "by Ann"
    assert (after.comments[0].text, after.comments[0].likes, after.comments[0].reply_to) == ("Ann", 3, "0")


def test_the_key_is_made_on_first_use_and_then_kept(home) -> None:
    hide = Anonymiser()
    assert not key_file().exists()
    first = hide.hash("Ann")
    assert key_file() == home / "misread" / "author.key"
    assert len(key_file().read_bytes()) == 32
    assert Anonymiser().hash("Ann") == first
    assert list(key_file().parent.iterdir()) == [key_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_key_is_its_owners_alone() -> None:
    load_key()
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700


def test_two_first_uses_at_once_agree_on_one_key() -> None:
    gate = threading.Barrier(8)
    keys: list[bytes] = []

    def use() -> None:
        gate.wait()
        keys.append(load_key())

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert set(keys) == {key_file().read_bytes()}


def test_a_loser_of_the_race_takes_the_winners_key(monkeypatch) -> None:
    from misread.formats import anonymise

    def late(source: object, target: Path, link=os.link) -> None:
        Path(target).write_bytes(KEY)
        link(source, target)

    monkeypatch.setattr(anonymise.os, "link" if sys.platform != "win32" else "rename", late)
    assert load_key() == KEY
    assert list(key_file().parent.iterdir()) == [key_file()]


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_key_of_another_length_is_refused_and_never_overwritten(content: bytes) -> None:
    key_file().parent.mkdir()
    key_file().write_bytes(content)
    with pytest.raises(InputError, match=r"author\.key.*bytes, not 32.*restore") as caught:
        load_key()
    assert caught.value.problems[0].cure
    assert key_file().read_bytes() == content


def test_a_key_that_cannot_be_used_is_an_input_error(home) -> None:
    key_file().mkdir(parents=True)
    with pytest.raises(InputError, match="cannot be used"):
        load_key()
    (home / "file").write_text("")


def test_a_folder_that_cannot_be_made_is_an_input_error(home) -> None:
    (home / "misread").write_text("a file where the folder should be")
    with pytest.raises(InputError, match="cannot be used"):
        load_key()


@pytest.mark.skipif(sys.platform == "win32", reason="the rules of XDG")
@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_without_an_absolute_config_folder_the_home_is_used_and_read_at_call_time(value: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert key_file() == tmp_path / "me" / ".config" / "misread" / "author.key"


def test_names_match_whatever_their_width_and_case() -> None:
    assert known_as("＠Ｍara") == known_as("@mara") == known_as("MARA")
    assert known_as("mara") != known_as("maria")
