"""The reference work in this project's way: arrays, keyed draws, and only what is due is
touched.
"""

from __future__ import annotations

import numpy as np

from benchmarks import reference as ref
from sim.model.streams import Streams

RISE, RECOVER = np.array(ref.RISE), np.array(ref.RECOVER)
HELPED = ref.weekly(ref.SUPPORT * RECOVER)
PLACES = np.arange(ref.AGENCIES)


def within(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For runs of `counts` (k,) lengths laid end to end: the run of each member, and its place in
    it.
    """
    run = np.arange(counts.size).repeat(counts)
    return run, np.arange(run.size) - (counts.cumsum() - counts)[run]


class Keyed:
    """A town whose weeks are functions over arrays."""

    def __init__(self, town: ref.Town, seed: int):
        self.town, self.luck, self.week = town, Streams(seed), 0
        self.stage = town.stage.copy()
        self.status = np.zeros(town.households, dtype=np.int8)
        self.needy, self.acting = (np.zeros(town.households, dtype=np.int8) for _ in range(2))
        self.total = np.zeros(6, dtype=np.int64)
        everyone = np.arange(town.households)
        self.tell(everyone, np.full(town.households, ref.LATENT, dtype=np.int8), self.stage)
        self.total[:4] = np.bincount(self.stage, minlength=4)
        size = np.bincount(town.agency, minlength=ref.AGENCIES).max()
        self.line = np.zeros(
            (ref.AGENCIES, size), dtype=np.int64
        )  # a ring for each agency; tickets count on
        self.joined, self.called = (np.zeros(ref.AGENCIES, dtype=np.int64) for _ in range(2))
        self.ending = [everyone[:0]] * ref.SUPPORT_WEEKS

    def step(self) -> None:
        """One week."""
        moves = [self.rise(), self.recover(), self.help()]
        self.tell(*(np.concatenate(parts) for parts in zip(*moves, strict=True)))
        self.notice()
        self.call()
        self.week += 1

    def rise(self) -> tuple[np.ndarray, ...]:
        """Needs begin and worsen."""
        bound = max(ref.ONSET * (1.0 + ref.PER_NEEDY * self.needy.max()), *ref.RISE)
        drawn = self.luck.candidates("rise", self.week, self.town.households, 0.1, bound)
        stage = self.stage[drawn.ids]
        onset = ref.ONSET + ref.ONSET * ref.PER_NEEDY * self.needy[drawn.ids]
        worse = RISE[stage] * np.where(self.acting[drawn.ids] > 0, ref.SHIELD, 1.0)
        return self.move(drawn.where(np.where(stage == ref.NONE, onset, worse)), 1)

    def recover(self) -> tuple[np.ndarray, ...]:
        """Needs ease."""
        drawn = self.luck.candidates("recover", self.week, self.town.households, 0.6, RECOVER.max())
        return self.move(drawn.where(RECOVER[self.stage[drawn.ids]]), -1)

    def help(self) -> tuple[np.ndarray, ...]:
        """Needs ease with support."""
        ids = np.concatenate(self.ending)
        return self.move(
            ids[self.luck.uniform("help", self.week, ids) < HELPED[self.stage[ids]]], -1
        )

    def move(self, ids: np.ndarray, by: int) -> tuple[np.ndarray, ...]:
        """Move unique `ids` by one stage: who, from where, to where."""
        before = self.stage[ids]
        after = before + np.int8(by)
        self.stage[ids] = after
        return ids, before, after

    def tell(self, ids: np.ndarray, before: np.ndarray, after: np.ndarray) -> None:
        """Keep the totals and the neighbours' counts true after moves, several of one household
        perhaps.
        """
        self.total[:4] += np.bincount(after, minlength=4) - np.bincount(before, minlength=4)
        need = (after >= ref.MANIFEST).view(np.int8) - (before >= ref.MANIFEST).view(np.int8)
        act = (
            (after == ref.NONE).view(np.int8) - (before == ref.NONE).view(np.int8)
        ) * self.town.would_act[ids]
        told = (need | act).nonzero()[0]
        start = self.town.start[ids[told]]
        owner, place = within(self.town.start[ids[told] + 1] - start)
        neighbours, owner = self.town.neighbours[start[owner] + place], told[owner]
        np.add.at(self.needy, neighbours, need[owner])
        np.add.at(self.acting, neighbours, act[owner])

    def notice(self) -> None:
        """Households in need are noticed, and join the line of their agency by lot."""
        drawn = self.luck.candidates(
            "notice", self.week, self.town.households, 0.1, max(ref.NOTICE, ref.NOTICED)
        )
        drawn = drawn.keep(
            (self.stage[drawn.ids] >= ref.MANIFEST) & (self.status[drawn.ids] == ref.UNKNOWN)
        )
        ids = drawn.where(np.where(self.acting[drawn.ids] > 0, ref.NOTICED, ref.NOTICE))
        self.status[ids] = ref.WAITING
        agency = self.town.agency[ids]
        new = np.bincount(agency, minlength=ref.AGENCIES)
        ids = ids[np.lexsort((self.luck.uniform("lot", self.week, ids), agency))]
        agency, place = within(new)
        self.line[agency, (self.joined[agency] + place) % self.line.shape[1]] = ids
        self.joined += new
        self.total[4] += ids.size

    def call(self) -> None:
        """Agencies call from their lines; support begins, and that of SUPPORT_WEEKS ago ends."""
        turn = self.week % ref.SUPPORT_WEEKS
        self.status[self.ending[turn]] = ref.UNKNOWN
        calls = np.minimum(self.town.openings[self.week], self.joined - self.called)
        agency, place = within(calls)
        ids = self.line[agency, (self.called[agency] + place) % self.line.shape[1]]
        self.called += calls
        needed = self.stage[ids] >= ref.MANIFEST
        self.status[ids] = needed.view(np.int8) * np.int8(ref.SUPPORTED)
        self.total[4] -= ids.size
        self.total[5] += np.count_nonzero(needed) - self.ending[turn].size
        self.ending[turn] = ids[needed]


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
