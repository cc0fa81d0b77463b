"""The search for the best mix of the same amount, as a scenario file that `sim search` takes; and the
plan that it found as one more arm of the comparison.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import tomlkit

from sim.economics.costing import PriceBook
from sim.officer.drafting import ORGANISATION_FILE, PEOPLE_FILE, Draft
from sim.officer.planning import COMPARISON_FILE, BookPlan, Wish, funding_lines
from sim.officer.sheets import YES
from sim.report.text.search import plan_text
from sim.study.search.plans import SpendingPlan
from sim.words import LANGUAGES, say

SEARCH_FILE = "search.toml"
BEST_MIX = "best_mix"  # the arm that a search has found
STEP = 0.25  # posts or places between two plans that are tried
SMALLER_TOWN = 10_000  # residents of the town in which the search goes on


def search_text(draft: Draft, plan: BookPlan, yearly: float, book: PriceBook) -> str:
    """Returns the text of the file: `yearly` yen for what is wanted and for caseworkers, who are the
    benchmark.
    """
    wishes = {one.id: one for one in plan.priced}
    wishes.setdefault("caseworker", Wish("caseworker", 1.0, plan.priced[0].start, "contract"))
    levers: dict[str, dict[str, Any]] = {}
    for one in wishes.values():
        levers.setdefault(one.measure, {}).update(_range(one, yearly, book))
    town = str(draft.read.values["town.name"])
    search: Mapping[str, Any] = {"money": round(yearly), "benchmark": "caseworker.fte"}
    if draft.read.values["town.population"] > SMALLER_TOWN:
        search = {**search, "residents": SMALLER_TOWN}
    return tomlkit.dumps(
        {
            "extends": "base.toml",
            "town": PEOPLE_FILE,
            "organisation": ORGANISATION_FILE,
            "start_year": plan.first,
            "years": plan.years,
            "name": {lang: say("book.search", lang, town=town) for lang in LANGUAGES},
            "search": {**search, "levers": levers},
        }
    )


def _range(one: Wish, yearly: float, book: PriceBook) -> dict[str, Any]:
    """How many posts or places the whole amount would buy, at most."""
    most = max(STEP, math.floor(yearly / book.item(one.item).priced[0] / STEP) * STEP)
    if not one.kind:
        return {"places": {"high": most, "step": STEP}}
    return {"fte": {"high": most, "step": STEP, "together": {"kind": one.kind}}}


def is_searched(draft: Draft) -> bool:
    """Returns whether the workbook asks for the search, and there is money for it."""
    return draft.read.values.get("against.search") == YES and SEARCH_FILE in draft.files


def add_best_mix(draft: Draft, plan: BookPlan, found: SpendingPlan) -> None:
    """Add the plan that a search has found to the comparison of a draft as an arm, its measures paid
    from the same sources as those of the request.
    """
    levers: dict[str, dict[str, Any]] = {}
    for name, value in found.settings.items():
        lever, _, setting = name.partition(".")
        levers.setdefault(lever, {})[setting] = value
    names = {
        lang: say("book.arm.best_mix", lang, plan=plan_text(found, lang)) for lang in LANGUAGES
    }
    used = [one for one in plan.priced if one.measure in levers]
    document = tomlkit.parse(draft.files[COMPARISON_FILE]).unwrap()
    arm = {"id": BEST_MIX, "name": names, "levers": levers} | funding_lines(used)
    document["arms"].insert(2, arm)  # behind things as they are, and the request
    draft.files[COMPARISON_FILE] = tomlkit.dumps(document)
