"""Law: at fidelity 0 what is on paper equals the baseline plus its administrative cost."""

from __future__ import annotations

from functools import cache

import pytest

from sim.model.town import Town
from tests.laws import changed, differing, laboratory, lived, nulls, parts, steps

# Administrative cost of what is on paper, where a parameter states it.
COST = (
    "intake.hours_any_door",
    "intake.hours_household_assessment",
    "casework.pairing_hours",
    "coordination.hours_mediation",
    "coordination.hours_authority",
    "ledger.merge_once",
    "ledger.briefing_hours",
    "intake.tie_respect_hours",
)
# Levers that are practice alone: no posts (they would work elsewhere), no rules of personnel
# (rotation, recruitment).
PAPER: dict[str, tuple[str, dict[str, object]]] = {
    "any door": ("intake", {"door": "any_door"}),
    "assessment": ("intake", {"assessment": "household"}),
    "briefing": ("intake", {"briefing": True}),
    "accompaniment": ("accompaniment", {"months": 6.0}),
    "accompaniment by the community": ("accompaniment", {"months": 6.0, "who": "community"}),
    "stepwise roles": ("participation", {"stepwise": True}),
    "backing": ("community", {"back_supporters": True}),
    "ties respected": ("community", {"tie_respecting": True}),
    "places": ("community", {"places": 5.0}),
    "approach": ("community", {"approach": "request"}),
    "mediator": ("coordination", {"mediator": True}),
    "authority": ("coordination", {"authority": True}),
    "view": ("coordination", {"generalising": True, "policy_staff": True}),
    "merged meetings": ("supporters", {"merged_meetings": True}),
    "pairing": ("supporters", {"pairing": True}),
    "protected hours": ("supporters", {"protected_share": 0.3}),
    "slack": ("supporters", {"slack_share": 1.0}),
    "trials": ("resources", {"trials": 20.0}),
    "design": ("resources", {"trials": 20.0, "design": "big"}),
    "linked desks": ("linked_desks", {"on": True, "hours": 0.0}),
    "go-between": ("outreach", {"go_between": True, "persistence": 20}),
}
BOOKKEEPING = {"practice", "reorganised"}
YEAR = 53  # weeks


@cache
def baseline() -> Town:
    return lived(changed(laboratory(), parameters=dict.fromkeys(COST, 0.0)), weeks=YEAR)


def under(*levers: str, fidelity: float) -> Town:
    """A town under the levers named, at no administrative cost."""
    settings: dict[str, dict[str, object]] = {"fidelity": {"value": fidelity}}
    for name in levers:
        lever, values = PAPER[name]
        settings[lever] = settings.get(lever, {}) | values
    return lived(
        changed(laboratory(), steps=steps(settings), parameters=dict.fromkeys(COST, 0.0)),
        weeks=YEAR,
    )


@pytest.mark.parametrize("name", PAPER)
def test_on_paper_alone_nothing_changes(name: str):
    """With its cost taken out, a lever at fidelity 0 leaves every bit of the town as it is."""
    assert (
        set(differing(parts(baseline().state), parts(under(name, fidelity=0.0).state)))
        <= BOOKKEEPING
    )


def test_all_on_paper_together_change_nothing():
    assert (
        set(differing(parts(baseline().state), parts(under(*PAPER, fidelity=0.0).state)))
        <= BOOKKEEPING
    )


@pytest.mark.parametrize(
    "name",
    ["any door", "assessment", "ties respected", "authority", "linked desks", "accompaniment"],
)
def test_in_earnest_it_does(name: str):
    """The same levers at fidelity 1 change lives (the test above would hold for levers that do
    nothing).
    """
    assert (
        set(differing(parts(baseline().state), parts(under(name, fidelity=1.0).state)))
        - BOOKKEEPING
    )


def test_paper_costs_hours_and_brings_nothing():
    """Conferences, learning, any door, mediation on paper: the hours are spent, no household is
    better off.
    """
    on_paper = {
        "coordination": {"conferences": 8.0, "attendees": 4.0, "mediator": True},
        "supporters": {"learning": 2.0},
        "intake": {"door": "any_door", "assessment": "household"},
        "linked_desks": {"on": True},
        "fidelity": {"value": 0.0},
    }
    quiet = changed(laboratory(), parameters=nulls())
    one, other = lived(quiet), lived(changed(quiet, steps=steps(on_paper)))
    spent = [
        town.table[["hours_meetings", "hours_learning"]].to_numpy().sum() for town in (one, other)
    ]
    assert spent[1] > spent[0]
    assert other.table["conference_hours"].sum() > 0
    assert (one.state.needs.level == other.state.needs.level).all()
    assert one.table.filter(regex="^reviewed|^triaged|^plans_begun").to_numpy().sum() == 0
    assert other.table.filter(regex="^reviewed|^triaged|^plans_begun").to_numpy().sum() == 0
