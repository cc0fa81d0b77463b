"""The reference work in this project's way: rows and kernels, keyed draws, dates of possible events,
and kept counts.
"""

from __future__ import annotations

import numpy as np

from benchmarks import reference as ref
from sim.declared.vocabulary import NEVER
from sim.model.kernel import among_some, happens, is_due, kernel, sort, space, uniform
from sim.model.kernel import numbers as weights
from sim.model.scans import due, nonzero
from sim.model.streams import Streams

RISE, RECOVER = np.array(ref.RISE), np.array(ref.RECOVER)
DRAWS = ("rise.date", "rise", "recover.date", "help", "notice", "lot")
RISE_DATE, RISES, RECOVER_DATE, HELP, NOTICE, LOT = range(len(DRAWS))


class Keyed:
    """A town of rows: stage, status, neighbours in need and acting (n,), the weeks in which each may
    rise and recover, and a line at each agency (a ring; tickets count on).
    """

    def __init__(self, town: ref.Town, seed: int):
        self.town, self.luck, self.week, n = town, Streams(seed), 0, town.households
        self.stage, self.status = town.stage.copy(), np.zeros(n, dtype=np.int8)
        self.needy, self.acting = (np.zeros(n, dtype=np.int8) for _ in range(2))
        self.rise_due, self.recover_due = (np.full(n, NEVER, dtype=np.int32) for _ in range(2))
        self.total = np.zeros(6, dtype=np.int64)
        size = np.bincount(town.agency, minlength=ref.AGENCIES).max()
        self.line = np.zeros((ref.AGENCIES, size), dtype=np.int64)
        self.joined, self.called = (np.zeros(ref.AGENCIES, dtype=np.int64) for _ in range(2))
        self.until = np.full(n, NEVER, dtype=np.int32)
        self.net = (town.start, town.neighbours, town.would_act)
        for row in range(n):
            _tell(self.net, self.needy, self.acting, row, ref.LATENT, self.stage[row])
        self.total[:4] = np.bincount(self.stage, minlength=4)

    def step(self) -> None:
        """One week."""
        luck, week = self.luck.keys(DRAWS, self.week), self.week
        states = (self.stage, self.needy, self.acting, self.total)
        before = self.stage.copy()
        _rise(states, self.net, week, luck, self.rise_due, self.recover_due)
        _recover(states, week, luck, self.rise_due, self.recover_due)
        _help(states, week, luck, self.until, self.rise_due, self.recover_due)
        _tell_all(self.net, states, before)
        lines = (self.line, self.joined, self.called)
        _notice(states, week, luck, self.status, self.town.agency, lines)
        _call(states, week, self.status, self.until, self.town.openings[week], lines)
        self.week += 1


@kernel
def _move(states, row, by, rise_due, recover_due):
    """The household in `row` moves `by` one stage, and its dates are drawn anew."""
    stage, _needy, _acting, total = states
    total[stage[row]] -= 1
    stage[row] += by
    total[stage[row]] += 1
    rise_due[row] = recover_due[row] = NEVER


@kernel
def _rise(states, net, week, luck, rise_due, recover_due):
    """Needs begin and worsen."""
    stage, needy, acting, _total = states
    start, _neighbours, _would_act = net
    for row in due(rise_due, week):
        most = rate = RISE[stage[row]]
        if stage[row] == ref.NONE:
            most = ref.ONSET * (1.0 + ref.PER_NEEDY * (start[row + 1] - start[row]))
            rate = ref.ONSET * (1.0 + ref.PER_NEEDY * needy[row])
        elif acting[row] > 0:
            rate *= ref.SHIELD
        if is_due(rise_due, row, week, luck[RISE_DATE], row, most):
            if among_some(uniform(luck[RISES], row), rate, most):
                _move(states, row, 1, rise_due, recover_due)


@kernel
def _recover(states, week, luck, rise_due, recover_due):
    """Needs ease."""
    stage = states[0]
    for row in due(recover_due, week):
        if is_due(recover_due, row, week, luck[RECOVER_DATE], row, RECOVER[stage[row]]):
            _move(states, row, -1, rise_due, recover_due)


@kernel
def _help(states, week, luck, until, rise_due, recover_due):
    """Needs ease with support."""
    stage = states[0]
    for row in range(until.size):
        if until[row] >= week and happens(
            uniform(luck[HELP], row), ref.SUPPORT * RECOVER[stage[row]]
        ):
            _move(states, row, -1, rise_due, recover_due)


@kernel
def _tell_all(net, states, before):
    """Neighbours learn of those who have moved this week."""
    stage, needy, acting, _total = states
    for row in range(stage.size):
        if stage[row] != before[row]:
            _tell(net, needy, acting, row, before[row], stage[row])


@kernel
def _tell(net, needy, acting, row, before, after):
    """The neighbours' counts of households in need and acting follow a move of `row`."""
    start, neighbours, would_act = net
    need = int(after >= ref.MANIFEST) - int(before >= ref.MANIFEST)
    act = (int(after == ref.NONE) - int(before == ref.NONE)) * int(would_act[row])
    if need != 0 or act != 0:
        for i in range(start[row], start[row + 1]):
            needy[neighbours[i]] += need
            acting[neighbours[i]] += act


@kernel
def _notice(states, week, luck, status, agency, lines):
    """Households in need are noticed, and join the line of their agency by lot."""
    stage, _needy, acting, total = states
    line, joined, _called = lines
    found, turns, count = space(stage.size), weights(stage.size), 0
    for row in nonzero(stage):
        if stage[row] >= ref.MANIFEST and status[row] == ref.UNKNOWN:
            rate = ref.NOTICED if acting[row] > 0 else ref.NOTICE
            if happens(uniform(luck[NOTICE], row), rate):
                found[count], turns[count] = row, uniform(luck[LOT], row)
                count += 1
    sort(found[:count], turns[:count])
    for row in found[:count]:
        status[row] = ref.WAITING
        line[agency[row], joined[agency[row]] % line.shape[1]] = row
        joined[agency[row]] += 1
        total[4] += 1


@kernel
def _call(states, week, status, until, openings, lines):
    """Agencies call from their lines; support begins, and that of SUPPORT_WEEKS ago ends."""
    stage, total = states[0], states[3]
    line, joined, called = lines
    for row in due(until, week):
        if until[row] == week:
            status[row] = ref.UNKNOWN
            until[row] = NEVER
            total[5] -= 1
    for at in range(openings.size):
        for _ in range(min(openings[at], joined[at] - called[at])):
            row = line[at, called[at] % line.shape[1]]
            called[at] += 1
            total[4] -= 1
            status[row] = ref.UNKNOWN
            if stage[row] >= ref.MANIFEST:
                status[row] = ref.SUPPORTED
                until[row] = week + ref.SUPPORT_WEEKS
                total[5] += 1


def build(town: ref.Town, seed: int) -> Keyed:
    """The town in week 0."""
    return Keyed(town, seed)


def run(model: Keyed, weeks: int) -> np.ndarray:
    """Weekly counts (weeks, 6) in the order of COLUMNS."""
    table = np.empty((weeks, 6), dtype=np.int64)
    for week in range(weeks):
        model.step()
        table[week] = model.total
    return table
