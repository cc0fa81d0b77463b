"""Rates and stocks that follow from the start and keep it in balance while no policy acts."""

from __future__ import annotations

import numpy as np

from sim.declared.tables import Districts
from sim.declared.vocabulary import ACTING, ASKS, FIELDS, INTERESTED, LATENT, POVERTY, UNINVOLVED, F
from sim.model.flows import fresh_flows
from sim.model.kernel import monthly_rate
from sim.model.members import ADULT
from sim.model.posts import desk
from sim.model.state import State
from sim.model.transitions import full_resources, queue


def balance(town: State) -> None:
    """Set shares of onset, the mean of trust x readiness, natural steps of the ladder, places,
    resources.
    """
    p, households = town.p, town.households
    share = np.array([getattr(p.needs, f"share_{field}") for field in FIELDS])
    town.onset_share = share / share.sum() * town.field_on
    town.eligible_share = np.maximum(
        1 / households.rows, (town.needs.susceptibility.reshape(-1, F) > 0).mean(axis=0)
    )
    town.seek_mean = max(1e-6, float((households.trust * households.readiness).mean()))
    town.full_week = (
        p.casework.hours_year / 52 * (p.casework.available_share - p.casework.meeting_share)
    )
    town.natural_steps = _natural_steps(town)
    town.case_hours = (
        np.array([getattr(p.casework, f"hours_month_{level}") for level in ASKS]) * 12 / 52
    )
    full = full_resources(town)
    town.commons.working = int(round(p.resources.init_resources * full))
    town.resource_level = min(1.0, town.commons.working / max(full, 1e-9))
    _places(town)
    town.flows = fresh_flows(town)
    _known(town)
    _assisted(town)


def _known(town: State) -> None:
    """Latent needs that an agency already knows of stand in its queue when the run-in begins."""
    cells = np.flatnonzero(town.needs.level == LATENT)
    u = town.streams.uniform("build.known", 0, town.households.id[cells // F] * F + cells % F)
    cells = cells[u < town.p.town.init_known_latent]
    queue(town, cells, desk(town, np.minimum(cells % F, POVERTY), cells // F), 0, False, False)


def _assisted(town: State) -> None:
    """Public assistance at the start stands with households that have a poverty need."""
    households = town.households
    poor = town.needs.level.reshape(-1, F)[:, POVERTY] > 0
    chance = town.p.crises.init_assistance / max(1e-9, poor.mean())
    households.assistance[:] = poor & (
        town.streams.uniform("build.assistance", 0, households.id) < chance
    )


def _natural_steps(town: State) -> tuple[float, float]:
    """Yearly rates uninvolved -> interested -> acting that balance dropping out at the start,
    contagion counted.
    """
    residents, p = town.residents, town.p.community
    adult = (residents.age >= ADULT) & ~residents.away & ~residents.commissioner
    low, mid, high = (
        float(((residents.ladder == rung) & adult).sum())
        for rung in (UNINVOLVED, INTERESTED, ACTING)
    )
    contagion = float(monthly_rate(p.helper_contagion)) * float(town.households.acting_ties.mean())
    to_act = max(0.0, p.helper_dropout * high / max(1.0, mid) - contagion)
    return p.interest_fading * mid / max(1.0, low), to_act


def _places(town: State) -> None:
    """Places at the start: as many as the members at the start fill, in balance between joining and
    leaving.
    """
    p, districts = town.p.community, town.scenario.people.districts
    town.districts = Districts(len(districts))
    members = np.bincount(
        town.households.district, weights=town.households.belongs, minlength=len(districts)
    )
    stated = np.array([district.places for district in districts])
    wanted = members * (1 + p.place_leaving / p.place_joining) / p.place_capacity
    share = np.bincount(town.households.district, minlength=len(districts)) / town.households.rows
    from_resources = town.commons.working * town.p.resources.place_each * share
    town.districts.start_places = stated + np.maximum(0.0, wanted - from_resources)
    town.districts.places = town.districts.start_places.copy()
    town.districts.members = members.astype(np.int32)
    town.district_share = (
        np.bincount(town.households.district, minlength=len(districts)) / town.households.rows
    )
    town.join_credit = np.zeros(len(districts))
