"""Clips of one event are proposed to share it; others are left in peace; what is written is what was read."""

import json
from pathlib import Path

from misread.corpus.dedupe import propose, write_grouped
from misread.corpus.read import read_corpus
from misread.records import Clip, Evidence

LONG = "Security waved the drummer through after the second song ended"


def new(clips: list[Clip]) -> dict[str, str]:
    return {p.clip_id: p.new for p in propose(clips)}


def test_near_duplicate_captions_and_evidence_join_events() -> None:
    clips = [
        Clip(clip_id="a", caption=LONG),
        Clip(clip_id="b", evidence=(Evidence(evidence_id="1", text=LONG + "!"),)),
        Clip(clip_id="c", caption="Nothing of the sort ever happened in our kitchen"),
    ]
    assert new(clips) == {"b": "a"}
    assert "caption" in propose(clips)[0].because[0]


def test_an_existing_group_gives_its_name_to_the_others() -> None:
    clips = [Clip(clip_id="a", caption=LONG), Clip(clip_id="b", caption=LONG, group_id="z9"), Clip(clip_id="c", group_id="z9")]
    assert new(clips) == {"a": "z9"}
    clips[0] = Clip(clip_id="a", caption=LONG, group_id="b0")
    assert new(clips) == {"b": "b0", "c": "b0"}


def people(name: str, day: str | None, *who: str) -> Clip:
    return Clip(clip_id=name, posted_at=day, participants=who)


def test_the_same_people_join_clips_of_three_days_and_no_more() -> None:
    assert new([people("a", "2024-05-01", "Mara  Okoye"), people("b", "2024-05-04", "x", "mara okoye")]) == {"b": "a"}
    assert new([people("a", "2024-05-01", "Mara Okoye"), people("b", "2024-05-05", "Mara Okoye")]) == {}
    assert new([people("a", "2024-05-01", "Mara Okoye"), people("b", "2024-05-02", "Mara")]) == {}
    assert (
        new(
            [
                people("a", None, "Mara Okoye"),
                people("b", None, "Mara Okoye"),
                people("c", "2024-05-02", "", " "),
                people("d", "2024-05-02", ""),
            ]
        )
        == {}
    )


def test_what_is_one_with_a_third_is_one() -> None:
    clips = [
        people("a", "2024-05-01", "x"),
        people("c", "2024-05-02", "x", "y"),
        people("b", "2024-05-04", "y"),
        people("d", "2024-06-01", "y"),
    ]
    assert new(clips) == {"b": "a", "c": "a"}


def test_clips_that_share_their_event_already_are_not_proposed() -> None:
    assert propose([Clip(clip_id="a", caption=LONG, group_id="g"), Clip(clip_id="b", caption=LONG, group_id="g")]) == []
    assert propose([]) == []


def test_written_clips_keep_everything_and_change_their_group_only(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    records = [{"clip_id": "a", "caption": LONG, "label": "friendly"}, {"clip_id": "b", "caption": LONG, "my_field": {"x": 1}, "likes": 3}]
    source.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    proposals = propose(read_corpus([source]).clips)
    assert write_grouped([source], proposals, out) == 2
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [records[0], {**records[1], "group_id": "a"}]
    assert propose(read_corpus([out]).clips) == []
    write_grouped([source], proposals, source)  # in place
    assert source.read_bytes() == out.read_bytes()


def test_our_own_events_are_apart(repository: Path) -> None:
    assert propose(read_corpus([repository / "data" / "corpus"]).clips) == []
