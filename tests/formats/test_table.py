"""CSV, and rows as clips."""

import io

import pytest

from misread.errors import InputError
from misread.formats.jsonl import Record
from misread.formats.table import clips_from_rows, read_csv


def records(data: bytes | str, **options) -> list[Record]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_csv(io.BytesIO(raw), "clips.csv", **options))


def only(data: bytes | str):
    (record,) = records(data)
    assert record.parsed.problems == ()
    return record.parsed.clip


def reasons(record: Record) -> str:
    assert record.parsed.clip is None
    return "\n".join(map(str, record.parsed.problems))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header_alone(delimiter: str) -> None:
    row = {",": "x;y\tz", ";": "x,y,z,w", "\t": "x;y,z"}[delimiter]
    clip = only(f"clip_id{delimiter}caption\r\na{delimiter}{row}\r\n")
    assert (clip.clip_id, clip.caption) == ("a", row)


def test_a_bom_spaces_and_capitals_in_the_header_do_not_hide_a_column() -> None:
    assert only(b'\xef\xbb\xbf"Clip_ID", Caption \r\na,hello\r\n').caption == "hello"


def test_newlines_and_doubled_quotes_stand_inside_quotes_and_lines_are_still_counted() -> None:
    first, second = records('clip_id,caption\na,"one\r\ntwo ""three"""\nb,four\n')
    assert first.parsed.clip.caption == 'one\r\ntwo "three"'
    assert (first.line, second.line) == (2, 4)


def test_an_empty_cell_is_absent_in_our_columns_and_kept_in_others() -> None:
    (record,) = records("clip_id,caption,transcript,platform,n_comments_total,comments,tags,note\na,,,,,,,\n")
    clip = record.parsed.clip
    assert (clip.caption, clip.transcript, clip.platform, clip.n_comments_total, clip.comments, clip.tags) == (
        "",
        None,
        None,
        None,
        (),
        None,
    )
    assert record.parsed.extra == {"note": ""}


def test_structures_stand_in_cells_as_json_and_participants_as_names_too() -> None:
    clip = only(
        "clip_id,comments,evidence,participants,tags\n"
        'a,"[{""text"": ""lol"", ""likes"": 3}]","[{""kind"": ""eyewitness"", ""text"": ""saw it""}]",'
        'Ann; Bo ;,"{""setting"": ""pitch""}"\n'
    )
    assert (clip.comments[0].text, clip.comments[0].likes, clip.evidence[0].kind) == ("lol", 3, "eyewitness")
    assert clip.participants == ("Ann", "Bo")
    assert clip.tags == {"setting": "pitch"}
    assert only('clip_id,participants\na,"[""Ann; the other"", ""Bo""]"\n').participants == ("Ann; the other", "Bo")


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("comments", '"[{""text"": "', "comments"),
        ("comments", "lol", "comments"),
        ("tags", "pitch", "tags"),
        ("evidence", '"[{""kind"": ""gossip""}]"', "evidence[0].kind"),
        ("comments", '"[{""likes"": -1}]"', "comments[0].likes"),
        ("n_comments_total", "many", "n_comments_total"),
        ("n_comments_total", '"1,200"', "n_comments_total"),
        ("n_comments_total", "-3", "n_comments_total"),
        ("n_comments_total", "3.5", "n_comments_total"),
        ("posted_at", "2023-09-13T02:10:00", "posted_at"),
        ("label", "fight", "label"),
    ],
)
def test_a_bad_cell_is_named_and_the_next_row_is_read(header: str, cell: str, field: str) -> None:
    bad, good = records(f"clip_id,{header}\na,{cell}\nb,\n")
    assert [p.field for p in bad.parsed.problems] == [field]
    assert good.parsed.clip.clip_id == "b"


@pytest.mark.parametrize(("cell", "number"), [("12", 12), (" 12 ", 12), ("12.0", 12), ("0", 0)])
def test_whole_numbers_are_read_also_as_tables_with_gaps_write_them(cell: str, number: int) -> None:
    assert only(f"clip_id,n_comments_total\na,{cell}\n").n_comments_total == number


