"""Relevance x stance x trust, echoes once."""

from misread.model.bundle import Model
from misread.model.evidence import echo_groups, share_echoes
from misread.records import KINDS, Clip, Evidence
from misread.scoring import score

STATEMENT = "She was glad to meet him and they laughed about the whole thing afterwards, her sister said"


def item(i: int, text: str, kind: str = "source_statement") -> Evidence:
    return Evidence(evidence_id=str(i), kind=kind, text=text)  # type: ignore[arg-type]


def test_outlets_that_repeat_one_statement_are_one_group() -> None:
    items = [
        item(0, STATEMENT),
        item(1, "Her sister said she was glad to meet him and they laughed about the whole thing"),
        item(2, "Doors at 8"),
    ]
    assert echo_groups(items) == [0, 0, 2]


def test_echoes_weigh_as_their_strongest_and_keep_their_sign() -> None:
    assert share_echoes([2.0, 2.0, -1.0], [0, 0, 2]) == [1.0, 1.0, -1.0]
    assert share_echoes([0.0, 0.0], [0, 0]) == [0.0, 0.0]


def test_twenty_outlets_of_one_statement_move_the_verdict_no_more_than_one(model: Model) -> None:
    one, many = (
        score(model, Clip(clip_id="a", evidence=tuple(item(i, STATEMENT, "news_report") for i in range(n)))).parts.evidence for n in (1, 20)
    )
    assert one != 0
    assert abs(many - one) < 1e-6


def test_every_kind_is_trusted_and_none_blindly(model: Model) -> None:
    assert set(model.ranker.trust) == set(KINDS)
    assert all(0 < model.ranker.trust[kind] < 20 for kind in KINDS)
