"""A reader for many texts at once; for what imports numba anyway, never at start."""

from __future__ import annotations

import numpy as np

from misread.model.reader import OWN_ROLES, ROLES, SCORES, SILENCE, SILENCE_OF_EVIDENCE, TextReader
from misread.text.fast import FastReader

#: Codes of roles, as `FastReader.read` wants them.
ROLE_CODES = {role: code for code, role in enumerate(ROLES)}


def compiled(reader: TextReader) -> FastReader:
    """The same reader over Arrow's buffers.

    Examples
    --------
    >>> import pyarrow as pa
    >>> reader = compiled(TextReader([], [], [1.0] * 6, {role: (0.0, 0.0, 0.0) for role in ROLES}))
    >>> reader.read(pa.array(["they argued", ""]), ROLE_CODES["caption"]).scores.tolist()
    [[0.0, 0.0, 0.0], [-40.0, -40.0, 0.0]]
    """
    own = np.array([role in OWN_ROLES for role in ROLES])
    return FastReader(
        keys=np.asarray(reader.keys, np.uint32),
        table=np.asarray(reader.table, np.int16),
        unit=np.asarray(reader.unit),
        sides=own * len(SCORES),
        bias=[reader.bias[role] for role in ROLES],
        silence=np.where(own[:, None], SILENCE, SILENCE_OF_EVIDENCE),
    )
