"""The arithmetic of the loops by hand agrees with a week of the process that it repeats, every loop
has its row, and the page says what the study gives.
"""

from __future__ import annotations

import math
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.studies import loop_stocks as by_hand
from benchmarks.studies import loops
from benchmarks.studies.loop_stocks import Stock
from sim.declared import declared
from sim.declared.vocabulary import ACCOMPANIED, CASEWORKER, NO_CASE, OPEN, F
from sim.model.processes.casework import casework
from sim.model.processes.coordination import coordination
from sim.model.processes.noticing import noticing
from sim.model.processes.workforce import workforce
from sim.model.start import build
from sim.model.state import State
from sim.model.transitions import set_case, set_level
from tests.towns import small_organisation, small_scenario

PAGE = Path(__file__).parents[1] / "docs" / "loops.md"
STILL = ("leaving", "rotation", "exhaustion")
LINKS = {  # what each link variable of the model's list appears in
    "working resources": 7,
    "familiarity": 2,
    "trust": 3,
    "breadth": 1,
    "orientation": 3,
    "exhaustion": 2,
    "worries": 2,
    "acting residents": 2,
    "ties": 2,
    "isolated households": 2,
    "know": 3,
}
DECLARED = 13  # columns of a row that rest on the declared values alone


@pytest.fixture
def quiet() -> State:
    """A small town in which nobody is in need and no worker comes or goes."""
    state = build(small_scenario(300, run_in_weeks=0, switched_off=STILL), 3)
    state.week = 1
    return state


def a_week(stock: Stock, x: np.ndarray) -> np.ndarray:
    """What a stock at `x` stands at after a week, by its flows."""
    gained = stock.inflow * (stock.top - x) if stock.filling else stock.inflow
    return x + (gained - stock.outflow * (x - stock.bottom)) / 52


def test_breadth_moves_by_its_flows(quiet):
    """Two fifths of the hours go to hard cases; nobody is new."""
    workers, p = quiet.workers, quiet.p.workforce
    workers.usable[:], workers.complex_hours[:] = 30.0, 12.0
    workers.breadth[:] = np.linspace(0.1, 0.9, workers.rows)
    by_practice = Stock(0.0, 0.4 * p.breadth_gain, p.breadth_loss, p.breadth_loss_value)
    expected = a_week(by_practice, workers.breadth)
    workforce(quiet)
    assert workers.breadth == pytest.approx(expected, abs=1e-6)


@pytest.fixture
def crowded() -> State:
    """Desks with many workers, none of whom comes or goes; below orientation_init only colleagues
    pull.
    """
    many = small_organisation().model_copy(update={"posts_per_100k": 3000.0})
    state = build(small_scenario(300, run_in_weeks=0, switched_off=STILL, organisation=many), 3)
    state.week = 1
    workers = state.workers
    workers.orientation[:] = np.random.default_rng(4).uniform(0.0, 0.25, workers.rows)
    workers.since[workers.post > 0] = -1000
    return state


def desks(state: State) -> list[np.ndarray]:
    """The rows of the workers of each desk."""
    workers = state.workers
    agencies = np.unique(workers.agency[workers.duty == CASEWORKER])
    return [((workers.agency == one) & (workers.post > 0)).nonzero()[0] for one in agencies]


def test_the_settled_draw_together(crowded):
    """Among them each desk keeps its mean, and each goes a week's part of the way."""
    workers, p = crowded.workers, crowded.p.workforce
    before = workers.orientation.copy()
    workforce(crowded)
    for here in desks(crowded):
        mean, posts = np.average(before[here], weights=workers.post[here]), workers.post[here]
        assert np.average(workers.orientation[here], weights=posts) == pytest.approx(mean)
        drawn = before[here] + p.orientation_peers / 52 * (mean - before[here])
        assert workers.orientation[here] == pytest.approx(drawn, abs=1e-6)


@pytest.mark.parametrize("peers", [0.0, 0.5])
def test_the_settled_form_newcomers_who_form_nobody(crowded, peers):
    """A newcomer moves towards the settled; they, and a post without a holder, stay where they are.
    At null nobody moves.
    """
    workers, crowded.p.workforce.orientation_peers = crowded.workers, peers
    workers.orientation[:] = 0.2
    new, vacant = (np.array([here[at] for here in desks(crowded)]) for at in (0, 1))
    workers.orientation[new], workers.since[new] = 0.1, crowded.week
    workers.orientation[vacant], workers.vacant_until[vacant] = 0.1, 10
    workers.since[vacant] = 10
    expected = workers.orientation.copy()
    expected[new] += peers / 52 * 0.1
    workforce(crowded)
    assert workers.orientation == pytest.approx(expected, abs=1e-9)


