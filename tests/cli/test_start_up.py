"""Starting is cheap: what scoring one caption must not load."""

import json
import subprocess
import sys

import pytest

HEAVY = {"numpy", "pandas", "sklearn", "scipy", "pyarrow", "numba", "jinja2", "matplotlib", "rich", "joblib", "pydantic", "yt_dlp"}
PROBE = """
import json, sys
from misread.cli.app import run
code = run(json.loads(sys.argv[1]))
sys.stderr.write(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "--caption", "they hugged", "--comment", "lol", "--evidence", "eyewitness=they shouted"],
        ["score", "--caption", "they hugged", "--json"],
        ["--help"],
        ["score", "--help"],
        ["train", "--help"],
    ],
)
def test_nothing_heavy_is_loaded(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, json.dumps(arguments)], capture_output=True, timeout=60, check=True)
    code, loaded = json.loads(done.stderr)
    assert code == 0
    assert HEAVY.isdisjoint(loaded), HEAVY & set(loaded)
