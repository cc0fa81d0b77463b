"""The stock of needs that stands still: how many are slow, and how long needs have lasted.

Every resident has been able to bear a need of a field for some years: since 65 an elderly need,
since birth a child need, since 18 any other. In each of these years needs began, and moved between
levels, in support or not, at the declared rates: a Markov chain of six states for each speed and
field, begun empty and followed year by year. What it holds after n years is the stock among those
who have been able for n years, whoever has died or moved since: death and moves take residents
whatever their needs, and a resident brings along the needs of their years. So newcomers, and the
town at the start, are drawn from the chain at the age of whoever bears the need.

By hand, with the declared rates: a slow latent need leaves its level at .20 x .20 + .09 x .7 = .103
a year, after 10 years on average; a fast one at .20 x 1.53 + .09 = .40, after 2.5 years. Of needs
that begin 40 % are slow, of the latent ones that stand (.40 / .103) / (.40 / .103 + .60 / .40) =
72 %, and .72 x exp(-1.03) + .28 x exp(-4.0) = 26 % of them have lasted ten years, fewer where the
bearer is not old enough.

Public assistance takes poverty needs away, and gives a part of them back at once as manifest.
Left out: that a household has one need of a field at most, so that fewer begin in prone ones; its
other needs, ties, watching and places, which change rates by a tenth or so; waiting and hand-ons;
doses below 1; the weeks before a need comes back. So shares and ages are near those of the town,
and the number of needs is above it. Source: model 8.3, 8.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import expm

from sim.declared import Parameters
from sim.declared.vocabulary import FIELDS, GAP, LATENT, MANIFEST, POVERTY, SEVERE, F
from sim.model.households import LONGEST, able_for, may_bear
from sim.model.speeds import fill_chances, fill_paces
from sim.model.start.typical import Typical
from sim.model.town_records import parameter_record

LEVELS = 3  # of needs there are; a state is level - 1 + LEVELS x (whether in support)
STATES = 2 * LEVELS
LEVEL = np.arange(STATES) % LEVELS + 1  # of each state
HELPED = np.arange(STATES) >= LEVELS
ELSEWHERE = LEVEL[:, None] != LEVEL  # whether two states are of different levels
AT = (LEVEL[:, None] == np.arange(LEVELS + 1)).astype(float)
BEGIN = (LATENT - 1, MANIFEST - 1)  # the states in which needs begin, slowly and at once
SPEEDS = 2  # fast, slow
LEAST = 0.1  # part of a need that does not spill over; without any, needs grow without end


@dataclass(frozen=True)
class Stock:
    """Needs that stand, by field, level (0 unused) and speed (fast, slow).

    slow (F, 4, LONGEST): share of slow ones where the bearer has been able to bear them for so many
    years. entries (F, 4, SPEEDS, LONGEST): needs that entered the level in each of those years, per
    resident. leaving (F, 4, SPEEDS): yearly rate at which they leave it. needs (F, 4, SPEEDS): how
    many there would be per household of the town, if one could have several of a field.
    """

    slow: np.ndarray
    entries: np.ndarray
    leaving: np.ndarray
    needs: np.ndarray


class _Rates(NamedTuple):
    """Yearly rates of a field and speed: `moves` (STATES, STATES) from row to column; `ends`
    (STATES,), after which a need may come `back` (STATES, STATES); `leaves` (STATES,), with the
    bearer.
    """

    moves: np.ndarray
    ends: np.ndarray
    back: np.ndarray
    leaves: np.ndarray

    def flow(self) -> np.ndarray:
        """The generator (STATES, STATES) of what is in the states."""
        out = self.moves.sum(axis=1) + self.ends + self.leaves
        return self.moves + self.back - np.diag(out)

    def leaving(self) -> np.ndarray:
        """Rates (STATES,) at which needs leave their level."""
        return (self.moves * ELSEWHERE).sum(axis=1) + self.ends + self.leaves

    def entering(self) -> np.ndarray:
        """Rates (STATES, 4) at which needs enter each level from each state."""
        return (self.moves * ELSEWHERE + self.back) @ AT


def standing(p: Parameters, typical: Typical) -> Stock:
    """The stock of needs at the declared rates in a town of `typical` households."""
    paces = _paces(p)
    able, prone = _residents(typical)
    rates = [[_rates(p, field, paces, speed) for speed in range(SPEEDS)] for field in range(F)]
    flow, leaving, entering = (
        np.array([[getattr(one, name)() for one in of_field] for of_field in rates])
        for name in ("flow", "leaving", "entering")
    )
    weight = np.stack([prone, (able > 0).astype(float)])
    weight /= np.maximum((able * weight).sum(axis=2, keepdims=True), 1e-12)
    speeds = np.stack([1.0 - paces.chances, paces.chances], axis=1)
    begin = weight[:, :, None] * speeds[:, :, None]  # (causes, F, SPEEDS, LONGEST)
    held = _years(flow, begin)
    causes = _beginnings(p, np.einsum("fn,cfsnk->cfk", able, held))
    held, begin = (np.einsum("cf,cf...->cf...", causes, one) for one in (held, begin))
    entries = np.einsum("cfsnk,fskl->flsn", held, entering)
    for cause, state in enumerate(BEGIN):
        entries[:, LEVEL[state]] += begin[cause]
    return _summed(held.sum(axis=0), entries, able, leaving, paces.chances)


class _Paces(NamedTuple):
    """Chances (F,) that needs are slow; paces (SPEEDS,) of recovery, surfacing and support."""

    chances: np.ndarray
    recovery: np.ndarray
    surfacing: np.ndarray
    support: np.ndarray


def _paces(p: Parameters) -> _Paces:
    paces = _Paces(np.zeros(F), *(np.zeros(SPEEDS) for _ in range(3)))
    fill_chances(parameter_record(p), paces.chances)
    fill_paces(parameter_record(p), *paces[1:])
    return paces


def _residents(typical: Typical) -> tuple[np.ndarray, np.ndarray]:
    """Residents per household who have been able to bear a need of each field for so many years (F,
    LONGEST), and how prone they are to it: their household's susceptibility, shared among them.
    """
    able, prone = np.zeros((F, LONGEST)), np.zeros((F, LONGEST))
    ages = [*range(typical.ages.max() + 1), -1]  # an empty slot, -1, is the last
    for field in range(F):
        bears = np.array([may_bear(age, field, True) for age in ages])[typical.ages]
        years = np.array([able_for(age, field) for age in ages])[typical.ages[bears]]
        each = np.broadcast_to(typical.weight[:, None], bears.shape)[bears]
        share = typical.susceptibility[:, field] / np.maximum(bears.sum(axis=1), 1)
        able[field] = np.bincount(years, each, minlength=LONGEST)
        drawn = np.broadcast_to(share[:, None], bears.shape)[bears]
        summed = np.bincount(years, each * drawn, minlength=LONGEST)
        there = able[field] > 0
        if there.any():
            mean = summed[there] / able[field][there]
            prone[field] = np.interp(np.arange(LONGEST), np.flatnonzero(there), mean)
    return able, prone


def _rates(p: Parameters, field: int, paces: _Paces, speed: int) -> _Rates:
    """The declared rates of a field and speed, of the need alone and at full dose."""
    n, c = p.needs, p.casework
    recover = np.array([n.recover_latent, n.recover_manifest, n.recover_severe])
    gain = np.array([c.resolve_latent, c.resolve_manifest, c.resolve_severe]) - recover
    gain *= paces.support[speed] * (p.workforce.breadth_init if field == GAP else 1.0)
    eases = recover[LEVEL - 1] * paces.recovery[speed] + np.where(HELPED, gain[LEVEL - 1], 0.0)
    eases = np.maximum(eases, 0.0)
    rise = np.array([n.escalate_latent * paces.surfacing[speed], n.escalate_manifest, 0.0])
    rises = rise[LEVEL - 1] * np.where(HELPED, n.rr_escalation_supported, 1.0)
    strike = np.array([0.0, p.crises.crisis_rate_manifest, p.crises.crisis_rate_severe])
    struck = strike[LEVEL - 1] * np.where(HELPED, p.crises.rr_crisis_supported, 1.0)
    leaves = struck * p.crises.crisis_end
    rises += np.where(LEVEL == MANIFEST, struck - leaves, 0.0)
    met = np.zeros(STATES)
    if field == POVERTY:
        met = _assisted(p)
        leaves += met * (1.0 - p.assistance.assist_return)
    worst = LEVEL == SEVERE
    moves, back = np.zeros((STATES, STATES)), np.zeros((STATES, STATES))
    above, below = np.flatnonzero(~worst), np.flatnonzero(worst)
    moves[above, above + 1], moves[below, below - 1] = rises[above], eases[below]
    _in_and_out_of_support(p, field, moves)
    ends = np.where(worst, 0.0, eases)
    back[np.arange(STATES), LEVEL - 1] = n.relapse_12m * ends
    moves[worst, MANIFEST - 1] += met[worst] * p.assistance.assist_return
    return _Rates(moves, ends, back, leaves)


def _assisted(p: Parameters) -> np.ndarray:
    """Yearly rates (STATES,) at which public assistance meets a poverty need."""
    entry = np.array([0.0, p.assistance.entry_manifest, p.assistance.entry_severe])
    return entry[LEVEL - 1] * np.where(HELPED, p.assistance.assistance_found, 1.0)


def _in_and_out_of_support(p: Parameters, field: int, moves: np.ndarray) -> None:
    """Add to `moves` (STATES, STATES) that households ask and are taken into support, and that cases
    lapse or end at the programme's limit.
    """
    refused = p.intake.gap_refusal if field == GAP else 0.0
    over = p.casework.dropout_case * (1.5 - p.town.trust_init)
    over += p.casework.programme_limit * (1.0 - p.workforce.orientation_init)
    for at, seek in enumerate((p.asking.seek_latent, p.asking.seek_manifest, p.asking.seek_severe)):
        factor = p.intake.severe_outcome_factor if LEVEL[at] == SEVERE else 1.0
        without = max(p.asking.one_off_share * factor, refused)
        without += (p.intake.referred_on_share + p.intake.no_return_share) * factor
        moves[at, at + LEVELS] += seek * max(0.0, 1.0 - without)
        moves[at + LEVELS, at] += over


def _years(flow: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """What is in the states (causes, F, SPEEDS, LONGEST, STATES) on average over each year in turn,
    where needs `begin` (causes, F, SPEEDS, LONGEST), so many a year, and none were there before.
    """
    both = np.zeros((F, SPEEDS, 2 * STATES, 2 * STATES))
    both[..., :STATES, :STATES], both[..., :STATES, STATES:] = flow, np.eye(STATES)
    both = expm(both)
    stay, since = both[..., :STATES, :STATES], both[..., :STATES, STATES:]
    fresh = np.einsum("cfsn,fsck->ncfsk", begin, since[:, :, BEGIN])
    now, mean = np.zeros(fresh.shape[1:]), np.empty_like(fresh)
    for year, begun in enumerate(fresh):
        after = (now[..., None, :] @ stay)[..., 0, :] + begun
        mean[year] = (now + after) / 2
        now = after
    return np.moveaxis(mean, 0, 3)


def _beginnings(p: Parameters, held: np.ndarray) -> np.ndarray:
    """Needs that begin slowly and at once by field (2, F), per household and year; those that other
    needs spill over into are counted. `held` (2, F, STATES): needs per household for each that
    begins a year.
    """
    share = np.array([getattr(p.needs, f"share_{field}") for field in FIELDS])
    share = share / share.sum()
    spill = np.array([p.needs.spill_latent, p.needs.spill_manifest, p.needs.spill_severe])
    slowly, at_once = np.einsum("f,cfk,k->c", share, held, spill[LEVEL - 1])
    onset = p.needs.onset_latent + p.needs.onset_acute * at_once
    onset /= max(1.0 - slowly, LEAST)
    return np.stack([onset * share, p.needs.onset_acute * share])


def _summed(
    held: np.ndarray, entries: np.ndarray, able: np.ndarray, leaving: np.ndarray, chance: np.ndarray
) -> Stock:
    """The stock by level, from what is `held` (F, SPEEDS, LONGEST, STATES) in the states."""
    by_level = np.einsum("fsnk,kl->flsn", held, AT)
    both = by_level.sum(axis=2)
    slow = np.where(both > 0, by_level[:, :, 1] / np.maximum(both, 1e-300), chance[:, None, None])
    number = np.einsum("fn,fsnk->fsk", able, held)
    needs = np.einsum("fsk,kl->fls", number, AT)
    out = np.einsum("fsk,fsk,kl->fls", number, leaving, AT)
    return Stock(slow, entries, out / np.maximum(needs, 1e-300), needs)
