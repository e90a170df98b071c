"""A user's own column names."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.errors import InputError
from misread.formats.columns import columns_from
from misread.formats.read import read_clips

COLUMNS = columns_from("caption=title, clip_id=video_id")
ROW = {"video_id": 7, "title": "they hugged", "caption": "theirs", "desk": "sport"}


def written(path: Path, kind: str) -> str:
    if kind == "jsonl":
        path.write_text(json.dumps(ROW) + "\n")
    elif kind == "csv":
        path.write_text(";".join(ROW) + "\n" + ";".join(map(str, ROW.values())) + "\n")
    else:
        pq.write_table(pa.Table.from_pylist([ROW]), path)
    return str(path)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_their_columns_are_read_as_ours_and_the_others_pass_through(kind: str, tmp_path: Path) -> None:
    (parsed,) = read_clips([written(tmp_path / "clips", kind)], columns=COLUMNS)
    assert parsed.clip is not None
    assert (parsed.clip.clip_id, parsed.clip.caption) == ("7", "they hugged")
    assert parsed.extra == {"input_caption": "theirs", "desk": "sport"}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_is_not_there_is_an_error_that_lists_those_that_are(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"titel: no such column.*video_id, title"):
        list(read_clips([written(tmp_path / "clips", kind)], columns=columns_from("caption=titel")))


def test_a_record_with_an_own_id_is_no_capture() -> None:
    raw = b'{"id": "7", "extractor": "tiktok", "title": "they hugged"}'
    (parsed,) = read_clips(["-"], stdin=io.BytesIO(raw), columns=columns_from("clip_id=id,caption=title"))
    assert parsed.clip is not None
    assert parsed.clip.caption == "they hugged"


def test_what_is_no_object_is_refused_as_ever() -> None:
    found = list(read_clips(["-"], stdin=io.BytesIO(b'{"video_id": true}\n[1]\n3\n'), columns=COLUMNS))
    assert [p.clip for p in found] == [None] * 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("titel=title", "unknown target 'titel'.*caption, clip_id, comments"),
        ("caption", "expected OURS=THEIRS"),
        ("caption=", "expected OURS=THEIRS"),
        ("caption=a,caption=b", "'caption' stands twice"),
        ("caption=a,transcript=a", "'a' stands twice"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        columns_from(text)


def test_all_that_is_wrong_with_a_mapping_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        columns_from("titel=a,kaption=b")
    assert len(caught.value.problems) == 2
