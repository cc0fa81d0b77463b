"""The model's result on a lesson: its claims at the declared parameter values, and over parameter
samples, as plain records.

A record holds nothing of the machine or the hour: the same cells give the same record. Cells are
stored and found again.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sim.lessons.files import Lesson
from sim.lessons.ranges import over_ends, regions_over_worlds
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Claim, digest
from sim.study import cells
from sim.study.compare import NothingToCompare, RunSettings, Work
from sim.study.design import design_points
from sim.study.effort import StudySettings
from sim.study.executors import Here
from sim.study.regions import rounded
from sim.study.result import Compared
from sim.study.stopping import Verdict
from sim.study.store import Results

RUN, NOT_RUN = "run", "not_run"
ALWAYS = ("unseen", "compounded", "wait", "load")  # measures that every record holds
CLAIMED = {"ja", "en", "role", "arm", "against", "measure", "direction", "by_year", "cumulative"}


def lesson_record(lesson: Lesson, asked: StudySettings) -> dict[str, Any]:
    """Returns the whole record of a lesson: what its file says, what the model shows at declared
    values, and across ranges where requested.
    """
    worlds = regions_over_worlds(lesson, asked) if asked.worlds else None
    ends = over_ends(lesson, asked) if asked.end_seeds else None
    return lesson_statement(lesson) | at_declared(lesson, asked) | {"worlds": worlds, "ends": ends}


def lesson_statement(lesson: Lesson) -> dict[str, Any]:
    """Returns what the file of a lesson says; not yet run."""
    comparison, remarks = lesson.comparison, lesson.remarks
    root = lesson.file.parents[1 if lesson.kind == "town" else 2]
    return {
        "id": lesson.id,
        "kind": lesson.kind,
        "file": lesson.file.relative_to(root).as_posix(),
        "name": comparison.name.model_dump(),
        "question": comparison.question and comparison.question.model_dump(),
        "lines": remarks.get("lines", ""),
        **{name: remarks.get(name) for name in ("expects", "cannot", "pays")},
        "supposed": lesson.supposed,
        "arms": {arm.id: arm.name.model_dump() for arm in comparison.arms},
        "reference": comparison.reference,
        "settings": _settings_hash(comparison),
        "claims": [said_of(claim) for claim in comparison.claims],
        "state": NOT_RUN,
        "worlds": None,
        "ends": None,
    }


def _settings_hash(comparison: Comparison) -> str:
    """Returns a hash (8 hex digits) of what is compared, without the parameters: other people,
    posts, levers or events give another hash.
    """
    arms = [digest(arm.scenario.model_copy(update={"parameters": {}})) for arm in comparison.arms]
    return hashlib.sha256("".join(arms).encode()).hexdigest()[:8]


def renewed(kept: dict[str, Any], lesson: Lesson) -> dict[str, Any]:
    """Returns a record with the words of its file as they are now; not run where what is compared
    or claimed has changed since.
    """
    fresh = lesson_statement(lesson)
    claims = [{name: claim[name] for name in CLAIMED} for claim in kept["claims"]]
    if kept["settings"] != fresh["settings"] or claims != fresh["claims"]:
        return fresh
    return (
        fresh
        | kept
        | {
            name: value
            for name, value in fresh.items()
            if name not in ("claims", "state", "worlds", "ends")
        }
    )


def said_of(claim: Claim) -> dict[str, Any]:
    """Returns the statement of a claim."""
    return claim.model_dump(include=CLAIMED)


def at_declared(lesson: Lesson, asked: StudySettings) -> dict[str, Any]:
    """Returns the verdicts on the claims, and differences in the last year; nothing without a
    finished seed.
    """
    comparison = asked.reduce(lesson.comparison, asked.residents)
    results = Results(asked.out / lesson.id, comparison.id)
    seeds = tuple(range(1, asked.seeds + 1))
    work = Work(comparison, RunSettings(seeds, Here(asked.workers), no_effect=0), results)
    wanted = design_points(comparison, seeds)
    if not asked.finished_only:
        results.prepare()
        work.compute(wanted)
    try:
        compared = work.compared(wanted)
    except NothingToCompare:
        return {}
    return {
        "state": RUN,
        "residents": comparison.base.people.population,
        "as_written": lesson.comparison.base.people.population,
        "years": comparison.base.years,
        "seeds": compared.seeds,
        "failed": len(compared.failed),
        "model": cells.code_hash()[:8],
        "claims": [
            said_of(claim) | verdict_of(compared.verdicts[number])
            for number, claim in enumerate(comparison.claims)
        ],
        "watched": watched(compared),
    }


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """Returns a verdict as JSON holds it."""
    numbers = {name: rounded(getattr(verdict, name)) for name in ("mean", "low", "high")}
    return {
        "verdict": verdict.state,
        "n": verdict.n,
        "nonzero": verdict.nonzero,
        "more": verdict.more,
    } | numbers


def watched(compared: Compared) -> list[dict[str, Any]]:
    """Differences from the reference in the last year, by arm, with 95 % intervals: what the file
    looks at, and ALWAYS.
    """
    last = compared.differences["year"] == compared.comparison.base.years
    rows: Any = compared.differences[last].set_index(["arm", "measure"]).loc
    names = dict.fromkeys((*compared.comparison.measures, *ALWAYS))
    shown = {
        (arm.id, name): rows[arm.id, name] for arm in compared.comparison.others for name in names
    }
    return [
        {"arm": arm, "measure": name}
        | {key: rounded(float(row[key])) for key in ("difference", "low", "high")}
        for (arm, name), row in shown.items()
    ]