def test_every_problem_of_a_row_is_told_at_once() -> None:
    (record,) = records("clip_id,comments,n_comments_total,label\n,lol,many,fight\n")
    assert sorted(p.field for p in record.parsed.problems) == ["clip_id", "comments", "label", "n_comments_total"]


def test_without_an_id_column_the_row_number_stands_in_and_refused_rows_count() -> None:
    found = records("caption\na\nb,c\nd\n", prefix="x.csv:")
    assert [r.parsed.clip.clip_id if r.parsed.clip else None for r in found] == ["x.csv:1", None, "x.csv:3"]
    assert only("caption\na\n").clip_id == "1"


def test_an_empty_id_where_there_is_an_id_column_is_refused() -> None:
    assert "missing" in reasons(records("clip_id,caption\n,hello\n")[0])


def test_more_cells_than_columns_is_a_problem_and_fewer_are_absent() -> None:
    more, fewer = records("clip_id,caption,transcript\na,b,c,d\nb,hello\n")
    assert "4 cells under 3 columns" in reasons(more)
    assert (more.line, more.raw) == (2, "a,b,c,d")
    assert fewer.parsed.clip.transcript is None


def test_a_last_row_that_stops_short_says_that_the_file_is_cut_off() -> None:
    whole, cut = records("clip_id,caption,transcript\na,b,c\nb,he")
    assert whole.parsed.clip is not None
    assert "cut off" in reasons(cut)
    assert "cut off" in reasons(records('clip_id,caption\na,"never clo')[0])


def test_a_last_row_without_a_line_end_is_no_fault() -> None:
    assert only("clip_id,caption\na,hello").caption == "hello"


def test_invalid_utf8_is_a_problem_of_its_row_and_cell() -> None:
    bad, good = records(b"clip_id,caption,note\na,caf\xe9,x\nb,caf\xc3\xa9,\xff\n")
    assert [p.field for p in bad.parsed.problems] == ["caption"]
    assert [p.field for p in good.parsed.problems] == ["note"]
    assert records(b"clip_id,caption\nb,caf\xc3\xa9\n")[0].parsed.clip.caption == "café"


def test_nul_bytes_are_read_as_what_they_are() -> None:
    assert only(b"clip_id,caption\na,x\0y\n").caption == "x\0y"


def test_a_long_caption_is_no_fault() -> None:
    assert len(only("clip_id,caption\na," + "x" * 1_000_000 + "\n").caption) == 1_000_000


def test_an_overlong_line_is_refused_and_the_next_is_read() -> None:
    long, good = records("clip_id,caption\na," + "x" * 3_000_000 + "\nb,y\n", limit=1000)
    assert "longer than 1,000" in reasons(long)
    assert (good.parsed.clip.clip_id, good.line) == ("b", 3)


def test_a_misplaced_quote_is_a_problem_and_the_next_row_is_read() -> None:
    bad, good = records('clip_id,caption\na,"x"y\nb,z\n')
    assert "not CSV" in reasons(bad)
    assert good.parsed.clip.caption == "z"


def test_a_table_without_our_columns_says_what_it_found_and_what_it_wants() -> None:
    with pytest.raises(InputError) as caught:
        records("id,body\n1,x\n")
    assert all(word in str(caught.value) for word in ("clips.csv", "id, body", "caption", "clip_id"))


def test_a_column_of_ours_that_stands_twice_is_refused_and_others_keep_both() -> None:
    with pytest.raises(InputError, match="caption: the column stands twice"):
        records("caption,Caption\n1,x\n")
    assert records("caption,x,x,\n1,2,3,4\n")[0].parsed.extra == {"x": "2", "x_3": "3", "column_4": "4"}


def test_blank_lines_are_skipped_and_do_not_number_rows() -> None:
    found = records("caption\n\na\n\nb\n")
    assert [(r.line, r.parsed.clip.clip_id) for r in found] == [(3, "1"), (5, "2")]


def test_rows_of_another_source_are_read_alike() -> None:
    a, b = clips_from_rows([{"clip_id": 7, "n_comments_total": float("nan")}, {"caption": "x", "n_comments_total": 3.0}], "f:")
    assert a.clip.clip_id == "7"
    assert a.clip.n_comments_total is None
    assert (b.clip.clip_id, b.clip.n_comments_total) == ("f:2", 3)
