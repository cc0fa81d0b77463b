"""The reference work in Starsim: states, a network, and its common random numbers (one distribution
a decision).
"""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks import reference as ref


class Need(ss.Disease):
    """Needs, and how they are noticed."""

    def __init__(self, town: ref.Town):
        super().__init__(name="need")
        self.town = town
        self.define_states(
            ss.BoolState("none"),
            ss.BoolState("latent"),
            ss.BoolState("manifest"),
            ss.BoolState("severe"),
            ss.BoolState("waiting"),
            ss.BoolState("supported"),
            ss.BoolArr("would_act"),
            ss.FloatArr("since"),
        )
        self.onset = ss.bernoulli(p=self.p_onset)
        self.worsen = ss.bernoulli(p=self.p_worsen)
        self.recover = ss.bernoulli(p=self.p_recover)
        self.helped = ss.bernoulli(p=self.p_helped)
        self.notice = ss.bernoulli(p=self.p_notice)
        self.lot = ss.random()

    def init_post(self):
        """The town in week 0."""
        super().init_post()
        self.stages = (self.none, self.latent, self.manifest, self.severe)
        for stage, state in enumerate(self.stages):
            state[:] = self.town.stage == stage
        self.would_act[:] = self.town.would_act

    def neighbours(self, state: np.ndarray) -> np.ndarray:
        """How many neighbours of each household are in a state."""
        net = self.sim.networks[0]
        return np.bincount(net.p1[state[net.p2]], minlength=state.size) + np.bincount(
            net.p2[state[net.p1]], minlength=state.size
        )

    @staticmethod
    def p_onset(self, sim, uids):
        """Weekly chance that a need begins."""
        needy = self.neighbours(self.manifest.raw | self.severe.raw)
        return ref.weekly(ref.ONSET * (1.0 + ref.PER_NEEDY * needy[uids]))

    @staticmethod
    def p_worsen(self, sim, uids):
        """Weekly chance that a need worsens."""
        rate = np.where(self.latent[uids], ref.RISE[ref.LATENT], ref.RISE[ref.MANIFEST])
        return ref.weekly(rate * np.where(self.acting[uids] > 0, ref.SHIELD, 1.0))

    @staticmethod
    def p_recover(self, sim, uids):
        """Weekly chance that a need eases."""
        return ref.weekly(self.recovery(uids))

    @staticmethod
    def p_helped(self, sim, uids):
        """Weekly chance that a need eases with support."""
        return ref.weekly(ref.SUPPORT * self.recovery(uids))

    def recovery(self, uids):
        """Yearly rate of recovery by stage."""
        return np.select(
            [self.latent[uids], self.manifest[uids], self.severe[uids]], ref.RECOVER[1:]
        )

    @staticmethod
    def p_notice(self, sim, uids):
        """Weekly chance that a household in need is noticed."""
        return ref.weekly(np.where(self.acting[uids] > 0, ref.NOTICED, ref.NOTICE))

    def step_state(self):
        """Needs rise and ease; households in need are noticed."""
        self.acting = self.neighbours(self.would_act.raw & self.none.raw)
        worse = self.worsen.filter((self.latent | self.manifest).uids)
        self.move(self.onset.filter(self.none.uids), 1)
        self.move(worse, 1)
        self.move(self.recover.filter((~self.none).uids), -1)
        self.move(self.helped.filter((self.supported & ~self.none).uids), -1)
        noticed = self.notice.filter(
            ((self.manifest | self.severe) & ~(self.waiting | self.supported)).uids
        )
        self.waiting[noticed] = True
        self.since[noticed] = self.ti + self.lot.rvs(noticed)

    def move(self, uids, by):
        """Move households by one stage."""
        groups = [uids[state[uids]] for state in self.stages]
        for stage, group in enumerate(groups):
            if len(group):
                self.stages[stage][group] = False
                self.stages[stage + by][group] = True


class Ties(ss.Network):
    """The ties between households, which stay as they are."""

    def step(self):
        """Nothing changes."""


class Agencies(ss.Intervention):
    """Agencies call from their lines; support ends after a time."""

    def __init__(self, town: ref.Town):
        super().__init__(name="agencies")
        self.town = town
        self.define_states(ss.IntArr("agency"), ss.FloatArr("ti_end"))

    def init_post(self):
        """Each household has its agency."""
        super().init_post()
        self.agency[:] = self.town.agency

    def step(self):
        """One week."""
        need = self.sim.diseases.need
        over = (need.supported & (self.ti_end <= self.ti)).uids
        need.supported[over] = False
        line = need.waiting.uids
        line = line[np.lexsort((need.since[line], self.agency[line]))]
        agency = self.agency[line]
        place = np.arange(len(line)) - np.searchsorted(agency, agency)
        called = line[place < self.town.openings[self.ti][agency]]
        need.waiting[called] = False
        begun = called[need.manifest[called] | need.severe[called]]
        need.supported[begun] = True
        self.ti_end[begun] = self.ti + ref.SUPPORT_WEEKS


def build(town: ref.Town, seed: int) -> ss.Sim:
    """The town in week 0."""
    ties = Ties(p1=town.ties[:, 0], p2=town.ties[:, 1], beta=np.ones(len(town.ties)), name="ties")
    return ss.Sim(
        n_agents=town.households,
        dt=ss.week,
        dur=len(town.openings) - 1,
        rand_seed=seed,
        use_aging=False,
        diseases=Need(town),
        interventions=Agencies(town),
        networks=ties,
        verbose=0,
    ).init()


def run(sim: ss.Sim, weeks: int) -> np.ndarray:
    """Weekly counts (weeks, 6) in the order of COLUMNS."""
    sim.run(until=weeks - 1) if weeks < len(sim.t.tivec) else sim.run()
    return (
        np.stack([sim.results.need[f"n_{name}"].values[:weeks] for name in ref.COLUMNS], axis=1)
        .round()
        .astype(int)
    )
