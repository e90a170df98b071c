"""Every text of a clip read once, and what stands in the way of a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from misread.model.evidence import Weighed
from misread.model.reader import TextReader, TextReading
from misread.records import MAX_TEXT, Clip, Reason
from misread.text.language import is_foreign, is_foreign_by_langid

#: Of fewer different words nobody can say that they are unlike what was learnt from; of 10,736 texts of other sources with as many (tweets,
#: Reddit, rumours, arguments), 7 had a larger share of unknown words: four in other languages, three lists of handles.
_LEAST_WORDS, _MOST_UNKNOWN = 8, 0.6
#: An effect so large, in log-odds, speaks by itself for odds of more than two to one.
_STRONG = 0.75
#: A capture is incomplete where the platform counted so many times the comments.
_PARTIAL = 2


class ClipReading:
    """The readings of a clip's texts.

    Parameters
    ----------
    reader
        Reads each text in its role.
    clip
        Texts over `MAX_TEXT` characters are read to there.

    Attributes
    ----------
    caption, transcript : TextReading
    comments, evidence : list of TextReading
        In the order of the clip.
    """

    def __init__(self, reader: TextReader, clip: Clip) -> None:
        self._reader = reader
        self._clip = clip
        read = reader.read
        self.caption = read(clip.caption[:MAX_TEXT], "caption")
        self.transcript = read((clip.transcript or "")[:MAX_TEXT], "transcript")
        self.comments = [read(c.text[:MAX_TEXT], "comment") for c in clip.comments]
        self.evidence = [read(e.text[:MAX_TEXT], e.kind) for e in clip.evidence]

    @property
    def all(self) -> list[TextReading]:
        """Every reading, in the order caption, transcript, comments, evidence."""
        return [self.caption, self.transcript, *self.comments, *self.evidence]

    def cause(self, *, langid: bool = False) -> Reason | None:
        """Why no verdict can be given: nothing to read, another language, or words that nothing was learnt of.

        Parameters
        ----------
        langid
            Notice other languages by py3langid, where there are letters enough, instead of by small words.

        Raises
        ------
        InputError
            If ``langid`` is asked for and py3langid is not installed.
        """
        if not any(r.source.hashes for r in self.all):
            return "no_signal"
        words = [token.text for r in self.all for token in r.source.tokens if token.text[0].isalpha()]
        identified = is_foreign_by_langid(self._texts()) if langid else None
        if is_foreign(words, "".join(words)) if identified is None else identified:
            return "language"
        different = {word for word in words if len(word) > 1}
        n_unknown = sum(not self._reader.knows(word) for word in different)
        return "unlike_training" if len(different) >= _LEAST_WORDS and n_unknown > _MOST_UNKNOWN * len(different) else None

    def _texts(self) -> list[str]:
        clip = self._clip
        texts = [clip.caption, clip.transcript or "", *(c.text for c in clip.comments), *(e.text for e in clip.evidence)]
        return [text[:MAX_TEXT] for text in texts]


def doubt(clip: Clip, weighed: Sequence[Weighed]) -> Reason:
    """What makes a verdict doubtful, where it is."""
    strongest = max((w.effect for w in weighed), default=0.0), min((w.effect for w in weighed), default=0.0)
    if strongest[0] >= _STRONG and strongest[1] <= -_STRONG:
        return "conflicting_evidence"
    if not clip.evidence and (clip.n_comments_total or 0) > _PARTIAL * max(1, len(clip.comments)):
        return "incomplete_capture"
    return "low_confidence"
