"""`misread label`, `import` and the reference."""

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
