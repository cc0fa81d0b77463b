"""Candidate plans: drawn evenly over the ways to split the money, each lever alone, and plans near
those that did well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from scipy.stats import gamma, qmc

from sim.study.search.plans import CORNER, DRAWN, NEAR, ROUNDING, PlanSpace, SpendingPlan, once
from sim.words import Phrase
from sim.words.errors import fault

CONCENTRATION = 0.5  # of the Dirichlet distribution of the shares: below 1 few levers take most
BATCH = 32  # plans that are priced together
MOST_TRIES = 64  # points drawn for every plan that is wanted


def first_candidates(space: PlanSpace) -> list[SpendingPlan]:
    """Returns the plans with which a search begins: the benchmark, each lever alone, and so many
    drawn that there are `candidates`, the same for the same file.

    Refuses a file in which no plan spends the amount.
    """
    benchmark = space.benchmark()
    fixed = once([*([benchmark] if benchmark else []), *corners(space)])
    wanted = max(0, space.lines.candidates - len(fixed))
    known = {plan.id for plan in fixed}
    drawn = spending(space, drawn_plans(space, MOST_TRIES * wanted), known, wanted)
    found = [*fixed, *drawn]
    if len(found) < 2:
        least = {"low": f"{space.lines.least_spent:.0%}"}
        allowed = Phrase("allowed.search_spends", least)
        raise fault("search.no_plans", at="search.levers", file=space.file, allowed=allowed)
    return found


def spending(
    space: PlanSpace, plans: Iterator[SpendingPlan], known: set[str], wanted: int
) -> list[SpendingPlan]:
    """Returns the first of some plans that are not yet known, can be and spend the amount, so many as
    are wanted; they are priced a batch at a time.
    """
    seen = {*known}
    found: list[SpendingPlan] = []
    while len(found) < wanted and (batch := list(islice(plans, BATCH))):
        new = [plan for plan in once(batch) if plan.id not in seen]
        seen |= {plan.id for plan in new}
        space.price(new)
        found += [plan for plan in new if space.spends_enough(plan)]
    return found[:wanted]


def corners(space: PlanSpace) -> list[SpendingPlan]:
    """Returns the plans that spend the amount on one lever alone, where it can take so much."""
    alone = [space.alone(at, space.most(at, space.money), CORNER) for at in space.priced]
    return [plan for plan in alone if space.spends_enough(plan)]


def drawn_plans(space: PlanSpace, count: int) -> Iterator[SpendingPlan]:
    """Returns plans of a scrambled Sobol sequence: shares of the money from a Dirichlet
    distribution, everything else evenly over its values.
    """
    if not count:
        return
    priced, free = space.priced, space.free
    sobol = qmc.Sobol(len(priced) + len(free), rng=space.lines.draw)
    points = sobol.random_base2(int(np.ceil(np.log2(max(2, count)))))
    for point in points:
        weights = gamma.ppf(np.clip(point[: len(priced)], 1e-6, 1 - 1e-6), CONCENTRATION)
        values = list(space.nothing.values)
        for place, u in zip(free, point[len(priced) :], strict=True):
            choices = space.axes[place].values
            values[place] = choices[min(int(u * len(choices)), len(choices) - 1)]
        yield split(space, values, weights / weights.sum())


def split(space: PlanSpace, values: list, shares: np.ndarray) -> SpendingPlan:
    """Returns the plan in which each amount takes its share of the money in whole steps; what is
    left goes, step by step, to the amount that is furthest below its share, used ones first.
    """
    priced = space.priced
    for place, share in zip(priced, shares, strict=True):
        values[place] = space.most(place, share * space.money)
    return SpendingPlan(space.axes, tuple(topped_up(space, values, shares)), DRAWN)


def topped_up(space: PlanSpace, values: list, shares: np.ndarray) -> list:
    """Returns the values with as many further steps as the money that is left allows."""
    while True:
        costs = {at: values[at] * space.prices[at] for at in space.priced}
        left = space.money * (1 + ROUNDING) - sum(costs.values())
        room = [
            (at, share)
            for at, share in zip(space.priced, shares, strict=True)
            if space.axes[at].range.step * space.prices[at] <= left
            and values[at] + space.axes[at].range.step <= space.axes[at].values[-1] + ROUNDING
        ]
        if not room:
            return values
        at = max(room, key=lambda one: (values[one[0]] > 0, one[1] * space.money - costs[one[0]]))[
            0
        ]
        values[at] = round(values[at] + space.axes[at].range.step, 9)


def near_plans(
    space: PlanSpace, survivors: Sequence[SpendingPlan], known: set[str]
) -> list[SpendingPlan]:
    """Returns at most `refine` plans near the survivors that are not yet known: money for one step
    moved from one lever to another, or one of the other settings changed.
    """
    every = once([plan for one in survivors for plan in _neighbours(space, one)])
    shuffled = sorted(every, key=lambda one: one.id)  # as good as drawn, and the same every time
    return spending(space, iter(shuffled), known, space.lines.refine)


def _neighbours(space: PlanSpace, plan: SpendingPlan) -> Iterator[SpendingPlan]:
    for giver in space.priced:
        for taker in space.priced:
            if giver != taker and plan.values[giver] > 0:
                moved = _moved(space, plan, giver, taker)
                if moved is not None:
                    yield moved
    for place in space.free:
        for value in space.axes[place].values:
            if value != plan.values[place]:
                values = [*plan.values[:place], value, *plan.values[place + 1 :]]
                yield SpendingPlan(space.axes, tuple(values), NEAR)


def _moved(space: PlanSpace, plan: SpendingPlan, giver: int, taker: int) -> SpendingPlan | None:
    """Returns the plan with the money of a fifth of what a lever has, one step at least, given to
    another.
    """
    values = list(plan.values)
    one, other = space.axes[giver].range, space.axes[taker].range
    step = max(one.step * space.prices[giver], other.step * space.prices[taker])
    money = max(step, values[giver] * space.prices[giver] / 5)
    gives = min(values[giver], np.ceil(money / space.prices[giver] / one.step - 1e-9) * one.step)
    values[giver] = round(float(values[giver] - gives), 9)
    spent = sum(values[at] * space.prices[at] for at in space.priced if at != taker)
    values[taker] = space.most(taker, space.money - spent)
    found = SpendingPlan(space.axes, tuple(values), NEAR)
    return found if found.id != plan.id else None
