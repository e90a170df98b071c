"""`misread label`, `import` and the reference."""

import gzip
import json

from misread.cli.reference import reference


def test_label_writes_verdicts_and_says_what_became_of_the_records(misread, tmp_path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"clip_id": "a", "caption": "they hugged"}\n{"clip_id": 7}\n')
    done = misread("label", source, out)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"2 records read, 1 labelled, 1 refused" in done.stderr
    assert json.loads(out.read_text())["clip_id"] == "a"
    assert json.loads((tmp_path / "out.jsonl.rejects.jsonl").read_text())["line"] == 2
    again = misread("label", source, out)
    assert (again.returncode, b"already complete" in again.stderr) == (3, True)  # what was true of it is so still


def test_label_reads_standard_input(misread, tmp_path) -> None:
    done = misread("label", "-", tmp_path / "out.csv", "-q", stdin=b'{"clip_id": "a"}')
    assert done.returncode == 0
    assert (tmp_path / "out.csv").read_text().count("\n") == 2


def test_import_hides_authors_with_a_key_that_stays(misread, tmp_path) -> None:
    capture = tmp_path / "x.info.json"
    capture.write_text(
        json.dumps({"id": "1", "extractor": "tiktok", "comments": [{"id": "1", "text": "a", "author": "ann"}], "comment_count": 1})
    )
    first, second = misread("import", capture), misread("import", capture, "-o", tmp_path / "clips.jsonl")
    author = json.loads(first.stdout)["comments"][0]["author"]
    assert author.startswith("h:")
    assert b"1 authors replaced" in first.stderr
    assert json.loads((tmp_path / "clips.jsonl").read_text())["comments"][0]["author"] == author
    assert second.stdout == b""
    kept = misread("import", capture, "--keep-authors")
    assert json.loads(kept.stdout)["comments"][0]["author"] == "ann"


def test_import_refuses_what_is_no_clip_and_writes_the_rest(misread) -> None:
    done = misread("import", "-", stdin=b'{"clip_id": "a"}\n{"caption": 3}\n')
    assert (done.returncode, done.stdout) == (3, b'{"clip_id":"a"}\n')
    assert b"<stdin>:2 clip_id: missing" in done.stderr


def test_the_reference_is_as_the_help_texts_are(repository) -> None:
    assert (repository / "docs" / "cli.md").read_text(encoding="utf-8") == reference(), "run: make docs"


def test_label_takes_many_inputs_a_users_columns_and_a_folder_of_parts(misread, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("video,title,desk\n1,they hugged,sport\n2,he hit him,\n")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"video": 3, "title": "they hugged"}\n'))
    out = tmp_path / "out.jsonl"
    asked = ("--columns", "clip_id=video,caption=title", "--no-words", "--top", "1", "--part-size", "2", "-q", "--jobs", "1")
    done = misread("label", f"{tmp_path}/*.csv", tmp_path / "b.jsonl.gz", f"{out}/", *asked)
    assert (done.returncode, done.stderr) == (0, b"misread: 3 records read, 3 labelled, 0 refused\n")
    assert sorted(path.name for path in out.iterdir()) == ["_manifest.json", "part-00000.jsonl", "part-00001.jsonl"]
    rows = [json.loads(line) for path in sorted(out.glob("part-*")) for line in path.read_text().splitlines()]
    assert [(row["clip_id"], row["caption_words"]) for row in rows] == [("1", []), ("2", []), ("3", [])]
    standing = misread("label", "--status", out)
    assert standing.returncode == 0
    assert b"complete\nparts: 2 done, none missing\n" in standing.stdout
    (out / "part-00001.jsonl").unlink()
    assert misread("label", "--status", out).returncode == 1


def test_label_refuses_a_column_that_is_none_of_ours(misread, tmp_path) -> None:
    done = misread("label", "-", tmp_path / "out.jsonl", "--columns", "titel=title")
    assert done.returncode == 1
    assert b"unknown target 'titel' (one of: caption, clip_id, comments" in done.stderr


def test_a_dry_run_writes_nothing(misread, tmp_path) -> None:
    (tmp_path / "in.jsonl").write_text('{"clip_id": "a", "caption": "they hugged"}\n{"clip_id": 7}\n')
    done = misread("label", tmp_path / "in.jsonl", tmp_path / "out.jsonl", "--dry-run")
    assert done.returncode == 3
    assert b"refused: 1 of the first 2 records" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_label_and_score_say_that_there_was_no_record(misread, tmp_path) -> None:
    (tmp_path / "in.csv").write_text("clip_id,caption\n")
    done = misread("label", tmp_path / "in.csv", tmp_path / "out.csv", "-q")
    assert (done.returncode, b"no record in the input" in done.stderr) == (0, True)
    done = misread("score", tmp_path / "in.csv")
    assert (done.returncode, b"no record in" in done.stderr) == (0, True)


def test_label_needs_an_input_and_an_output(misread, tmp_path) -> None:
    for paths in ((), (tmp_path / "out.csv",)):
        done = misread("label", *paths)
        assert done.returncode == 2
        assert b"one or more IN, then OUT" in done.stderr


def test_progress_is_plain_lines_without_a_terminal_and_moves_in_one(capsys) -> None:
    import io

    from misread.present.progress import Step, progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    ticks = iter([0.0, 4.0, 10.0, 12.0, 21.0])
    plain, terminal = io.StringIO(), Terminal()
    with progress("labelled", stream=plain, clock=lambda: next(ticks)) as advance:
        for n in (10, 20, 30, 40):
            advance(Step(n, n, 100, n // 10, 10))
    assert plain.getvalue().splitlines() == [
        "20 of about 100 records labelled (2 of 10 parts written), 2 a second, 0:40 left",
        "40 of about 100 records labelled (4 of 10 parts written), 2 a second, 0:32 left",
    ]
    with progress("labelled", stream=terminal) as advance:
        advance(Step(50, 50, 100, 5, 10))
    assert "50 of 100 · 5 of 10 parts · " in terminal.getvalue()
    with progress("labelled", quiet=True, stream=terminal) as advance:
        advance(Step(60, 60, 100, 6, 10))
    assert "60 of 100" not in terminal.getvalue()
