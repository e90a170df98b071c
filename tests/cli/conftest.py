"""The command line as a person runs it: another process, real pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def misread(tmp_path) -> Run:
    def run(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
        command = [sys.executable, "-m", "misread", *map(str, arguments)]
        home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, input=stdin, capture_output=True, env={**kept, **home, **environment}, timeout=60, check=False)

    return run
