"""Whatever stops a job, the same command finishes it, byte for byte, and nobody goes on working for it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from misread.batch import cut
from misread.batch.job import Job, label

N_KILLS = 50
#: One process forks a job for each line "seconds out" and kills it after so long: a kill costs no start of Python, the job is the real one.
FORKS = """
import os, signal, sys, time
from pathlib import Path
from misread.batch import cut, job
from misread.scoring import load_model
cut.CHUNK = 2
model = load_model()
job.load_model = lambda folder: model
for line in sys.stdin:
    seconds, out = line.split()
    pid = os.fork()
    if pid == 0:
        try:
            job.label(job.Job((sys.argv[1],), Path(out), part_size=6, in_parts=sys.argv[2] == "parts"))
        finally:
            os._exit(0)
    time.sleep(float(seconds))
    os.kill(pid, signal.SIGKILL)  # not waited for yet: the number is still its own
    print(os.waitpid(pid, 0)[1], flush=True)
"""


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_a_job_killed_at_any_moment_is_finished_by_the_same_command(
    many: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "CHUNK", 2)  # as in those that are killed: the manifest says how long each part's draft was
    in_parts = name == "out.csv"
    alone = tmp_path / "alone"
    alone.mkdir()
    start = time.monotonic()
    label(Job((str(many),), alone / name, part_size=6, in_parts=in_parts))
    longest = 1.3 * (time.monotonic() - start)
    chance, n_killed, n_finished = random.Random(name), 0, 0
    command = [sys.executable, "-c", FORKS, str(many), "parts" if in_parts else "file"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None
        while 3 * n_killed < N_KILLS:
            folder = tmp_path / f"killed{n_finished}"
            folder.mkdir(exist_ok=True)
            forks.stdin.write(f"{chance.uniform(0, longest):.4f} {folder / name}\n")
            forks.stdin.flush()
            if forks.stdout.readline().strip() != "0":
                n_killed += 1
                continue
            assert content(folder) == content(alone)
            n_finished += 1
        forks.stdin.close()
    label(Job((str(many),), folder / name, part_size=6, in_parts=in_parts))
    assert content(folder) == content(alone)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, clip: Callable[[int], object]) -> Path:
    """Enough for several processes to be worth it."""
    path = tmp_path_factory.mktemp("long") / "long.jsonl"
    path.write_text("".join(json.dumps(clip(i)) + "\n" for i in range(2_600)))
    return path


def family(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked for in /proc")
@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_job(long: Path, tmp_path: Path, stop: signal.Signals) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "misread", "label", str(long), str(out), "-q", "--jobs", "2", "--part-size", "512"]
    for _ in range(2):
        with subprocess.Popen(command, stderr=subprocess.PIPE) as job:
            n_parts = len(list(tmp_path.rglob("part-*")))
            while job.poll() is None and len(list(tmp_path.rglob("part-*"))) == n_parts:
                time.sleep(0.01)
            started = family(job.pid) if job.poll() is None else []
            job.send_signal(stop)
            said = job.communicate(timeout=30)[1]
            assert job.returncode == (-9 if stop == signal.SIGKILL else 143)
        assert len(started) >= 2
        until = time.monotonic() + 10
        while any(map(is_running, started)) and time.monotonic() < until:
            time.sleep(0.02)
        assert not [pid for pid in started if is_running(pid)]
        assert not out.exists()
        if stop == signal.SIGTERM:
            assert not list(tmp_path.rglob("*.draft"))
            assert not list(tmp_path.rglob(".lock"))
            assert said.count(b"\n") == 1
            assert b"the same command goes on from there" in said
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert sorted(content(tmp_path)) == ["out.jsonl", "out.jsonl.manifest.json"]
    alone = tmp_path / "alone.jsonl"
    label(Job((str(long),), alone, part_size=512))
    assert out.read_bytes() == alone.read_bytes()


SMALL_DISK = """
import os, resource, sys
from pathlib import Path
from misread.batch.job import Job, label
from misread.errors import JobError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    label(Job((sys.argv[1],), Path(sys.argv[2]), part_size=6, in_parts=sys.argv[2].endswith("/")))
except JobError as err:
    print(err)
"""


@pytest.mark.parametrize(
    ("name", "limit"), [("out.jsonl", 30_000), ("out.csv", 30_000), ("out.parquet", 15_000), ("out.jsonl", 100), ("out.parquet/", 900)]
)
def test_where_a_file_may_not_grow_the_job_ends_with_a_sentence_and_goes_on_later(many: Path, name: str, limit: int) -> None:
    out = many.with_name(name.rstrip("/"))
    command = [sys.executable, "-c", SMALL_DISK, str(many), f"{many.parent}/{name}", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"{out}: cannot be written: File too large; finished parts are kept" in done.stdout
    assert done.stderr == ""
    assert not out.exists()
    assert not list(many.parent.rglob("*.draft"))
    steps = []
    job = Job((str(many),), out, part_size=6, in_parts=name.endswith("/"))
    label(job, steps.append)
    assert (steps[-1].n_fresh < 60) == (limit > 1000)
    alone = replace(job, out=many.with_name(f"alone-{out.name}"))
    label(alone)
    if job.in_parts:
        assert content(out) == content(alone.out)
    else:
        assert out.read_bytes() == alone.out.read_bytes()


FULL_DISK = """
disk=$1 python=$2 source=$3
mount -t tmpfs -o size=100k tmpfs "$disk" || exit 99
"$python" -m misread label "$source" "$disk/out.jsonl" -q --part-size 6; echo "$?"
ls -A "$disk"
mount -o remount,size=10m "$disk" || exit 99
"$python" -m misread label "$source" "$disk/out.jsonl" -q --part-size 6; echo "$?"
cat "$disk/out.jsonl" >&2
"""


def test_a_full_disk(many: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["unshare", "-rm", "sh", "-c", FULL_DISK, "sh", str(disk), sys.executable, str(many)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        pytest.skip("no unshare")
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("no disk of our own can be had here")
    assert done.stdout.split() == ["1", ".out.jsonl.parts", "3"]
    assert "No space left on device; finished parts are kept" in done.stderr
    alone = many.with_name("alone.jsonl")
    label(Job((str(many),), alone, part_size=6))
    assert done.stderr.endswith(alone.read_text())


def test_a_worker_that_dies_is_a_sentence(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from misread.batch import workers
    from misread.errors import JobError

    monkeypatch.setattr(cut, "CHUNK", 4)
    monkeypatch.setattr(workers, "_begin", os.abort)
    with pytest.raises(JobError, match="a worker process died; finished parts are kept"):
        label(Job((str(many),), many.with_name("out.jsonl"), n_jobs=2))
