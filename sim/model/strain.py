"""What load does to staff: how fast they tire, and where that leaves them in the long run."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from sim.declared.workforce import WorkforceParameters
from sim.model.door import rows_at_door
from sim.model.hours import at_desk
from sim.model.kernel import kernel, numbers

POINTS = 2000  # of the distribution of sensitivity, equally likely: a mean is right to four digits


@kernel
def straining(gain, free, load):
    """Exhaustion (1/month) that `load` adds to a fresh worker of sensitivity 1: `gain` where load is
    1 above `free`, none up to there.
    """
    return gain * math.sqrt(max(0.0, load - free))


@kernel
def strain(p, worker, door):
    """Exhaustion (1/month) that load above `strain_from` adds, more with crisis hours and with the
    weeks of consultations that wait at the `door` of the worker's desk.
    """
    load = worker.load + p.door_strain * door
    gain = straining(p.exhaustion_gain, p.strain_from, load)
    gain *= (1.0 - worker.exhaustion) * worker.sensitivity
    return gain * (1.0 + p.crisis_strain * worker.crisis)


@kernel
def relief(p, worker, dialogue):
    """Exhaustion (1/month) that is lost, more with slack and monthly hours of `dialogue`."""
    slack = worker.slack / max(worker.available, 1e-12)
    rate = p.exhaustion_recovery * worker.exhaustion * (1.0 + p.slack_relief * slack)
    return rate * (1.0 + p.dialogue_relief * dialogue)


@kernel
def door_weeks(t):
    """Weeks that the consultations waiting at each agency's door (A,) would take its desk with all
    its usable hours; 0 where nobody has any.
    """
    weeks, able = numbers(t.agencies.size), numbers(t.agencies.size)
    for row in range(t.workers.size):
        if at_desk(t.workers[row]):
            able[t.workers[row].agency] += t.workers[row].usable
    for row in rows_at_door(t):
        weeks[t.door[row]] += t.households[row].door_hours
    for row in range(t.agencies.size):
        weeks[row] = weeks[row] / able[row] if able[row] > 0.0 else 0.0
    return weeks


def sensitivities(p: WorkforceParameters, u: np.ndarray) -> np.ndarray:
    """Sensitivity to load of workers with the uniforms `u` (n,): log-normal with median 1."""
    return np.exp(p.strain_sd * ndtri(u))


def settled(p: WorkforceParameters, sensitivity: np.ndarray, load: float) -> np.ndarray:
    """Exhaustion (n,) at which workers of a `sensitivity` (n,) stand still under a steady `load`,
    without slack, crises or support: gain x (1 - E) = recovery x E.

    By hand, at the declared values: with load .9 somebody settles above .5 whose sensitivity is above
    .04 / (.04 x sqrt(.4)) = 1.58, which ln(1.58) / .58 = .79 standard deviations and 21 % of staff
    are; with load 1.3 above .04 / (.04 x sqrt(.8)) = 1.12, .19 standard deviations and 42 %. The
    median settles at .39 and .47. Those who come and go are less tired: of regular staff who move
    every three years 14 % and 38 % stand above .5, of staff on contract 7 % and 19 %. The gain is
    chosen by this calculation: about 15 % and a third of regular staff. Source: model 8.5.
    """
    gain = sensitivity * straining(p.exhaustion_gain, p.strain_from, load)
    return gain / (gain + p.exhaustion_recovery)


def mean_exhaustion(p: WorkforceParameters) -> float:
    """Mean exhaustion of settled staff at the reference load, on which leaving and sick leave are
    centred.
    """
    return _mean_settled(
        p.exhaustion_gain, p.exhaustion_recovery, p.strain_from, p.strain_sd, p.reference_load
    )


@lru_cache(maxsize=256)
def _mean_settled(gain: float, recovery: float, free: float, sd: float, load: float) -> float:
    known = {"exhaustion_gain": gain, "exhaustion_recovery": recovery}
    p = WorkforceParameters(known | {"strain_from": free, "strain_sd": sd})
    u = (np.arange(POINTS) + 0.5) / POINTS
    return float(settled(p, sensitivities(p, u), load).mean())
