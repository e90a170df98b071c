"""What a file is, by its content."""

import pytest

from misread.errors import InputError
from misread.formats.detect import HEAD, is_capture, is_document, kind_of, open_input, unreadable


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'{"clip_id": "a"}', "clips.parquet", "json"),
        (b'\xef\xbb\xbf\r\n {"clip_id": "a"}', "clips", "json"),
        (b"[\n", "clips.csv", "json"),
        (b"PAR1\x15\x04", "clips.csv", "parquet"),
        (b"ARROW1\0\0", "clips.json", "arrow"),
        (b"\xff\xff\xff\xff\x10", "clips", "arrow_stream"),
        (b'"clip_id","caption"\r\n', "clips.json", "csv"),
        (b"caption;comments\nx;y\n", "clips.jsonl", "csv"),
        (b"\xef\xbb\xbfclip_id\tcaption\n", "clips", "csv"),
        (b"clip_id,caption\na,\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "clips", "csv"),
        (b'oops"clip\n{"clip_id": "a"}\n', "clips.jsonl", "json"),
        (b"\x01\x02\x03\n{}\n", "clips.ndjson", "json"),
    ],
)
def test_content_decides_and_the_suffix_only_where_content_could_be_anything(head: bytes, name: str, kind: str) -> None:
    assert kind_of(head, name) == kind


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ('{"clip_id": "a"}'.encode("utf-16"), "UTF-8"),
        ('{"clip_id": "a"}'.encode("utf-16-be"), "UTF-8"),
        ("clip_id,caption".encode("utf-32"), "UTF-8"),
        (b"\x1f\x8b\x08\0", "unpack"),
        (b"PK\x03\x04", "unpack"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither text"),
        (bytes(range(1, 32)) * 10, "neither text"),
    ],
)
def test_what_is_no_text_is_refused_with_the_file_and_the_cure(head: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        kind_of(head, "strange.bin")
    (problem,) = caught.value.problems
    assert problem.file == "strange.bin"
    assert problem.cure
    assert said in str(problem)


def test_a_head_of_blanks_that_is_not_the_whole_file_is_not_called_empty() -> None:
    assert kind_of(b" " * HEAD, "x") == "csv"


@pytest.mark.parametrize("name", ["extractor", "extractor_key", "webpage_url", "_type"])
def test_a_capture_is_told_by_any_of_its_fields_and_never_with_a_clip_id(name: str) -> None:
    assert is_capture({"id": "x", name: "video"})
    assert not is_capture({"clip_id": "x", name: "video"})
    assert is_capture({"clip_id": None, name: "video"})
    assert not is_capture({"id": "x", name: None})
    assert not is_capture([name])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (b"{", b'"clip_id": "a"', True),
        (b"{", b"}", True),
        (b'{"comments": [', b'{"text": "a"}', True),
        (b'{"comments": [{"text": "a"},', b'{"text": "b"}]}', True),
        (b'{"tags":', b'{"setting": "x"}}', True),
        (b'{"a": {"b": 1}', b', "c": 2}', True),
        (b"\xef\xbb\xbf[", b"", True),
        (b'{"clip_id": "a"}', b"", False),
        (b'{"clip_id": "a"}\r\n', b'{"clip_id": "b"}', False),
        (b'{"clip_id": "a", "cap', b'{"clip_id": "b"}', False),
        (b'{"clip_id": "a",', b'{"clip_id": "b"}', False),
    ],
)
def test_the_seam_of_two_lines_tells_a_document_from_json_lines(first: bytes, second: bytes, expected: bool) -> None:
    assert is_document(first, second) is expected


def test_an_operating_system_error_becomes_a_problem_with_a_cure(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_input(str(tmp_path / "none.jsonl"))
    with pytest.raises(InputError, match=r"directory .*give the files"):
        open_input(str(tmp_path))
    with pytest.raises(InputError, match="no file can have this name"):
        open_input("a\0b")
    assert "permissions" in str(unreadable("x", PermissionError()))
    assert "Input/output" in str(unreadable("x", OSError(5, "Input/output error")))
