"""What the model shows of a lesson: its claims at the declared parameter values, and over draws, as plain records.

A record holds nothing of the machine or the hour: the same cells give the same record. Cells are kept, and found again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from ..economics.prices import read_prices
from ..experiment import cells, runs
from ..experiment.calibrate import BANDS
from ..experiment.executors import Here
from ..experiment.stopping import Verdict
from ..experiment.store import Results, read_cell
from ..scenario.comparison import Comparison
from ..scenario.digest import digest
from ..scenario.files import SHIPPED
from ..scenario.load import load
from ..scenario.scenario import Claim
from ..scenario.smaller import smaller
from .compare import PRICES, Effort, NothingToCompare, Work
from .gathered import gather
from .lessons import PACK_TOWN, Lesson
from .plan import SEEDS_EACH, Place, places, sampled, with_draw
from .regions import plain, region, retuned
from .result import Compared

RUN, NOT_RUN = "run", "not_run"
ALWAYS = ("unseen", "compounded", "wait", "load")  # measures that every record holds
ALIVE = 1.5  # load above which a town is overrun
CLAIMED = {"ja", "en", "role", "arm", "against", "measure", "direction", "by_year", "cumulative"}
DIGITS = 4  # significant, of every number of a record


@dataclass(frozen=True)
class Asked:
    """How much is computed, and where cells are kept.

    residents, draw_residents: larger towns are reduced to so many, at declared values and over draws; None: as written.
    years: of a shorter run. finished_only: compute nothing, take the cells that are there.
    """

    out: Path
    seeds: int = 16
    residents: int | None = None
    draws: int = 0
    draw_residents: int | None = None
    workers: int = 1
    years: int | None = None
    finished_only: bool = False

    def reduce(self, comparison: Comparison, residents: int | None) -> Comparison:
        """The comparison as it is lived: smaller, and shorter where that is asked."""
        found = comparison if residents is None else smaller(comparison, residents)
        return found if self.years is None else shortened(found, self.years)


def shortened(comparison: Comparison, years: int) -> Comparison:
    """The comparison over its first years; claims about later ones are left out."""
    arms = tuple(replace(arm, scenario=arm.scenario.model_copy(update={"years": min(years, arm.scenario.years)}))
                 for arm in comparison.arms)
    return replace(comparison, arms=arms, claims=tuple(claim for claim in comparison.claims if claim.by_year <= years))


def record(lesson: Lesson, asked: Asked) -> dict[str, Any]:
    """All of a lesson: what its file says, what the model shows at declared values, and over draws where they are asked for."""
    return said(lesson) | at_declared(lesson, asked) | {"draws": over_draws(lesson, asked) if asked.draws else None}


def said(lesson: Lesson) -> dict[str, Any]:
    """What the file of a lesson says; not yet run."""
    comparison, remarks = lesson.comparison, lesson.remarks
    root = lesson.file.parents[1 if lesson.kind == "town" else 2]
    return {
        "id": lesson.id, "kind": lesson.kind, "file": lesson.file.relative_to(root).as_posix(),
        "name": comparison.name.model_dump(), "question": comparison.question and comparison.question.model_dump(),
        "lines": remarks.get("lines", ""), **{name: remarks.get(name) for name in ("expects", "cannot", "pays")},
        "supposed": [name.strip() for name in remarks.get("decides", "").split(",") if name.strip()],
        "arms": {arm.id: arm.name.model_dump() for arm in comparison.arms}, "reference": comparison.reference,
        "settings": settings_of(comparison), "claims": [said_of(claim) for claim in comparison.claims],
        "state": NOT_RUN, "draws": None}


def settings_of(comparison: Comparison) -> str:
    """A hash (8 hex digits) of what is compared, the parameters apart: other people, posts, levers or events give another one."""
    arms = [digest(arm.scenario.model_copy(update={"parameters": {}})) for arm in comparison.arms]
    return hashlib.sha256("".join(arms).encode()).hexdigest()[:8]


def renewed(kept: dict[str, Any], lesson: Lesson) -> dict[str, Any]:
    """A record with the words of its file as they are now; not run where what is compared or claimed has changed since."""
    fresh = said(lesson)
    claims = [{name: claim[name] for name in CLAIMED} for claim in kept["claims"]]
    if kept["settings"] != fresh["settings"] or claims != fresh["claims"]:
        return fresh
    return kept | {name: value for name, value in fresh.items() if name not in ("claims", "state", "draws")}


def said_of(claim: Claim) -> dict[str, Any]:
    """What is claimed."""
    return claim.model_dump(include=CLAIMED)


def at_declared(lesson: Lesson, asked: Asked) -> dict[str, Any]:
    """Verdicts on the claims, and differences in the last year; nothing without a finished seed."""
    comparison = asked.reduce(lesson.comparison, asked.residents)
    results = Results(asked.out / lesson.id, comparison.id)
    seeds = tuple(range(1, asked.seeds + 1))
    work = Work(comparison, Effort(seeds, Here(asked.workers), no_effect=0), results)
    wanted = places(comparison, seeds)
    if not asked.finished_only:
        results.prepare()
        work.compute(wanted)
    try:
        compared = work.compared(wanted)
    except NothingToCompare:
        return {}
    return {"state": RUN, "residents": comparison.base.people.population, "as_written": lesson.comparison.base.people.population,
            "years": comparison.base.years, "seeds": compared.seeds, "failed": len(compared.failed), "model": cells.code()[:8],
            "claims": [said_of(claim) | verdict_of(compared.verdicts[number]) for number, claim in enumerate(comparison.claims)],
            "watched": watched(compared)}


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON holds it."""
    numbers = {name: rounded(getattr(verdict, name)) for name in ("mean", "low", "high")}
    return {"verdict": verdict.state, "n": verdict.n, "nonzero": verdict.nonzero, "more": verdict.more} | numbers


