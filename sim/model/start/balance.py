"""Rates and stocks that follow from the start and keep it in balance while no policy acts."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sim.declared.tables import Districts
from sim.declared.vocabulary import ASKS, FIELDS, LATENT, POVERTY, F
from sim.model.commissioners import OLDEST_COMMISSIONER
from sim.model.flows import fresh_flows
from sim.model.households import LEAST_INIT, MOST_INIT
from sim.model.kernel import monthly_rate
from sim.model.members import ADULT
from sim.model.posts import desk
from sim.model.start.typical import Typical
from sim.model.state import State
from sim.model.transitions import full_resources, queue

STEPS = 4096  # at which a mean over a uniform is computed


def balance(town: State, typical: Typical) -> None:
    """Set shares of onset, the means of trust and of trust x readiness, natural steps of the ladder, places,
    resources.
    """
    p = town.p
    share = np.array([getattr(p.needs, f"share_{field}") for field in FIELDS])
    town.onset_share = share / share.sum() * town.field_on
    town.trust_mean = _mean_init(town, p.town.trust_init)
    town.seek_mean = town.trust_mean * _mean_init(town, p.town.readiness_init)
    town.full_week = (
        p.casework.hours_year / 52 * (p.casework.available_share - p.casework.meeting_share)
    )
    town.natural_steps = _natural_steps(town, typical)
    town.case_hours = (
        np.array([getattr(p.casework, f"hours_month_{level}") for level in ASKS]) * 12 / 52
    )
    full = full_resources(town)
    town.commons.working = int(round(p.resources.init_resources * full))
    town.resource_level = min(1.0, town.commons.working / max(full, 1e-9))
    _places(town)
    town.flows = fresh_flows(town)
    _known(town)


def _known(town: State) -> None:
    """Latent needs that an agency already knows of stand in its queue when the run-in begins."""
    cells = np.flatnonzero(town.needs.level == LATENT)
    u = town.streams.uniform("build.known", 0, town.households.id[cells // F] * F + cells % F)
    cells = cells[u < town.p.town.init_known_latent]
    queue(town, cells, desk(town, np.minimum(cells % F, POVERTY), cells // F), 0, False, False)


def _mean_init(town: State, centre: float) -> float:
    """Mean of trust, or of readiness, around `centre` at the start."""
    normal = ndtri((np.arange(STEPS) + 0.5) / STEPS)
    drawn = centre + town.p.town.trust_spread * normal
    return float(np.clip(drawn, LEAST_INIT, MOST_INIT).mean())


def _natural_steps(town: State, typical: Typical) -> tuple[float, float]:
    """Yearly rates uninvolved -> interested -> acting that balance dropping out at the start,
    contagion counted.

    A household has at most one adult on the ladder beside commissioners, who come from all rungs
    alike; a tie is held by any of its adults.
    """
    p, start = town.p.community, town.p.town
    mid, high = start.interested_share, start.helper_share
    adults = (typical.ages >= ADULT).sum(axis=1)
    fit = ((typical.ages >= ADULT) & (typical.ages <= OLDEST_COMMISSIONER)).sum(axis=1)
    posts = start.minsei_per_1000hh / 1000 * start.minsei_fill
    acting = high * float(typical.mean(1 / adults))
    acting += posts * float(typical.mean(fit / adults) / max(typical.mean(fit), 1e-12))
    ties = start.mean_neigh_ties + start.mean_strong_ties
    low = float(typical.mean(adults)) - mid - high
    to_act = p.helper_dropout * high / max(mid, 1e-12)
    to_act -= float(monthly_rate(p.helper_contagion)) * ties * acting
    return p.interest_fading * mid / max(low, 1e-12), max(0.0, to_act)


def _places(town: State) -> None:
    """Places at the start: as many as the members at the start fill, in balance between joining and
    leaving.
    """
    p, districts = town.p.community, town.scenario.people.districts
    town.districts = Districts(len(districts))
    members = np.bincount(
        town.households.district, weights=town.households.belongs, minlength=len(districts)
    )
    share = np.diff(town.first_home) / town.households.rows
    stated = np.array([district.places for district in districts])
    wanted = members * (1 + p.place_leaving / p.place_joining) / p.place_capacity
    from_resources = town.commons.working * town.p.resources.place_each * share
    town.districts.start_places = stated + np.maximum(0.0, wanted - from_resources)
    town.districts.places = town.districts.start_places.copy()
    town.districts.members = members.astype(np.int32)
    town.district_share = share
    town.join_credit = np.zeros(len(districts))
