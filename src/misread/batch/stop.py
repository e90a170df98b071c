"""Being asked to stop (SIGTERM, a closed terminal): the way out is that of an error, so that drafts go and workers end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(SystemExit):
    """Ends the process with 128 + the signal's number, as shells have it."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first signal to stop into `Stopped`; what the signals did before is put back on leaving."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # one that is ignored stays so: nohup asks for it
    before = {number: signal.signal(number, _stop) for number in numbers if signal.getsignal(number) is signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not break off the tidying
    raise Stopped(128 + number)
