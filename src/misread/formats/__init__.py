"""A file ↔ clips: told by content, read in bounded memory, every record answered for."""
