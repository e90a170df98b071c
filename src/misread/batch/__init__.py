"""A file of any size → verdicts, in bounded memory, every record answered for."""

from misread.batch.frame import label_frame

__all__ = ["label_frame"]
