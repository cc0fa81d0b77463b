"""The reference town without policy, by hand: what its loops rest on, from declared values alone.

100,000 residents, windows that wait (posts of the organisation's file), needs as at the start, all
desks at the reference load. Short formulas, right within about a third; no town is simulated.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sim.declared import Parameters
from sim.model.strain import mean_exhaustion

RESIDENTS = 100_000
DESKS = 4
ORGANISATION = Path(__file__).parents[2] / "scenarios/organisations/windows_that_wait.toml"


@cache
def organisation() -> dict[str, Any]:
    """The file of the reference organisation."""
    return tomllib.loads(ORGANISATION.read_text(encoding="utf-8"))


def households(p: Parameters) -> float:
    """Households of the town."""
    return RESIDENTS / p.town.persons_per_household


def posts() -> float:
    """Posts at all desks."""
    return float(organisation()["posts_per_100k"]) * RESIDENTS / 100_000


def regular_share() -> float:
    """Part of the posts that regular staff hold, who rotate."""
    return sum(one["share"] * one["mix"].get("regular", 0.0) for one in organisation()["agencies"])


def leaving(p: Parameters) -> float:
    """Rate (1/year) at which a post loses its holder, rotation left out: `workforce.leaving`."""
    regular = regular_share()
    return regular * p.workforce.leave_regular + (1 - regular) * p.workforce.contract_turnover


def newcomers(p: Parameters) -> float:
    """Rate (1/year) at which a post gets a newcomer: `workforce._leave` and `workforce._rotate`."""
    return leaving(p) + regular_share() / p.workforce.rotation_years


def quality(p: Parameters) -> float:
    """What an hour of staff is worth: `workforce._turn_up`, at the mean exhaustion and practice."""
    lost = (1 - p.workforce.new_productivity) * p.workforce.ramp_months / 24 * newcomers(p)
    return (1 - lost) * (1 - p.workforce.exhaustion_quality * mean_exhaustion(p.workforce))


def available(p: Parameters) -> float:
    """Hours a year that staff have: `hours._meet`."""
    return posts() * p.casework.hours_year * p.casework.available_share


def meeting_part(p: Parameters) -> float:
    """Part of the available hours that required meetings take: `hours._meet`."""
    return p.casework.meeting_share / p.casework.available_share


def upstream_hours(p: Parameters, load: float, share: float = 0.5) -> float:
    """Hours a year for upstream work, the `share` of slack that goes there: `hours._end_of_week`."""
    return share * available(p) * max(0.0, 1 - load) * quality(p)


def needs_by_level(p: Parameters) -> tuple[float, float]:
    """Manifest and severe needs of the town at the start."""
    t = p.town
    alone, many = t.init_manifest, t.init_compounded
    severe = alone * t.lone_severe + many * t.compounded_severe
    return households(p) * (alone * (1 - t.lone_severe) + _manifest_beside(p)), (
        households(p) * severe
    )


def _manifest_beside(p: Parameters) -> float:
    """Manifest needs in compounded households, over all households."""
    t = p.town
    beside = t.compounded_severe * (1 - t.severe_with_latent)
    return t.init_compounded * (2 * (1 - t.compounded_severe) + beside)


def two_manifest(p: Parameters) -> float:
    """Households with two needs that are manifest or worse, and so with two cases at the most."""
    t = p.town
    return households(p) * t.init_compounded * (1 - t.compounded_severe * t.severe_with_latent)


def case_hours(p: Parameters) -> float:
    """Hours a year that open cases get at the reference load: what meetings, crises and first
    consultations leave (`hours._end_of_week`).
    """
    manifest, severe = needs_by_level(p)
    c = p.crises
    crises = (manifest * c.crisis_rate_manifest + severe * c.crisis_rate_severe) * c.crisis_hours
    asking = manifest * p.asking.seek_manifest + severe * p.asking.seek_severe
    busy = available(p) * (p.workforce.reference_load - meeting_part(p)) * quality(p)
    return max(0.0, busy - crises - asking * p.intake.hours_intake)


def hours_of_needs(p: Parameters) -> float:
    """Hours a year that all manifest and severe needs would ask, if all were open."""
    manifest, severe = needs_by_level(p)
    return 12 * (
        manifest * p.casework.hours_month_manifest + severe * p.casework.hours_month_severe
    )


def supported(p: Parameters) -> float:
    """Share of the manifest and severe needs that are open cases."""
    return min(1.0, case_hours(p) / hours_of_needs(p))


def closures(p: Parameters) -> float:
    """Cases a year that close because their need has ended: manifest ones end, severe ones lighten
    (`casework._resolve`).
    """
    return supported(p) * needs_by_level(p)[0] * p.casework.resolve_manifest


def hard_hours(p: Parameters) -> float:
    """Part of staff's usable hours that goes to compounded and gap cases: `casework._treat`."""
    c, t = p.casework, p.town
    severe = households(p) * t.init_compounded * t.compounded_severe
    manifest = households(p) * _manifest_beside(p)
    many = 12 * (manifest * c.hours_month_manifest + severe * c.hours_month_severe)
    part = many / hours_of_needs(p)
    part += (1 - part) * p.needs.share_gap
    usable = available(p) * (1 - meeting_part(p)) * quality(p)
    return min(1.0, part * case_hours(p) / usable)


