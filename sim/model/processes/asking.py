"""Households contact a window by themselves, and other departments' desks refer some."""

from __future__ import annotations

from sim.declared.vocabulary import LATENT, MANIFEST, NO_CASE, OTHER_DESK, SELF, F
from sim.model.kernel import happens, kernel, nonzero, uniform
from sim.model.state import State

WRITES = ("households.contact_route", "households.contact_field")
DRAWS = ("asking.ask", "asking.desk")
ASK, DESK = range(len(DRAWS))


def asking(town: State) -> None:
    """Let households contact a window.

    1. By themselves, at a rate of seek_level x trust x readiness over the town's mean of trust x
       readiness at the start.
    2. By other departments' desks, where these are linked; who has asked already is left out.

    Only needs for which no agency has a case count, of households that do not wait at a door; the
    first field in which a household asks is presented. Households that see no need contact a window
    at `flagged_ratio` of the others' rate; the mean rate at the start is seek_level. Source: model
    2.5; M09, M10, M11; L584-614.
    """
    p, practice, week = town.p, town.practice, town.week
    unflagged = 1.0 / (1.0 - p.town.low_perceived_need * (1.0 - p.asking.flagged_ratio))
    usual = unflagged * _recession(town) / town.seek_mean
    passed_on = p.asking.other_desk * practice.fidelity.value if practice.linked_desks.on else 0.0
    _contact(town.records, town.streams.keys(DRAWS, week), float(usual), float(passed_on))


def _recession(town: State) -> float:
    """Factor on consultations while a recession lasts."""
    factor = 1.0
    for event in town.scenario.events:
        if event.kind == "recession" and event.week <= town.week < event.week + event.weeks:
            factor *= event.size
    return factor


@kernel
def _contact(t, luck, usual, passed_on):
    """Households ask by themselves; others are passed on at a yearly rate `passed_on`."""
    cells = nonzero(t.level)
    for cell in cells:
        if _open_to(t, cell) and happens(uniform(luck[ASK], _id(t, cell)), asks(t, cell, usual)):
            _note(t, cell, SELF)
    for cell in cells:
        rate = passed_on if t.level[cell] >= MANIFEST and _open_to(t, cell) else 0.0
        if rate > 0.0 and happens(uniform(luck[DESK], _id(t, cell)), rate):
            _note(t, cell, OTHER_DESK)


@kernel
def _id(t, cell):
    """The stable id of a need."""
    row = cell // F
    return t.id_of[row] * F + cell - row * F


@kernel
def _open_to(t, cell):
    """Whether no agency has a case of the need, and its household does not wait at a door."""
    return t.case[cell] == NO_CASE and t.door[cell // F] < 0


@kernel
def seeking(p, level):
    """Rate (1/year) at which households at the start contact a window with a need of `level`."""
    if level == LATENT:
        return p.seek_latent
    if level == MANIFEST:
        return p.seek_manifest
    return p.seek_severe


@kernel
def asks(t, cell, usual):
    """Rate (1/year) at which a household contacts a window with a need, `usual` being the factor
    for one that sees its need.
    """
    p, row = t.p[0], cell // F
    home = t.households[row]
    rate = seeking(p, t.level[cell]) * usual * t.trust[row] * home.readiness
    if t.belongs[row]:
        rate *= p.place_asking
    return rate * p.flagged_ratio if home.sees_no_need else rate


@kernel
def _note(t, cell, route):
    """The household contacts a window with the need, unless it has contacted one this week."""
    row = cell // F
    if t.contact_route[row] == 0:
        t.contact_route[row] = route
        t.households[row].contact_field = cell - row * F
