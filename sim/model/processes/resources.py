"""Staff turn insight and upstream hours into trials, and successful trials become local resources,
which age and need upkeep.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import COMMUNITY_WORKER
from sim.model.activities import posts_for
from sim.model.links import INSIGHT, UPSTREAM, as_read
from sim.model.posts import sum_over_workers
from sim.model.state import State
from sim.model.transitions import full_resources

WRITES = (
    "commons",
    "resource_level",
    "flows.insight",
    "flows.trials",
    "flows.trials_worked",
    "flows.resources_lost",
    "flows.upstream_hours",
)
SUCCESS_MOST = 0.95
UNKEPT = 2.0  # a resource without upkeep is lost at 1 + this times the usual rate


def resources(town: State) -> None:
    """Simulate one week of work on local resources.

    It closes loop R1: without slack no resources, without resources harder cases, with harder cases
    less slack.

    Source: model 2.11; M82-M91; L354-355, L366, L524.
    """
    commons = town.commons
    _learn(town)
    hours = float(
        sum_over_workers(town, town.workers.upstream) + town.flows["upstream_community"].item()
    )
    town.flows["upstream_hours"] += hours
    hours = _keep_up(town, as_read(town, UPSTREAM, hours))
    commons.hours += hours
    _try(town)
    _mature(town)
    town.resource_level = min(1.0, commons.working / full_resources(town))


def _learn(town: State) -> None:
    """Add insight from closed and reviewed cases; the generalising view and policy staff at the
    table multiply that from reviews.
    """
    p, settings = town.p.resources, town.practice.coordination
    view = (p.generalising_gain if settings.generalising else 1.0) * (
        p.policy_staff_gain if settings.policy_staff else 1.0
    )
    view = 1 + (view - 1) * town.practice.fidelity.value
    closed, reviewed, triaged = (
        town.flows[name].item() for name in ("closed", "reviewed", "triaged")
    )
    gained = p.insight_case * closed + p.insight_review * view * (reviewed + triaged)
    town.flows["insight"] += gained
    town.commons.insight += gained - town.commons.insight * p.insight_fading / 52


def _keep_up(town: State, hours: float) -> float:
    """Spend hours on upkeep first and let resources end with age, sooner without upkeep. Returns
    the hours left.
    """
    p, commons = town.p.resources, town.commons
    wanted = commons.working * p.upkeep_hours * 12 / 52
    kept = 1.0 if wanted <= 0 else min(1.0, hours / wanted)
    commons.lost += commons.working * (1 + UNKEPT * (1 - kept)) / p.life_years / 52
    ended = min(int(commons.lost), commons.working)
    commons.lost -= int(commons.lost)
    commons.working -= ended
    if ended:
        town.flows["resources_lost"] += ended
    return max(0.0, hours - wanted)


def _try(town: State) -> None:
    """Begin trials while there are enough insight, hours and permits. A town begins some trials
    without funding; funding adds more.
    """
    p, commons, settings = town.p.resources, town.commons, town.practice.resources
    big = (settings.design == "big") * town.practice.fidelity.value
    size = 1.0 + (p.big_design_cost - 1.0) * big
    commons.permits += (
        p.unpaid_trials * town.households.rows / 10_000
        + settings.trials * town.practice.fidelity.value
    ) / 52
    commons.permits = min(commons.permits, 3.0 + settings.trials)
    lead = int(p.lead_weeks * (1.0 + big))
    while (
        commons.permits >= 1
        and as_read(town, INSIGHT, commons.insight) >= p.insight_per_trial * size
        and commons.hours >= p.hours_per_trial * size
    ):
        commons.permits -= 1
        commons.insight -= p.insight_per_trial * size
        commons.hours -= p.hours_per_trial * size
        commons.begun += 1
        commons.maturing.append((town.week + lead, commons.begun, _chance(town, big)))
        commons.maturing.sort()
        town.flows["trials"] += 1
    commons.hours = min(commons.hours, 4 * p.hours_per_trial * size)  # hours cannot be hoarded


def _chance(town: State, big: float) -> float:
    """Chance that a trial begun now becomes a working resource: it depends on the design and on
    whether it meets residents' wishes.
    """
    p, settings = town.p.resources, town.practice
    chance = p.trial_success + (p.big_design_success - p.trial_success) * big
    organised = posts_for(town, COMMUNITY_WORKER) > 0
    wishes = organised and settings.community.approach == "interest_led"
    return min(SUCCESS_MOST, chance * (1 + (p.wish_overlap - 1) * wishes * settings.fidelity.value))


def _mature(town: State) -> None:
    commons = town.commons
    while commons.maturing and commons.maturing[0][0] <= town.week:
        _week, number, chance = commons.maturing.pop(0)
        works = float(town.streams.uniform("resources.trial", 0, np.array([number]))[0]) < chance
        commons.working += works
        town.flows["trials_worked"] += works
