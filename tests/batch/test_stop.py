"""Being asked to stop."""

from __future__ import annotations

import os
import signal

import pytest

from misread.batch.stop import Stopped, stoppable


def test_a_signal_to_stop_is_the_way_out_of_an_error_once() -> None:
    before = signal.getsignal(signal.SIGTERM)
    tidied: list[bool] = []

    def work() -> None:
        with stoppable():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)  # an impatient second one
                tidied.append(True)

    with pytest.raises(Stopped) as stopped:
        work()
    assert stopped.value.code == 143
    assert tidied == [True]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_is_ignored_stays_so_as_nohup_wants_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
