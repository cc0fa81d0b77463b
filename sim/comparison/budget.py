"""What the levers of an arm are planned to cost a year in posts and places, and whether arms that are to cost the same do."""

from __future__ import annotations

from ..economics.prices import PriceBook
from ..economics.quantities import POSTS
from ..posts import groups, wanted
from ..scenario.comparison import Comparison
from ..scenario.errors import fault
from ..scenario.levers import Practice, practice_at
from ..scenario.scenario import Scenario
from ..state import POST_KINDS
from ..streams import WEEKS_PER_YEAR
from ..words import Phrase

MILLION = 1_000_000
TOLERANCE = 0.01  # of the dearest arm of a group
PLACE = "place"


def planned(scenario: Scenario, book: PriceBook) -> float:
    """Million yen a year, as a mean over the run, that posts and places cost beyond the organisation's own."""
    own = scenario.organisation.practice
    standing = _yearly(scenario, own, book)
    weeks = scenario.years * WEEKS_PER_YEAR
    edges = sorted({0, weeks, *(week for step in scenario.steps for week in _moves(step, weeks))})
    total = sum((end - week) * (_yearly(scenario, practice_at(own, scenario.steps, week), book) - standing)
                for week, end in zip(edges, edges[1:], strict=False))
    return total / weeks / MILLION


def _moves(step, weeks: int) -> range:
    """The weeks of the run in which a step moves something."""
    if step.start_week >= weeks:
        return range(0)
    return range(step.start_week, min(weeks, int(step.start_week + step.ramp_weeks) + 1) + 1)


def _yearly(scenario: Scenario, practice: Practice, book: PriceBook) -> float:
    """Yen a year of all posts wanted under a practice, and of the places that levers add."""
    posts = sum(number * book.item(POSTS[POST_KINDS[group.kind]]).price
                for group, number in zip(groups(scenario), wanted(scenario, practice), strict=True))
    return posts + (practice.community.places + practice.participation.places) * book.item(PLACE).price


def check_same_cost(comparison: Comparison, book: PriceBook) -> None:
    """Refuse groups of arms that are to cost the same and do not, by more than TOLERANCE of the dearest."""
    for number, group in enumerate(comparison.same_cost):
        costs = {id: planned(comparison.arm(id).scenario, book) for id in group}
        if max(costs.values()) - min(costs.values()) > TOLERANCE * max(abs(cost) for cost in costs.values()) + 1e-9:
            shown = ", ".join(f"{id} {cost:.2f}" for id, cost in costs.items())
            raise fault("error.same_cost", at=f"same_cost.{number}", file=comparison.id,
                        allowed=Phrase("allowed.same_cost", {"percent": f"{100 * TOLERANCE:g}", "costs": shown}))
