"""Conservation: people, households, hours, cases. Each function lists what is wrong with a town, in
words; nothing is empty.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from sim.declared.vocabulary import (
    ACCOMPANIED,
    ACTING,
    FIELDS,
    MEMBERS,
    NEVER,
    NO_CASE,
    OPEN,
    WAITING,
    F,
)
from sim.model.state import State
from sim.model.transitions import recount

KEPT = (
    "active",
    "manifest",
    "severe",
    "open_cases",
    "waiting_cases",
    "ties",
    "acting_ties",
    "isolated",
)
COUNTED = ("levels", "latent_since", "stages", "rungs", "live_ties")
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def faults(claims: dict[str, object]) -> list[str]:
    """The claims that do not hold; an array holds where all of it does."""
    return [claim for claim, holds in claims.items() if not np.all(holds)]


def counts(state: State) -> list[str]:
    """Kept counts agree with counts worked out afresh."""
    twin = copy.copy(state)
    twin.households = copy.deepcopy(state.households)
    recount(twin)
    return faults(
        {
            f"households.{name} agrees with recount": getattr(state.households, name)
            == getattr(twin.households, name)
            for name in KEPT
        }
        | {
            f"{name} agrees with recount": np.array_equal(getattr(state, name), getattr(twin, name))
            for name in COUNTED
        }
        | {"proneness is frailty x highest susceptibility": prone(state)}
    )


def prone(state: State) -> np.ndarray:
    """Whether each household's proneness is what follows from its frailty and susceptibility."""
    highest = state.needs.susceptibility.reshape(-1, F).max(axis=1)
    proneness = state.households.proneness
    return np.isclose(proneness, state.households.frailty * highest, rtol=1e-6)


def cases(state: State) -> list[str]:
    """A case waits at an agency, or is held by a worker of its agency who is there; no case holds
    nothing.
    """
    needs, workers = state.needs, state.workers
    none, waits, held = needs.case == NO_CASE, needs.case == WAITING, needs.case >= OPEN
    worker = needs.worker[held]
    return faults(
        {
            "case is a status": (needs.case >= NO_CASE) & (needs.case <= ACCOMPANIED),
            "level is 0 to 3": (needs.level >= 0) & (needs.level <= 3),
            "without case no agency, no worker, no queue": (needs.agency[none] == -1)
            & (needs.worker[none] == -1)
            & (needs.waiting_since[none] == NEVER),
            "without case no dose": (needs.dose[~held] == 0) & (needs.aid[~held] == 0),
            "waiting cases have an agency, a date and no worker": (needs.agency[waits] >= 0)
            & (needs.worker[waits] == -1)
            & (needs.waiting_since[waits] > NEVER),
            "nobody waits from tomorrow on": needs.waiting_since[waits] <= state.week,
            "held cases have a worker": worker >= 0,
            "the worker is of the case's agency": workers.agency[worker] == needs.agency[held],
            "the worker holds a post": workers.post[worker] > 0,
            "the worker is there": (workers.vacant_until[worker] <= state.week)
            & (workers.sick_until[worker] <= state.week),
            "dose is 0 to 1": (needs.dose >= 0) & (needs.dose <= 1),
            "empty rows hold nothing": (state.households.active == 0)[state.households.empty],
            "empty rows have no case": (
                state.households.open_cases + state.households.waiting_cases == 0
            )[state.households.empty],
        }
    )


def people(state: State) -> list[str]:
    """Who bears, holds, watches and sits in a post is somebody who lives there."""
    residents, needs, ties, households = state.residents, state.needs, state.ties, state.households
    home = (residents.age >= 0) & ~residents.away
    borne = np.flatnonzero(needs.level > 0)
    bearers = borne // F * MEMBERS + needs.bearer[borne]
    beats = np.unique(state.beat[state.beat >= 0])
    watchers = households.watcher[households.watcher >= 0]
    living = home.reshape(-1, MEMBERS).any(axis=1)
    ends = np.concatenate([ties.a[ties.live], ties.b[ties.live]])
    return faults(
        {
            "every household has members": (residents.age.reshape(-1, MEMBERS) >= 0).any(axis=1),
            "every household that is not empty has somebody at home": living | households.empty,
            "nobody is at home in an empty row": ~(living & households.empty),
            "every need has a bearer": needs.bearer[borne] >= 0,
            "the bearer lives there": home[bearers],
            "who acts lives there": home[residents.ladder == ACTING],
            "watchers live there": home[watchers],
            "commissioners live there": home[beats],
            "commissioners are those of the beats": np.array_equal(
                np.flatnonzero(residents.commissioner), beats
            ),
            "no tie to itself": ties.a != ties.b,
            "fewer ties than acquaintances": households.ties <= np.diff(state.tie_start),
            "live ties are of households": ends < households.rows,
            "chances stay chances": (households.trust >= 0)
            & (households.trust <= 1)
            & (households.readiness >= 0)
            & (households.readiness <= 1),
            "stays are not negative": state.stays.now >= 0,
            "commons are not negative": np.array(
                [state.commons.insight, state.commons.hours, state.commons.working]
            )
            >= 0,
        }
    )


def hours(state: State) -> list[str]:
    """Hours given never exceed hours there; hours by use sum to the available hours."""
    w, slack = state.workers, 1e-9
    used = w.crisis + w.given + w.intake
    return faults(
        {
            "hours are numbers": [
                np.isfinite(getattr(w, name)).all()
                for name in ("available", "meeting", "usable", "load", "upstream")
            ],
            "hours are not negative": [
                (getattr(w, name) >= -slack).all()
                for name in (
                    "available",
                    "meeting",
                    "usable",
                    "crisis",
                    "given",
                    "intake",
                    "upstream",
                    "slack",
                )
            ],
            "meetings fit into the available hours": w.meeting <= w.available + slack,
            "usable hours are part of the rest": w.usable <= w.available - w.meeting + slack,
            "hours given are there": used + w.slack <= w.usable + slack,
            "cases get no more than they ask": w.given <= w.asked + slack,
            "upstream hours are there": used + w.upstream <= w.usable + slack,
            "hours by use sum to the available hours": np.isclose(
                state.flows["hours"].sum(), w.available.sum(), **CLOSE
            ),
            "no use takes negative hours": state.flows["hours"] >= -slack,
            "shares stay shares": [
                ((column >= 0) & (column <= 1)).all()
                for column in (
                    w.exhaustion,
                    w.breadth,
                    w.orientation,
                    w.present,
                    w.effective,
                    w.post,
                )
            ],
            "familiarity stays a share": (state.familiarity >= 0) & (state.familiarity <= 1),
        }
    )


def households(state: State) -> list[str]:
    """Rows keep their ids, districts and number; every household is counted in one stage, seen or
    unseen.
    """
    count = state.households.rows
    seen = state.flows["service_seen"].sum() + state.flows["service_unseen"].sum()
    return faults(
        {
            "each id stands in one row": np.array_equal(
                np.sort(state.households.id), np.arange(count)
            ),
            "rows are found by id": np.array_equal(
                state.households.id[state.row_of], np.arange(count)
            ),
            "each row is empty or in one stage": seen + state.households.empty.sum() == count,
            "fields switched off are empty": state.needs.level.reshape(-1, F)[:, ~state.field_on]
            == 0,
            "fields": len(FIELDS) == F,
        }
    )


LAWS: tuple[Callable[[State], list[str]], ...] = (counts, cases, people, hours, households)


def broken(state: State) -> list[str]:
    """What is wrong with a town at the end of a week."""
    return [f"week {state.week - 1}: {fault}" for law in LAWS for fault in law(state)]
