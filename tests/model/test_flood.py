"""The crowd cannot be stuffed, nor can the evidence."""

import importlib.util
from pathlib import Path

from misread import Clip, Evidence, score
from misread.model.bundle import Model


def flood(repository: Path):
    spec = importlib.util.spec_from_file_location("flood", repository / "benchmarks" / "flood.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_five_hundred_near_copies_move_the_crowd_no_more_than_two_honest_comments(model: Model, repository: Path) -> None:
    bench = flood(repository)
    honest = score(model, bench.crowd(bench.HONEST)).p_conflict_crowd
    stuffed = score(model, bench.crowd(bench.HONEST + bench.copies(500))).p_conflict_crowd
    answered = score(model, bench.crowd(bench.HONEST + bench.HOSTILE)).p_conflict_crowd
    assert honest < stuffed <= answered


def test_a_decisive_item_outweighs_five_opinions(model: Model) -> None:
    decisive = Evidence(
        evidence_id="d", kind="participant_statement", text="We planned it together, I laughed the whole time and I love him."
    )
    opinions = tuple(
        Evidence(evidence_id=str(i), kind="fan_claim", text=text)
        for i, text in enumerate(
            ["looks like a fight to me", "i think she is mad", "seems tense", "probably angry", "you can just tell they have beef"]
        )
    )
    v = score(model, Clip(clip_id="1", caption="what is going on here", evidence=(decisive, *opinions)))
    assert v.verdict == "friendly"
