"""A file of any size → verdicts, in bounded memory, every record answered for."""
