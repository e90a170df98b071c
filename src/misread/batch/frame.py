"""A pandas frame of clips → a frame of verdicts: for people's own pandas and Dask code."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from misread.batch.lean import ALL, Lean
from misread.errors import InputError, Problem
from misread.formats.anonymise import KEY_BYTES, Anonymiser
from misread.formats.columns import AS_THEY_ARE, Columns
from misread.formats.parse import CLIP_FIELDS, Parsed
from misread.model.bundle import Model
from misread.records import Verdict
from misread.scoring import Options, load_model, score

if TYPE_CHECKING:
    import pandas as pd

AS_EVER = Options()
_TEXTS = ("clip_id", "verdict", "reason", "summary", "model_id", "refused")
_REALS = ("p_conflict", "logit", "p_conflict_crowd", "p_misread")
_NESTED = ("parts", "warnings", "evidence", "caption_words", "transcript_words", "comments")
COLUMNS = (
    *("clip_id", "verdict", "p_conflict", "logit", "parts", "p_conflict_crowd", "p_misread", "misread", "reason", "warnings", "summary"),
    *("evidence", "caption_words", "transcript_words", "comments", "model_id", "refused"),
)


def label_frame(
    df: pd.DataFrame, *, model: str | Path | None = None, options: Options = AS_EVER, columns: Columns = AS_THEY_ARE, lean: Lean = ALL
) -> pd.DataFrame:
    """Verdicts on the clips of a frame: one row for each of its rows, under its index.

    Parameters
    ----------
    df
        Shape (n_clips, any): the columns of a clip, nested ones as lists of dicts or JSON text; others are not looked at. Without a
        ``clip_id`` the index stands in.
    model
        Model folder; loaded once a process.
    options, columns, lean
        As of `score`, `Columns`, `Lean`.

    Returns
    -------
    DataFrame
        Shape (n_clips, 17): the fields of a `Verdict`, and ``refused``: why there is none (then the other columns are null, but for
        ``clip_id``, which is null if it was at fault), else null. The same columns and types for every frame, empty ones too, as
        ``dask.dataframe.map_partitions`` needs them.

    Raises
    ------
    InputError
        If there is none of our columns, or not one that ``columns`` names.

    Examples
    --------
    >>> import pandas as pd
    >>> label_frame(pd.DataFrame({"caption": ["they hugged and laughed", 3]}, index=["a", "b"]))[["verdict", "refused"]].values.tolist()
    [['friendly', <NA>], [<NA>, 'caption: expected text, got a number']]
    """
    import pandas as pd

    names = [str(name) for name in df.columns]
    columns.check(names, "the frame")
    if not CLIP_FIELDS.intersection(columns.names(names)):
        cure = "expected at least one of: " + ", ".join(sorted(CLIP_FIELDS))
        raise InputError(Problem(f"no column that misread knows; found: {', '.join(names[:20]) or 'nothing'}", "", cure))
    loaded = _loaded(None if model is None else Path(model))
    hide = Anonymiser(os.urandom(KEY_BYTES))
    rows = [_row(parsed, loaded, options, lean, hide) for parsed in _parsed(df, names, columns)]
    made = {name: pd.Series([row.get(name) for row in rows], index=df.index, dtype=_dtype(name)) for name in COLUMNS}
    return pd.DataFrame(made, index=df.index, columns=list(COLUMNS))


@functools.lru_cache(maxsize=2)
def _loaded(folder: Path | None) -> Model:
    return load_model(folder)


def _dtype(name: str) -> str:
    return "string" if name in _TEXTS else "float64" if name in _REALS else "object" if name in _NESTED else "boolean"


def _parsed(df: pd.DataFrame, names: list[str], columns: Columns) -> Iterator[Parsed]:
    """Every row as a clip; read as Parquet is, so that times, gaps and numbers mean the same."""
    from misread.formats.arrow import row_as_clip

    seen: set[str] = set()
    for index, cells in zip(df.index, df.itertuples(index=False, name=None), strict=True):
        row = columns.record({name: _plain(cell) for name, cell in zip(names, cells, strict=True)})
        if "clip_id" not in row:
            row["clip_id"] = str(index)
        parsed = row_as_clip(row, 0)
        if parsed.clip is not None and parsed.clip.clip_id in seen:
            parsed = Parsed(None, (Problem(f"{parsed.clip.clip_id[:100]!r} was seen before in this frame", "clip_id"),))
        elif parsed.clip is not None:
            seen.add(parsed.clip.clip_id)
        yield parsed


def _plain(cell: Any) -> Any:
    """A cell as Arrow would give it: pandas' gaps as ``None``, numpy's arrays and numbers as Python's."""
    import numpy as np
    import pandas as pd

    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime(warn=False)
    if isinstance(cell, np.ndarray):
        return [_plain(item) for item in cell]
    if isinstance(cell, np.generic):
        return _plain(cell.item())
    if isinstance(cell, (list, tuple)):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {name: _plain(item) for name, item in cell.items()}
    if isinstance(cell, float) and cell != cell:
        return None
    return cell


def _row(parsed: Parsed, model: Model, options: Options, lean: Lean, hide: Anonymiser) -> dict[str, Any]:
    if parsed.clip is None:
        return {"refused": "; ".join(map(str, parsed.problems))}
    verdict: Verdict = lean.of(score(model, hide.clip(parsed.clip), options))
    return dict(msgspec.json.decode(msgspec.json.encode(verdict)))  # lists, as they come from every file, not tuples
