"""Households contact a window by themselves, and other departments' desks refer some."""

from __future__ import annotations

from sim.declared.vocabulary import (
    LATENT,
    MANIFEST,
    NO_CASE,
    OTHER_DESK,
    SELF,
    SEVERE,
    F,
)
from sim.model.activities import linked
from sim.model.ids import need_id
from sim.model.kernel import MARGIN, among_some, by_level, happens, kernel, uniform
from sim.model.links import TRUST, most_held, trust_as_read
from sim.model.scans import drawn_among, highest_in
from sim.model.shocks import shocks_of_week
from sim.model.state import State

WRITES = ("households.contact_route", "households.contact_field")
DRAWS = ("asking.ask", "asking.ask_for", "asking.desk", "asking.desk_for")
ASK, ASK_FOR, DESK, DESK_FOR = range(len(DRAWS))


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
    passed_on = p.asking.other_desk * practice.fidelity.value * linked(town)
    _contact(town.records, town.streams.keys(DRAWS, week), float(usual), float(passed_on))


def _recession(town: State) -> float:
    """Factor on consultations while a recession lasts."""
    factor = 1.0
    for event in shocks_of_week(town, "recession"):
        factor *= event.size
    return factor


@kernel
def _contact(t, luck, usual, passed_on):
    """Households ask by themselves; others are passed on at a yearly rate `passed_on`.

    Each household in need has one draw for either, at a rate that its needs together are not above,
    and others decide for which it asks.
    """
    p = t.p[0]
    factor = usual * max(1.0, p.place_asking) * max(1.0, p.flagged_ratio) * MARGIN
    highest = max(seeking(p, LATENT), seeking(p, MANIFEST), seeking(p, SEVERE)) * F * factor
    highest *= highest_in(t.trust) * most_held(t, TRUST) * MARGIN
    for row in drawn_among(luck[ASK], t.id_of, t.active, highest):
        most = seeking(p, LATENT) * (t.active[row] - t.manifest[row])
        most += seeking(p, MANIFEST) * (t.manifest[row] - t.severe[row])
        most = (most + seeking(p, SEVERE) * t.severe[row]) * factor * trust_as_read(t, row)
        if happens(uniform(luck[ASK], t.id_of[row]), most):
            _ask(t, luck, row, usual, most)
    if passed_on > 0.0:
        for row in drawn_among(luck[DESK], t.id_of, t.manifest, passed_on * F):
            most = passed_on * t.manifest[row]
            if happens(uniform(luck[DESK], t.id_of[row]), most):
                _pass_on(t, luck, row, passed_on, most)


@kernel
def _ask(t, luck, row, usual, rest):
    """Household `row` contacts a window with the first need with which it asks, in a week in which
    it does so, or nothing happens, at the yearly rate `rest`.
    """
    for cell in range(row * F, row * F + F):
        if t.level[cell] > 0 and _open_to(t, cell):
            rate = asks(t, cell, usual)
            if among_some(uniform(luck[ASK_FOR], need_id(t, cell)), rate, rest):
                _note(t, cell, SELF)
                return
            rest -= rate


@kernel
def _pass_on(t, luck, row, passed_on, rest):
    """The same for a desk of another department, which passes the household on."""
    for cell in range(row * F, row * F + F):
        if t.level[cell] >= MANIFEST and _open_to(t, cell):
            if among_some(uniform(luck[DESK_FOR], need_id(t, cell)), passed_on, rest):
                _note(t, cell, OTHER_DESK)
                return
            rest -= passed_on


@kernel
def _open_to(t, cell):
    """Whether no agency has a case of the need, and its household does not wait at a door."""
    return t.case[cell] == NO_CASE and t.door[cell // F] < 0


@kernel
def seeking(p, level):
    """Rate (1/year) at which households at the start contact a window with a need of `level`."""
    return by_level(level, p.seek_latent, p.seek_manifest, p.seek_severe)


@kernel
def asks(t, cell, usual):
    """Rate (1/year) at which a household contacts a window with a need, `usual` being the factor
    for one that sees its need.
    """
    p, row = t.p[0], cell // F
    readiness = t.households[row].readiness
    rate = seeking(p, t.level[cell]) * usual * trust_as_read(t, row) * readiness
    if t.belongs[row]:
        rate *= p.place_asking
    return rate * p.flagged_ratio if t.sees_no_need[row] else rate


@kernel
def _note(t, cell, route):
    """The household contacts a window with the need, unless it has contacted one this week."""
    row = cell // F
    if t.contact_route[row] == 0:
        t.contact_route[row] = route
        t.households[row].contact_field = cell - row * F
