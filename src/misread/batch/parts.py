"""Writing one part, passing over one that is there, and putting all of them together."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, nullcontext
from typing import BinaryIO

from misread.batch.cut import Chunk
from misread.batch.manifest import Manifest, Part, save
from misread.batch.place import Draft, Place
from misread.batch.write import header, open_sink
from misread.errors import JobError
from misread.formats.parse import Parsed
from misread.present.progress import Step

Scored = tuple[Chunk, int, bytes]


class Tally:
    """How far a job is, told to whoever shows it; and the count of records as they came from the reader, to check against."""

    def __init__(self, advance: Callable[[Step], None], n_expected: int | None, part_size: int) -> None:
        self.n_read = self._n_done = self._n_fresh = self._n_parts = 0
        self._advance, self._n_expected = advance, n_expected
        self._n_parts_expected = None if n_expected is None else -(-n_expected // part_size)

    def counting(self, records: Iterator[Parsed]) -> Iterator[Parsed]:
        """The records, counted."""
        for parsed in records:
            self.n_read += 1
            yield parsed

    def done(self, n_records: int, fresh: bool = True) -> None:
        """So many more are answered for; not fresh: they were before."""
        self._n_done += n_records
        self._n_fresh += n_records if fresh else 0
        self._advance(Step(self._n_done, self._n_fresh, self._n_expected, self._n_parts, self._n_parts_expected))

    def end_part(self) -> None:
        """One more part is there."""
        self._n_parts += 1


def skip_part(part: Part, group: Iterable[Scored], tally: Tally) -> None:
    """Pass over the records of a part that is there.

    Raises
    ------
    JobError
        If they are not those that it was made from.
    """
    n_read = n_refused = 0
    for chunk, _, _ in group:
        n_read, n_refused = n_read + chunk.n_read, n_refused + chunk.n_refused
        tally.done(chunk.n_read, fresh=False)
    if (n_read - n_refused, n_refused) != (part.n_written, part.n_refused):
        raise JobError(f"part {part.number} was made of other records than are read now: do it again with --force")


def write_part(place: Place, number: int, group: Iterable[Scored], tally: Tally) -> Part:
    """Write one part and its rejects, whole or not at all.

    Raises
    ------
    JobError
        If verdicts and rejects are not as many as the records.
    """
    n_read = n_written = n_refused = 0
    with Draft(place.part(number), place.work) as out, Draft(place.part_rejects(number), place.work) as rejects:
        with open_sink(out.stream, place.kind) if place.in_parts else nullcontext() as sink:
            for chunk, n_rows, data in group:
                if sink is None:
                    out.stream.write(data)  # to be poured into the file at the end
                elif data:
                    sink.write(data)
                rejects.stream.write(chunk.rejects)
                n_read += chunk.n_read
                n_written += n_rows
                n_refused += chunk.rejects.count(b"\n")
                tally.done(chunk.n_read)
        if n_written + n_refused != n_read:
            raise JobError(f"part {number}: {n_read:,} records, {n_written:,} verdicts and {n_refused:,} rejects: please report this")
        _publish_or_remove(rejects, n_refused)
        return Part(number=number, n_written=n_written, n_refused=n_refused, n_bytes=out.publish())


def _publish_or_remove(rejects: Draft, n_refused: int) -> None:
    if n_refused:
        rejects.publish()
    else:
        rejects.path.unlink(missing_ok=True)


def finish(place: Place, manifest: Manifest) -> Manifest:
    """All parts are there: for a file, pour them into it; say so in the manifest."""
    if place.in_parts:
        made = manifest.having(manifest.parts, complete=True, n_bytes=sum(part.n_bytes for part in manifest.parts))
        save(made, place.manifest, place)
        return made
    with ExitStack() as drafts:
        out, rejects = (drafts.enter_context(Draft(path, place.work)) for path in (place.out, place.rejects))
        _pour(place, manifest, out.stream)
        for part in manifest.parts:
            if part.n_refused:
                with place.part_rejects(part.number).open("rb") as file:
                    shutil.copyfileobj(file, rejects.stream, 2**20)
        out.stream.flush()
        made = manifest.having(manifest.parts, complete=True, n_bytes=out.stream.tell())
        place.out.unlink(missing_ok=True)  # an old one must never be taken for what the new manifest speaks of
        save(made, place.manifest, place)
        _publish_or_remove(rejects, manifest.n_refused)
        out.publish()
    place.clear()
    return made


def _pour(place: Place, manifest: Manifest, stream: BinaryIO) -> None:
    """Every part into one file, which must then be as long as they are."""
    with open_sink(stream, place.kind) as sink:
        for part in manifest.parts:
            with place.part(part.number).open("rb") as file:
                sink.pour(file)
    expected = manifest.n_written if place.kind == "parquet" else len(header(place.kind)) + sum(part.n_bytes for part in manifest.parts)
    if sink.measure() != expected:
        raise JobError(f"{place.out}: not all parts are in it: please report this")
