"""`misread score` as a person runs it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

PLAIN = ("score", "--caption", "They hugged and laughed, best friends for years")


def test_a_caption_gets_a_verdict_and_exit_zero(misread) -> None:
    done = misread(*PLAIN)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"FRIENDLY" in done.stdout


def test_json_is_one_verdict_a_line_and_nothing_else(misread) -> None:
    done = misread(*PLAIN, "--json", "--evidence", "eyewitness=he hit him = hard", "--comment", "lol")
    verdict = json.loads(done.stdout)
    assert done.stdout.count(b"\n") == 1
    assert [e["evidence_id"] for e in verdict["evidence"]] == ["1"]
    assert abs(sum(verdict["parts"].values()) - verdict["logit"]) < 1e-6


@pytest.mark.parametrize("stdin", [b'{"clip_id": "a", "caption": "x y"}', b"caption\nx y\n", b'[{"clip_id": "a", "caption": "x y"}]'])
def test_standard_input_is_told_by_its_content(misread, stdin: bytes) -> None:
    done = misread("score", "-", "--json", stdin=stdin)
    assert (done.returncode, json.loads(done.stdout)["clip_id"] in ("a", "1")) == (0, True)


def test_records_that_were_refused_are_named_and_the_rest_is_written(misread, tmp_path) -> None:
    path = tmp_path / "clips.jsonl"
    path.write_text(
        '{"clip_id": "a"}\n{"clip_id": "b", "comments": [{"likes": -1}, {"text": 3}]}\n{"clip_id": "c", "caption": "x"}\n{"clip'
    )
    done = misread("score", path, "--json")
    assert done.returncode == 3
    assert [json.loads(line)["clip_id"] for line in done.stdout.splitlines()] == ["a", "c"]
    said = done.stderr.decode()
    assert f"{path}:2 comments[0].likes:" in said
    assert f"{path}:2 comments[1].text:" in said
    assert f"{path}:4" in said
    assert "cut off" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("score",),
        ("score", "x.json", "--caption", "y"),
        ("score", "--caption", "y", "--evidence", "rumour=z"),
        ("score", "--caption", "y", "--evidence", "no kind"),
        ("score", "--caption", "y", "--prior", "0"),
        ("score", "--caption", "y", "--prior", "nan"),
        ("score", "--caption", "y", "--unsure-below", "0.3"),
        ("score", "--caption", "y", "--as-of", "2024-01-01T00:00:00"),
        ("score", "--nonsense"),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_two_and_explains(misread, arguments: tuple[str, ...]) -> None:
    done = misread(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error:" in done.stderr
    assert b"Traceback" not in done.stderr


BAD_FILES = {
    "empty": b"",
    "blank": b" \n\n",
    "nul": b"\x00" * 40,
    "latin1": "caption\nna\xefve\n".encode("latin-1"),
    "utf16": '{"clip_id": "a"}'.encode("utf-16"),
    "deep": b'{"clip_id": "a", "tags": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "null": b'{"clip_id": "a", "caption": null, "comments": [null]}',
    "null text": b'{"clip_id": "a", "comments": [{"text": 5}]}',
    "kind": b'{"clip_id": "a", "evidence": [{"kind": "rumour", "text": "x"}]}',
    "offset": b'{"clip_id": "a", "posted_at": "2024-01-01T10:00:00"}',
    "twice": b'{"clip_id": "a"}\n{"clip_id": "a"}\n',
    "ids": b'{"clip_id": "a", "comments": [{"comment_id": "1"}, {"comment_id": "1"}]}',
    "number": b"3\n",
    "gzip": b"\x1f\x8b\x08\x00",
    "parquet": b"PAR1 but cut",
    "nan": b'{"clip_id": "a", "n_comments_total": NaN}',
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_bad_input_is_a_clear_error_and_never_a_traceback(misread, tmp_path, name: str) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(BAD_FILES[name])
    done = misread("score", path, "--json")
    assert done.returncode in (1, 3)
    assert str(path).encode() in done.stderr
    assert b"Traceback" not in done.stderr


SOUND_FILES = {
    "bom": b'\xef\xbb\xbf{"clip_id": "a", "caption": "x"}',
    "crlf": b'{"clip_id": "a"}\r\n\r\n',
    "surrogate": b'{"clip_id": "a", "caption": "x \\ud83d y"}',
    "nulls": b'{"clip_id": "a", "caption": null, "comments": null, "label": null}',
    "nul in text": b'{"clip_id": "a", "caption": "he \\u0000 hit"}',
    "big": b'{"clip_id": "a", "caption": "' + b"they fought " * 900_000 + b'"}',
    "csv": b"clip_id;caption\r\na;they hugged\r\n",
}


@pytest.mark.parametrize("name", sorted(SOUND_FILES))
def test_odd_but_sound_input_gets_a_verdict(misread, tmp_path, name: str) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(SOUND_FILES[name])
    done = misread("score", path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clip_id"] == "a"


@pytest.mark.parametrize("what", ["missing.json", "."])
def test_a_missing_file_or_a_directory_is_named(misread, tmp_path, what: str) -> None:
    done = misread("score", tmp_path / what)
    assert (done.returncode, done.stdout) == (1, b"")
    assert str(tmp_path / what).encode().rstrip(b"/.") in done.stderr


def test_a_wrong_model_folder_says_what_to_do(misread, tmp_path) -> None:
    done = misread(*PLAIN, "--model", tmp_path)
    assert done.returncode == 1
    assert b"misread train" in done.stderr


@pytest.mark.parametrize("columns", ["30", "60", "200"])
def test_no_line_is_wider_than_the_terminal(misread, repository, columns: str) -> None:
    done = misread("score", repository / "data" / "examples" / "vmas-2023.json", COLUMNS=columns)
    from misread.present.style import columns as width

    assert max(width(line) for line in done.stdout.decode().splitlines()) <= int(columns)


def test_colour_only_where_it_is_wanted(misread, repository) -> None:
    clip = repository / "data" / "examples" / "vmas-2023.json"
    assert b"\x1b[" not in misread("score", clip).stdout
    assert b"\x1b[" in misread("score", clip, FORCE_COLOR="1").stdout
    assert b"\x1b[" not in misread("score", clip, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_terminal_that_knows_ascii_only_is_not_broken(misread, repository) -> None:
    done = misread("score", repository / "data" / "examples" / "vmas-2023.json", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_a_clip_cannot_steer_the_terminal(misread) -> None:
    done = misread(
        "score", "-", stdin=b'{"clip_id": "a", "caption": "\\u001b[2J \\u202e evil", "comments": [{"text": "\\u001b]0;x\\u0007"}]}'
    )
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert "\u202e" not in done.stdout.decode()


def test_a_closed_pipe_is_no_error(repository) -> None:
    clips = repository / "data" / "corpus" / "clips-01.jsonl"
    script = f"{sys.executable} -m misread score {clips} --json | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == (b"0", b"")


def test_an_interrupt_exits_130(repository) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "misread", "score", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    time.sleep(1.5)
    os.kill(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert b"Traceback" not in said


def test_captures_hide_who_wrote_a_comment(misread, tmp_path) -> None:
    capture = {
        "id": "x",
        "extractor_key": "TikTok",
        "description": "look at them",
        "uploader": "poster",
        "comments": [{"id": "1", "text": "they fight", "author": "secret_name"}],
        "comment_count": 9,
    }
    path = tmp_path / "x.info.json"
    path.write_text(json.dumps(capture))
    hidden, shown = misread("score", path), misread("score", path, "--keep-authors")
    assert b"secret_name" not in hidden.stdout
    assert b"secret_name" in shown.stdout
    assert b"truncated: 1 of 9" in hidden.stderr


SPANISH = "no estaban peleando, estaban ensayando la escena del viernes"


def test_langid_is_used_only_where_it_is_asked_for(misread) -> None:
    pytest.importorskip("py3langid")
    plain, asked = misread("score", "--caption", SPANISH, "--json"), misread("score", "--caption", SPANISH, "--json", "--langid")
    assert json.loads(plain.stdout)["reason"] != "language"
    assert json.loads(asked.stdout)["reason"] == "language"
    assert json.loads(misread(*PLAIN, "--json", "--langid").stdout)["verdict"] == "friendly"


def test_langid_without_py3langid_says_how_to_get_it(monkeypatch, capsys, tmp_path) -> None:
    import importlib.metadata

    from misread.cli.app import run

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    source = tmp_path / "in.jsonl"
    source.write_text('{"clip_id": "a"}')
    for arguments in (["score", "--caption", SPANISH], ["label", str(source), str(tmp_path / "out.jsonl")]):
        assert run([*arguments, "--langid"]) == 1
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "misread: langid: py3langid is not installed (pip install 'misread[language]')\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_shell_completion_is_offered(misread) -> None:
    done = misread("--show-completion", "bash", _MISREAD_COMPLETE="source_bash")
    assert b"misread" in done.stdout