def monthly(chance: float) -> float:
    """Rate (1/year) of a monthly chance: `kernel.monthly_rate`."""
    return -math.log1p(-chance) * 12


def ties(p: Parameters) -> float:
    """Ties of a household at the start."""
    return p.town.mean_neigh_ties + p.town.mean_strong_ties


def acting_ties(p: Parameters) -> float:
    """Ties of a household to residents who act; a tie is held by any member."""
    return ties(p) * p.town.helper_share / p.town.persons_per_household


def watched_share(p: Parameters, seen: float, ends: float) -> float:
    """Households in need that somebody watches over who sees them as `seen` acting ties do, as a
    share of all households; the watching `ends` at this rate (1/year), with the need or with a move.
    Those in support are not noticed.
    """
    n, t, c = p.noticing, p.town, p.casework
    helped, total = supported(p), 0.0
    for share, chance, alone, resolved in (
        (t.init_latent, n.notice_latent, p.needs.recover_latent, p.needs.recover_latent),
        (t.init_manifest, n.notice_manifest, p.needs.recover_manifest, c.resolve_manifest),
        (t.init_compounded, n.notice_severe, p.needs.recover_severe, c.resolve_severe),
    ):
        noticed = (1 - helped) * seen * monthly(chance)
        over = alone + helped * (resolved - alone) + p.population.turnover + ends
        total += share * noticed / (noticed + over)
    return total


def noticed_share(p: Parameters, seen: float) -> float:
    """Households a year, as a share of all, that are noticed by whoever sees them as `seen` acting
    ties do: `noticing._notice`; who has been noticed is noticed again.
    """
    n, t = p.noticing, p.town
    latent = t.init_latent * monthly(n.notice_latent)
    manifest = t.init_manifest * monthly(n.notice_manifest)
    many = t.init_compounded * monthly(n.notice_severe)
    return seen * (latent + (1 - supported(p)) * (manifest + many))


def opened_share(p: Parameters) -> float:
    """Share of first consultations that become a case: `intake.drawn_outcome`."""
    closed = p.asking.one_off_share + p.intake.referred_on_share + p.intake.no_return_share
    return max(0.0, 1 - closed)


def answered_share(p: Parameters) -> float:
    """Share of the worries told to an agency that end in support: the household does not say no, and
    its consultation becomes a case (`intake._assess`, `noticing._answer`).
    """
    return (1 - p.town.low_perceived_need) * opened_share(p)
