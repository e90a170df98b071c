"""misread: what really happened in a viral clip, whether the crowd misread it, and which evidence decides.

The public face, loaded lazily so that scoring one caption loads little:

>>> from misread import Clip, load_model, score
>>> score(load_model(), Clip(clip_id="1", caption="They hugged, laughed and went for dinner together")).verdict
'friendly'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from misread.records import Clip, Comment, Evidence, Verdict
    from misread.scoring import Options, load_model, score

__version__ = "0.1.0"
__all__ = ["Clip", "Comment", "Evidence", "Options", "Verdict", "load_model", "score"]

_HOME = {"Clip": "records", "Comment": "records", "Evidence": "records", "Verdict": "records"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'misread' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("misread." + _HOME.get(name, "scoring")), name)
