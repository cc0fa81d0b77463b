"""What a form comes to before anything is run: what is wrong, what is filled in, what is unusual, and
the amount by fiscal year and payer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.declared.payers import PUBLIC_PAYERS, payer_name
from sim.declared.roles import ROLES
from sim.economics.quantities import POSTS
from sim.officer.drafting import Draft
from sim.officer.planning import AS_IS, REQUEST, BookPlan, comparison_in, prices_of
from sim.officer.reading import BookRead, remarks_of
from sim.officer.sheets import BOOK, PLACE
from sim.officer.unusual import unusual_in
from sim.report.text.fiscal import fiscal_year
from sim.report.text.request import measure_name
from sim.scenario.scenario import Scenario
from sim.study.request import Request, request_of

Drafting = Callable[[BookRead], tuple[Draft, BookPlan]]
MOST_SHOWN = 12  # questions


def usual_prices() -> dict[str, float]:
    """Thousand yen a year of a post of each kind, and of a place, by the standard price book."""
    items = {**POSTS, PLACE: PLACE}
    return {kind: BOOK.item(item).priced[0] / 1000 for kind, item in items.items()}


def usual_kinds() -> dict[str, str]:
    """The kind of post that each role is, unless another is chosen."""
    return {role: one.lever.model_fields["kind"].default for role, one in ROLES.items()}


def draft_shown(read: BookRead, drafted: Drafting, lang: str) -> dict[str, Any]:
    """What the page shows of a form at once: faults by field, else what was filled in, what is
    unusual, and the request.
    """
    draft, plan = drafted(read)
    if read.all_faults:
        said = [one.say(lang) for one in read.all_faults]
        return {"faults": remarks_of(read), "said": said}
    prices = prices_of(draft, plan)
    request = request_of(comparison_in(draft.files), REQUEST, prices)
    unusual = unusual_in(draft, plan)
    return {
        "faults": {},
        "said": [],
        "filled": [one.say(lang) for one in draft.filled_in],
        "unusual": [one.question.say(lang) for one in unusual[:MOST_SHOWN]],
        "request": request_shown(request, lang),
    }


def request_shown(request: Request, lang: str) -> dict[str, Any]:
    """The request in thousand yen: by fiscal year in all, by measure, and by payer."""
    own = request.lines[request.lines["own"]]
    by_measure = {
        measure_name(str(name), lang): {
            year: int(part.loc[part["fiscal"] == year, "thousand"].sum()) for year in request.years
        }
        for name, part in own.groupby("measure", sort=False)
    }
    paid = {payer_name(payer, lang): request.of(payer) for payer in PUBLIC_PAYERS}
    return {
        "years": [fiscal_year(year, lang) for year in request.years],
        "total": [request.total.get(year, 0) for year in request.years],
        "measures": _rows(by_measure, request.years),
        "payers": _rows({name: of for name, of in paid.items() if any(of.values())}, request.years),
    }


def _rows(amounts: dict[str, dict[int, int]], years: list[int]) -> list[dict[str, Any]]:
    return [
        {"name": name, "of": [of.get(year, 0) for year in years]} for name, of in amounts.items()
    ]


def two_towns(draft: Draft) -> tuple[Scenario, Scenario]:
    """The town as it is and the town with what is wanted, under their names, to be shown as twins."""
    comparison = comparison_in(draft.files)
    arms = (comparison.arm(AS_IS), comparison.arm(REQUEST))
    one, other = (arm.scenario.model_copy(update={"name": arm.name}) for arm in arms)
    return one, other
