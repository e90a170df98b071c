"""The wheel holds what it needs: it scores from an empty folder, without the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path


def test_the_wheel_scores_alone(repository: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(repository)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(site)
    assert not [name for name in names if name.endswith((".pkl", ".joblib")) or name.startswith(("tests/", "data/"))]
    # what pip would put on the path, in front of this repository's editable install
    environment = {**os.environ, "PYTHONPATH": str(site)}
    probe = "import misread; print(misread.__file__); from misread.cli.app import run; raise SystemExit(run(['score', '--caption', 'x']))"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=empty, env=environment, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(site))
    assert "crowd's reading" in done.stdout