def watched(compared: Compared) -> list[dict[str, Any]]:
    """Differences from the reference in the last year, by arm, with 95 % intervals: what the file looks at, and ALWAYS."""
    rows = compared.differences[compared.differences["year"] == compared.comparison.base.years].set_index(["arm", "measure"])
    names = dict.fromkeys((*compared.comparison.measures, *ALWAYS))
    shown = {(arm.id, name): rows.loc[(arm.id, name)] for arm in compared.comparison.others for name in names}
    return [{"arm": arm, "measure": name} | {key: rounded(float(row[key])) for key in ("difference", "low", "high")}
            for (arm, name), row in shown.items()]


def over_draws(lesson: Lesson, asked: Asked) -> dict[str, Any] | None:
    """Regions of the claims over draws in which the posts are tuned anew; None without draws, or where posts are given."""
    comparison = asked.reduce(lesson.comparison, asked.draw_residents)
    if any(arm.scenario.organisation.posts_per_100k is None for arm in comparison.arms) or not comparison.claims:
        return None
    drawn = sampled(asked.draws)
    loads = waiting_loads(drawn, asked)
    wanted = {Place(arm.id, draw, seed): cells.Cell(retuned(with_draw(arm.scenario, drawn[draw]), loads[draw]), seed)
              for draw in loads for seed in range(1, SEEDS_EACH + 1) for arm in comparison.arms}
    folders = lived(wanted, asked, lesson.id)
    short = {place.draw for place in wanted if place not in folders}
    whole = {place: folder for place, folder in folders.items() if place.draw not in short}
    if not whole:
        return None
    values = gather(comparison, whole, wanted, read_prices(PRICES)).values
    used = {draw: drawn[draw] for draw in loads if draw not in short}
    reference = values[(values["arm"] == comparison.reference) & (values["measure"] == "load")].groupby("draw")["value"].mean()
    return {"asked": asked.draws, "used": len(used), "residents": comparison.base.people.population, "seeds": SEEDS_EACH,
            "loads": shares_of(list(loads.values())), "tuned": shares_of(list(reference)),
            "claims": [plain(region(values, claim, used)) for claim in comparison.claims]}


def waiting_loads(drawn: Mapping[int, Mapping[str, float]], asked: Asked) -> dict[int, float]:
    """Mean load of the windows that wait, by draw, with the posts of the declared values; without draws that are not lived."""
    scenario = load(SHIPPED / "base.toml", overrides={"town": f"towns/{PACK_TOWN}.toml"})
    if asked.draw_residents is not None:
        scenario = smaller(scenario, asked.draw_residents)
    if asked.years is not None:
        scenario = scenario.model_copy(update={"years": asked.years})
    wanted = {Place("", draw, seed): cells.Cell(with_draw(scenario, draws), seed)
              for draw, draws in drawn.items() for seed in range(1, SEEDS_EACH + 1)}
    folders = lived(wanted, asked, "draws")
    means = {place: float(read_cell(folder, "town")["load"].to_numpy().mean()) for place, folder in folders.items()}
    of_draw = {draw: [mean for place, mean in means.items() if place.draw == draw] for draw in drawn}
    return {draw: sum(found) / SEEDS_EACH for draw, found in of_draw.items() if len(found) == SEEDS_EACH}


def lived(wanted: Mapping[Place, cells.Cell], asked: Asked, id: str) -> dict[Place, Path]:
    """The folders of the cells that are finished, after those that are missing were lived."""
    results = Results(asked.out / f"{id}_draws", f"{id}_draws")
    if not asked.finished_only:
        results.prepare()
        runs.run(runs.missing(wanted.values(), results), results, Here(asked.workers), runs.Watch())
    found = {place: results.find(cell.key, cell.seed) for place, cell in wanted.items()}
    return {place: folder for place, folder in found.items() if folder is not None}


def shares_of(loads: Sequence[float]) -> dict[str, float]:
    """Shares of the loads that lie in the band of a town at work, and below that of one overrun."""
    low, high = BANDS["load"]
    inside = sum(low <= load <= high for load in loads)
    return {"in_band": rounded(inside / len(loads)), "alive": rounded(sum(load < ALIVE for load in loads) / len(loads))}


def rounded(value: float) -> float | None:
    """DIGITS significant digits; nothing for NaN."""
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None
