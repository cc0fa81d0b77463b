"""Households contact a window by themselves, and other departments' desks refer some."""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import MANIFEST, NO_CASE, OTHER_DESK, SELF, F
from sim.model.state import State
from sim.model.streams import weekly_chance
from sim.model.transitions import firsts

WRITES = ("households.contact_route", "households.contact_field")


def asking(town: State) -> None:
    """Let households contact a window, at a rate of seek_level x trust x readiness over the town's
    mean of trust x readiness at the start.

    Households that see no need contact a window at `flagged_ratio` of the others' rate; the mean
    rate at the start is seek_level. Source: model 2.5; M09, M10, M11; L584-614.
    """
    _contact(town, _asks(town), SELF)
    if town.practice.linked_desks.on:
        _contact(town, _passed_on(town), OTHER_DESK)


def _contact(town: State, cells: np.ndarray, route: int) -> None:
    cells = cells[firsts(cells // F)]  # the first field of each household
    rows = cells // F
    free = town.households.contact_route[rows] == 0
    town.households.contact_route[rows[free]] = route
    town.households.contact_field[rows[free]] = cells[free] % F


def _open_to(town: State, floor: int) -> np.ndarray:
    """Needs at `floor` or worse for which no agency has a case, of households that do not wait at a
    door.
    """
    cells = (town.needs.level >= floor).nonzero()[0]
    return cells[(town.needs.case[cells] == NO_CASE) & (town.households.door[cells // F] < 0)]


def _where(town: State, process: str, cells: np.ndarray, rate) -> np.ndarray:
    u = town.streams.uniform(process, town.week, town.households.id[cells // F] * F + cells % F)
    return cells[u < weekly_chance(rate)]


def _asks(town: State) -> np.ndarray:
    p, households = town.p.asking, town.households
    rates = np.array([0.0, p.seek_latent, p.seek_manifest, p.seek_severe])
    unflagged = 1.0 / (1.0 - town.p.town.low_perceived_need * (1.0 - p.flagged_ratio))
    rates *= _recession(town)
    cells = _open_to(town, 1)
    rows = cells // F
    rate = (
        rates[town.needs.level[cells]]
        * households.trust[rows]
        * households.readiness[rows]
        / town.seek_mean
    )
    rate *= np.where(households.belongs[rows], p.place_asking, 1.0)
    rate *= np.where(households.sees_no_need[rows], p.flagged_ratio * unflagged, unflagged)
    return _where(town, "asking.ask", cells, rate)


def _recession(town: State) -> float:
    """Factor on consultations while a recession lasts."""
    factor = 1.0
    for event in town.scenario.events:
        if event.kind == "recession" and event.week <= town.week < event.week + event.weeks:
            factor *= event.size
    return factor


def _passed_on(town: State) -> np.ndarray:
    rate = town.p.asking.other_desk * town.practice.fidelity.value
    return _where(town, "asking.desk", _open_to(town, MANIFEST), rate)
