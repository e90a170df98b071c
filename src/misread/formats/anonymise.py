"""Author names → keyed hashes: the same person stays the same voice, and nobody without the key can tell who or test a guess.

Names inside the texts are left as they are: only fields are replaced.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from pathlib import Path

import msgspec

from misread.errors import InputError, Problem
from misread.records import Clip

KEY_BYTES = 32
_HASHED = re.compile(r"h:[0-9a-f]{16}\Z")


def known_as(name: str) -> str:
    """The name as it is matched: width, case, a leading @ and spaces around it do not matter.

    Examples
    --------
    >>> known_as(" @Mara_Okoye ")
    'mara_okoye'
    """
    return unicodedata.normalize("NFKC", name).strip().removeprefix("@").strip().casefold()


def key_file() -> Path:
    """Where this user's key lies; the environment is read at each call.

    Raises
    ------
    InputError
        If the user has no home.
    """
    given = os.environ.get("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", "")
    if given and Path(given).is_absolute():  # the XDG rules: a relative path is to be ignored
        return Path(given) / "misread" / "author.key"
    try:
        return Path.home() / ".config" / "misread" / "author.key"
    except RuntimeError as err:
        raise InputError(Problem("no home folder for the key that hides authors", cure="set XDG_CONFIG_HOME, or keep the authors")) from err


def load_key() -> bytes:
    """This user's key, made on first use.

    Raises
    ------
    InputError
        If it cannot be read or made, or is no key.
    """
    path = key_file()
    try:
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            key = _make(path)
    except OSError as err:
        cure = "check the permissions of the file and its folder, or keep the authors"
        raise InputError(Problem(f"the key that hides authors cannot be used: {err.strerror}", "", cure, str(path))) from err
    if len(key) != KEY_BYTES:
        cure = "restore it from a backup, or delete it: the next import makes a new one, whose hashes differ from earlier ones"
        raise InputError(Problem(f"the key that hides authors has {len(key)} bytes, not {KEY_BYTES}", "", cure, str(path)))
    return key


def _make(path: Path) -> bytes:
    """Make the key whole under another name, then give it its name only if nobody was faster; the one that stands counts."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".author.key.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(os.urandom(KEY_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        if sys.platform == "win32":
            os.rename(draft, path)  # refuses where the name is taken
        else:
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes()


class Anonymiser:
    """Replaces author names by hashes, and counts what it did.

    Parameters
    ----------
    key
        32 bytes; by default this user's own, read (or made) when the first author is met.

    Attributes
    ----------
    n_comments : int
        Comments whose author was replaced.
    n_evidence : int
        Items of evidence whose author was replaced.

    Examples
    --------
    >>> from misread.records import Comment
    >>> clip = Clip(clip_id="a", comments=(Comment(comment_id="1", author="Ann"), Comment(comment_id="2", author="@ann")))
    >>> hidden = Anonymiser(bytes(32)).clip(clip)
    >>> len(hidden.comments[0].author), hidden.comments[0].author == hidden.comments[1].author
    (18, True)
    """

    def __init__(self, key: bytes | None = None) -> None:
        self.key = key
        self.n_comments = 0
        self.n_evidence = 0
        self._authors: set[str] = set()

    @property
    def n_authors(self) -> int:
        """Different authors that were replaced."""
        return len(self._authors)

    def clip(self, clip: Clip) -> Clip:
        """The clip with its crowd hidden.

        The names of participants are kept, and so are authors of evidence, who speak in public about the event, but for the kind
        ``other``: an uploader who is nobody in the clip. What is hashed already stays.
        """
        people = {known_as(name) for name in clip.participants}
        comments = []
        for comment in clip.comments:
            author = self._hidden(comment.author, people)
            self.n_comments += author != comment.author
            comments.append(comment if author == comment.author else msgspec.structs.replace(comment, author=author))
        evidence = []
        for item in clip.evidence:
            author = self._hidden(item.author, people) if item.kind == "other" else item.author
            self.n_evidence += author != item.author
            evidence.append(item if author == item.author else msgspec.structs.replace(item, author=author))
        return msgspec.structs.replace(clip, comments=tuple(comments), evidence=tuple(evidence))

    def _hidden(self, author: str | None, people: set[str]) -> str | None:
        if not author or _HASHED.match(author) or known_as(author) in people:
            return author
        hashed = self.hash(author)
        self._authors.add(hashed)
        return hashed

    def hash(self, author: str) -> str:
        """``h:`` and 16 hexadecimal digits: keyed BLAKE2b of the name as it is matched."""
        import hashlib

        if self.key is None:
            self.key = load_key()
        name = known_as(author).encode("utf-8", "surrogatepass")
        return "h:" + hashlib.blake2b(name, digest_size=8, key=self.key, person=b"misread author").hexdigest()
