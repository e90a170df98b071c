"""gzip and zstd streams, unpacked as they are read; one that breaks off ends there and remembers what went wrong."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO

from misread.errors import Problem

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
#: File names end so where a packed file stands beside plain ones.
SUFFIXES = (".gz", ".zst")


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is packed in a way that misread unpacks.

    Examples
    --------
    >>> is_packed(b"\\x1f\\x8b\\x08"), is_packed(b"PK\\x03\\x04")
    (True, False)
    """
    return head.startswith((_GZIP, _ZSTD))


class Unpacked(io.RawIOBase):
    """The bytes inside a packed stream.

    Parameters
    ----------
    head
        The stream's first bytes, which tell the packing.
    stream
        The packed bytes, from the start; need not be seekable.

    Attributes
    ----------
    broken
        What ended the stream early; ``None`` where it ended well (so far).
    at_line_end
        Whether the last byte given was the end of a line.

    Examples
    --------
    >>> import gzip
    >>> packed = gzip.compress(b"one\\ntwo\\n")
    >>> Unpacked(packed[:4], io.BytesIO(packed)).read()
    b'one\\ntwo\\n'
    """

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.broken: Problem | None = None
        self.at_line_end = True
        self._inner = _gunzip(stream) if head.startswith(_GZIP) else _unzstd(stream)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As of any raw stream; 0 at the end, however it was come by."""
        if self.broken is not None:
            return 0
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, OSError) as err:
            if isinstance(err, OSError) and err.errno is not None:  # the disk's own, not the packing's
                raise
            self.broken = Problem(f"the packed file breaks off here: {str(err)[:100]}", cure="copy or export it again")
            return 0
        if data:
            buffer[: len(data)] = data
            self.at_line_end = data.endswith(b"\n")
        return len(data)


class _Piecewise:
    """Reads that give what there is before they fail: a broken file's last good bytes are not lost."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read1(size)
        return data


def _gunzip(stream: BinaryIO) -> Any:
    import gzip

    return _Piecewise(gzip.GzipFile(fileobj=stream, mode="rb"))


def _unzstd(stream: BinaryIO) -> Any:
    import pyarrow as pa

    return pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd")