def test_what_colleagues_form_agrees_with_a_desk_lived():
    """Fifty thousand posts in balance under learning: their mean, week by week, settles within 2 %
    of the range of the arithmetic.
    """
    p = loops.declared_town()
    w, new, gain = p.workforce, by_hand.town.newcomers(p), 0.05
    rng = np.random.default_rng(1)
    x, tenure = np.full(50_000, w.orientation_new), rng.exponential(1 / new, 50_000)
    for _week in range(52 * 20):
        counted = np.minimum(1.0, tenure * 12 / w.ramp_months)
        colleagues = np.average(x, weights=counted)
        x += (gain * (1 - x) + w.orientation_peers * (colleagues - x)) / 52
        tenure += 1 / 52
        fresh = rng.random(x.size) < new / 52
        x[fresh], tenure[fresh] = w.orientation_new, 0.0
    lost = new * (1 - by_hand.formed(p, gain))
    settled = Stock(0.0, gain, lost, w.orientation_new).equilibrium
    alone = Stock(0.0, gain, new, w.orientation_new).equilibrium
    assert x.mean() == pytest.approx(settled, abs=0.003)
    assert settled - alone > 0.01


@pytest.mark.parametrize("gain", [0.0, 0.05])
def test_a_good_closure_gives_trust(gain):
    """An open case whose need has ended closes, and so does accompaniment on its date; an open case
    goes on. At most trust is 1; at null it stays.
    """
    state = build(small_scenario(300, run_in_weeks=0), 3)
    state.week, state.p.casework.trust_per_closure = 1, gain
    homes, needs = state.households, state.needs
    needs.level[:], needs.case[:] = 0, NO_CASE
    cells = np.array([0, 1, 2, 3]) * F
    set_case(state, cells, OPEN)
    set_case(state, cells[1:2], ACCOMPANIED)
    homes.accompanied_until[1] = 1
    set_level(state, cells[2:3], 2)
    homes.trust[:4] = 0.5, 0.5, 0.5, 0.99
    casework(state)
    expected = [0.5 + gain, 0.5 + gain, 0.5, min(1.0, 0.99 + gain)]
    assert homes.trust[:4] == pytest.approx(expected)


def test_familiarity_fades_and_grows_by_its_flows(quiet):
    """No household has two cases: what is left is conferences and time."""
    p = quiet.p.coordination
    settings = quiet.practice.coordination.model_copy(update={"conferences": 2.0})
    quiet.practice = quiet.practice.model_copy(update={"coordination": settings})
    quiet.households.open_cases[:] = 0
    quiet.familiarity[:] = 0.3
    stock = Stock(0.3, 12 / p.coord_setup_months, p.familiarity_fading)
    expected = float(a_week(stock, np.array(0.3)))
    coordination(quiet)
    apart = ~np.eye(quiet.agencies.rows, dtype=bool)
    assert quiet.familiarity[apart] == pytest.approx(expected, abs=1e-9)


def test_worry_fades_faster_with_backing(quiet):
    p, worry = quiet.p.noticing, quiet.residents.worry
    for backing in (0.0, 1.0):
        worry[:], quiet.backing = 1.0, backing
        quiet.households.watcher[:] = quiet.households.told_by[:] = -1
        noticing(quiet)
        stock = by_hand.helper_worry(loops.declared_town(), bool(backing))
        assert stock.outflow == pytest.approx(p.worry_fading + p.worry_relief * backing)
        left = worry[worry > 0].min()
        assert left == pytest.approx(math.exp(-stock.outflow / 52), abs=1e-3)


def test_every_loop_has_its_row():
    said = [loop.link.en for loop in loops.LOOPS.values()]
    for words, count in LINKS.items():
        assert sum(words in link for link in said) == count, words
    assert sum(LINKS.values()) == len(loops.LOOPS)


def test_ranges_are_declared():
    for loop in loops.LOOPS.values():
        assert set(loop.ranges) <= set(declared()), loop.name.en


def test_what_can_act_is_told_apart():
    """Good closures reach few; colleagues and breadth act. Where they pull at null, none acts."""
    found = {
        name: loops.row_of(name).can_act
        for name in ("good_closures", "peers", "breadth", "joint_cases")
    }
    assert found == {
        "good_closures": loops.AT_THE_ENDS,
        "peers": loops.YES,
        "breadth": loops.YES,
        "joint_cases": loops.AT_THE_ENDS,
    }


def test_at_null_the_two_mended_loops_are_still():
    for name, null in (
        ("good_closures", "casework.trust_per_closure"),
        ("peers", "workforce.orientation_peers"),
    ):
        effect = loops.read_at(partial(loops.effect_of, loops.LOOPS[name]), {null: 0.0})
        assert effect.quiet == effect.pushed, name


def test_a_reading_leaves_the_declared_values():
    before = {**loops.declared_town().needs.__dict__}
    loops.read_at(lambda p: p.needs.coupling, {"needs.coupling": 0.6})
    assert loops.declared_town().needs.__dict__ == before


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_has_the_rows_of_the_study(lang):
    """The columns of the declared values; the ends of the ranges take the study half a minute."""
    page = PAGE.read_text(encoding="utf-8")
    rows = [re.split(r" *\| *", line.strip("| ")) for line in page.splitlines() if "|" in line]
    for name, loop in loops.LOOPS.items():
        p = loops.declared_town()
        effect = loops.effect_of(loop, p)
        row = loops.Row(loop, loop.stock(p, False), loop.stock(p, True), effect, effect, effect)
        wanted = list(loops.cells(row, lang))[:DECLARED]
        assert wanted in [found[:DECLARED] for found in rows], name
