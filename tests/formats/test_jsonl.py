"""JSON, line by line and whole."""

import io
import json
import tracemalloc

import pytest

from misread.formats.jsonl import Record, Undecodable, decode, lines, read
from misread.formats.parse import clip_from


def records(data: bytes, **options) -> list[Record]:
    return list(read(io.BytesIO(data), lambda value: iter([clip_from(value)]), **options))


def ids(found: list[Record]) -> list[tuple[int, str | None]]:
    return [(r.line, r.parsed.clip.clip_id if r.parsed.clip else None) for r in found]


def reason(record: Record) -> str:
    (problem,) = record.parsed.problems
    return str(problem)


def test_blank_lines_a_bom_and_crlf_change_nothing_but_line_numbers() -> None:
    data = b'\xef\xbb\xbf\r\n{"clip_id": "a"}\r\n\r\n  \r\n{"clip_id": "b"}\r\n'
    assert ids(records(data)) == [(2, "a"), (5, "b")]


def test_a_bom_in_the_middle_where_files_were_joined_is_read_over() -> None:
    assert ids(records(b'{"clip_id": "a"}\n\xef\xbb\xbf{"clip_id": "b"}')) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"clip_id": "x", "likes": NaN}', "NaN is no JSON number"),
        (b'{"clip_id": "x", "n": -Infinity}', "-Infinity is no JSON number"),
        (b'{"clip_id": "x", "n": 1e999}', "1e999 is no JSON number"),
        (b'{"clip_id": "x", "n": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"clip_id": "\xff\xfe"}', "invalid UTF-8 at byte 14"),
        (b'{"clip_id" "x"}', "at column 12"),
        (b'{"clip_id": "x"', "at column 16"),
        (b'{"clip_id": "x",}', "at column 1"),
        (b'{"clip_id": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
        (b'{"clip_id": "x", "a": ' + b"[" * 500 + b"]" * 500 + b"}", "nested"),
        (b'{"clip_id": "x\ty\x01"}', "control character"),
        (b"null", "expected an object, got null"),
        (b"\x00\x01", "not JSON"),
    ],
)
def test_a_broken_line_is_a_problem_of_its_own_and_the_others_go_on(line: bytes, said: str) -> None:
    first, broken, last = records(b'{"clip_id": "a"}\n' + line + b'\n{"clip_id": "b"}\n')
    assert ids([first, last]) == [(1, "a"), (3, "b")]
    assert said in reason(broken)
    assert broken.line == 2
    assert broken.raw == line + b"\n"


def test_a_broken_first_line_does_not_take_the_others_with_it() -> None:
    assert ids(records(b'{"clip_id": "a", "cap\n{"clip_id": "b"}\n{"clip_id": "c"}')) == [(1, None), (2, "b"), (3, "c")]


@pytest.mark.parametrize("tail", [b'{"clip_id": "b", "cap', b'{"clip_id": "b\xf0\x9f', b'{"clip_id"', b'{"n": tru', b"{"])
def test_a_truncated_last_line_says_that_the_file_is_cut_off(tail: bytes) -> None:
    first, last = records(b'{"clip_id": "a"}\n' + tail)
    assert first.parsed.clip is not None
    assert "cut off" in reason(last)
    (problem,) = last.parsed.problems
    assert problem.cure


def test_a_broken_line_that_is_whole_is_not_called_cut_off() -> None:
    assert "cut off" not in reason(records(b'{"clip_id": "a"}\n{"clip_id" "b"}')[1])
    assert "cut off" not in reason(records(b'{"clip_id": "a"}\n{"clip_id"\n')[1])


def test_lone_surrogates_are_read_as_the_replacement_character() -> None:
    (record,) = records(rb'{"clip_id": "a", "caption": "x\ud83d", "tags": {"k\udc00": "\ud800"}}')
    assert record.parsed.clip.caption == "x\ufffd"
    assert record.parsed.clip.tags == {"k\ufffd": "\ufffd"}


def test_a_surrogate_pair_stays_one_character() -> None:
    assert decode(rb'["\ud83d\ude02", "\ud83d"]')[0] == "😂"


def test_a_document_over_several_lines_is_one_record() -> None:
    assert ids(records(json.dumps({"clip_id": "a", "comments": [{"text": "x"}]}, indent=2).encode())) == [(1, "a")]


def test_an_array_is_read_as_its_items_numbered_from_one() -> None:
    assert ids(records(b'[{"clip_id": "a"}, 3,\n{"clip_id": "b"}]')) == [(1, "a"), (2, None), (3, "b")]
    assert records(b"[]") == []


def test_errors_in_a_document_name_line_and_column_counting_blank_lines() -> None:
    assert "line 4, column 3" in reason(records(b"\n\n{\n  oops: 1\n}")[0])
    assert "line 2, byte 8" in reason(records(b'{\n "a": "\xff"\n}')[0])
    assert "cut off" in reason(records(b'{\n  "clip_id": "a",\n  "capt')[0])


def test_a_line_over_the_limit_is_refused_and_the_next_is_read() -> None:
    long = b'{"clip_id": "' + b"x" * 3_000_000 + b'"}\n'
    first, second = records(long + b'{"clip_id": "b"}\n', limit=1000)
    assert "longer than 1,000 bytes" in reason(first)
    assert second.parsed.clip.clip_id == "b"
    assert second.line == 2


def test_a_line_of_just_the_limit_is_read() -> None:
    line = b'{"clip_id": "a"}\n'
    assert ids(records(line, limit=len(line))) == [(1, "a")]
    assert ids(records(line, limit=len(line) - 1)) == [(1, None)]


def test_a_document_over_the_limit_is_refused_with_the_cure() -> None:
    assert "JSON Lines" in reason(records(b"[\n" + b'{"clip_id": "a"},\n' * 100 + b'{"clip_id": "b"}]', limit=1000)[0])


def test_lines_are_read_one_by_one_in_bounded_memory() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.left = 20_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            if not self.left:
                return 0
            self.left -= 1
            data = b'{"clip_id": "%d", "caption": "%s"}\n' % (self.left, b"x" * 1000)
            buffer[: len(data)] = data
            return len(data)

    tracemalloc.start()
    n_read = sum(r.parsed.clip is not None for r in read(io.BufferedReader(Endless()), lambda v: iter([clip_from(v)])))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_read == 20_000
    assert peak < 1_000_000  # the whole is 20 MB


def test_lines_count_an_overlong_line_once() -> None:
    assert [n for n, _ in lines(io.BytesIO(b"x" * 5000 + b"\ny\n"), 10)] == [1, 2]


def test_decode_gives_the_value_or_says_why_not() -> None:
    assert decode(b"3") == 3
    assert isinstance(decode(b"{"), Undecodable)
