"""People, ties and newcomers: margins met, counts kept true, the town stays itself, the same people
in every arm.

Statistical bounds are Z standard errors wide: a false alarm on correct code has a chance of about
1e-6 a test.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.declared import declared
from sim.declared.vocabulary import ACTING, CHILD, ELDERLY, KINDS, MEMBERS, NO_CASE, OPEN, STAGES, F
from sim.model import transitions
from sim.model.flows import fresh_flows
from sim.model.households import (
    DRAWS,
    FRAILTY,
    MAX_FRAILTY,
    MAX_SUSCEPTIBILITY,
    bearer,
    settle,
)
from sim.model.members import ELDER_ALONE, WORKING_ALONE, ages_of, kind_at, susceptibility
from sim.model.processes.population import WRITES, population
from sim.model.start.people import people
from sim.model.start.ties import ties
from sim.model.state import State
from sim.model.streams import Streams
from sim.scenario.scenario import Trend
from sim.towns.composition import composition_of
from sim.towns.town import District

from .towns import small_people, small_scenario

Z = 5.0  # two-sided chance 6e-7
COUNTS = ("active", "manifest", "severe", "open_cases", "waiting_cases", "ties", "acting_ties")


def kind_of(ages: np.ndarray) -> list[int]:
    """Kinds of households with members' `ages` (n, MEMBERS)."""
    flat = np.ascontiguousarray(ages).ravel()
    return [kind_at(flat, first) for first in range(0, flat.size, MEMBERS)]


def small_town(households: int = 2000, seed: int = 1, **changes) -> State:
    town = State(small_scenario(households, **changes), Streams(seed))
    people(town)
    ties(town)
    town.flows = fresh_flows(town)
    return town


def live(town: State, weeks: int, start: int | None = None) -> State:
    first = town.week if start is None else start
    for town.week in range(first, first + weeks):
        population(town)
    return town


def homes(town: State) -> np.ndarray:
    return town.residents.age.reshape(-1, MEMBERS)


def persons(town: State) -> int:
    return np.count_nonzero(town.residents.age >= 0)


def ageing(town: State) -> float:
    return np.count_nonzero(town.residents.age >= 65) / persons(town)


def composition(town: State) -> np.ndarray:
    return np.bincount(town.households.kind, minlength=len(KINDS)) / town.households.rows


def degrees(town: State, edges: np.ndarray) -> np.ndarray:
    return np.bincount(
        np.concatenate([town.ties.a[edges], town.ties.b[edges]]), minlength=town.households.rows
    )


def assert_counts_true(town: State) -> None:
    kept = {name: getattr(town.households, name).copy() for name in COUNTS}
    transitions.recount(town)
    for name, column in kept.items():
        np.testing.assert_array_equal(column, getattr(town.households, name), err_msg=name)


@pytest.mark.parametrize("rate", [0.10, 0.20, 0.29, 0.38, 0.50, 0.60])
def test_population_and_ageing_rate_are_met(rate):
    town = small_town(2000, people=small_people(2000, ageing_rate=rate, persons_per_household=None))
    assert persons(town) == pytest.approx(town.scenario.people.population, rel=0.005)
    assert ageing(town) == pytest.approx(rate, abs=0.005)


@pytest.mark.parametrize("size", [1.8, 2.0, 2.23, 2.5, 2.8])
def test_persons_per_household_are_met(size):
    town = small_town(people=small_people(2000, persons_per_household=size))
    assert persons(town) == pytest.approx(town.scenario.people.population, rel=0.005)
    assert persons(town) / town.households.rows == pytest.approx(size, rel=0.01)
    assert ageing(town) == pytest.approx(0.29, abs=0.005)


def test_given_composition_is_met():
    given = {
        "elder_alone": 0.15,
        "elder_couple": 0.14,
        "elder_with_adult_child": 0.14,
        "couple_with_children": 0.17,
        "single_parent": 0.03,
        "working_alone": 0.17,
        "other": 0.20,
    }
    town = small_town(people=small_people(2000, composition=given))
    np.testing.assert_allclose(composition(town), [given[kind] for kind in KINDS], atol=0.001)
    assert ageing(town) == pytest.approx(0.29, abs=0.005)


def test_derived_composition_is_national_at_the_national_ageing_rate():
    p = small_scenario().values()
    shares = dict(zip(KINDS, composition_of(small_people(ageing_rate=0.291), p), strict=True))
    assert shares["elder_alone"] == pytest.approx(p.town.share_elder_alone, abs=0.02)
    assert shares["couple_with_children"] + shares["single_parent"] == pytest.approx(
        p.town.share_with_children, abs=0.02
    )


def test_older_towns_have_more_elder_households():
    p = small_scenario().values()
    alone = [
        composition_of(small_people(ageing_rate=rate, persons_per_household=None), p)[0]
        for rate in (0.2, 0.3, 0.4, 0.5)
    ]
    assert alone == sorted(alone)
    assert alone[0] < alone[-1]


def test_districts_have_their_shares_and_contiguous_addresses():
    town = small_town(2000)
    shares = [district.share for district in town.scenario.people.districts]
    np.testing.assert_allclose(
        np.bincount(town.households.district) / town.households.rows, shares, atol=0.001
    )
    assert (np.diff(town.households.district) >= 0).all()


def test_counts_by_district_and_kind_are_exact():
    table = {
        "east": {
            "elder_alone": 200,
            "elder_couple": 150,
            "working_alone": 100,
            "couple_with_children": 150,
        },
        "west": {
            "elder_alone": 60,
            "elder_with_adult_child": 80,
            "other": 160,
            "single_parent": 40,
        },
    }
    districts = (District(id="east", share=0.6), District(id="west", share=0.4))
    town = small_town(
        people=small_people(
            districts=districts,
            households=table,
            population=2100,
            ageing_rate=0.36,
            persons_per_household=None,
        )
    )
    for number, district in enumerate(districts):
        counts = np.bincount(
            town.households.kind[town.households.district == number], minlength=len(KINDS)
        )
        np.testing.assert_array_equal(counts, [table[district.id].get(kind, 0) for kind in KINDS])


def test_kinds_follow_from_ages():
    ages = np.array(
        [
            [70, -1, -1, -1, -1],
            [40, -1, -1, -1, -1],
            [70, 68, -1, -1, -1],
            [80, 50, -1, -1, -1],
            [66, 60, -1, -1, -1],
            [40, 38, 5, -1, -1],
            [40, 5, 3, -1, -1],
            [75, 40, 38, 5, -1],
            [50, 20, -1, -1, -1],
            [-1, 70, -1, -1, -1],
        ]
    )
    expected = [
        "elder_alone",
        "working_alone",
        "elder_couple",
        "elder_with_adult_child",
        "other",
        "couple_with_children",
        "single_parent",
        "couple_with_children",
        "other",
        "elder_alone",
    ]
    assert [KINDS[kind] for kind in kind_of(ages)] == expected


def test_drawn_ages_give_the_kind_back():
    town = small_town(2000)
    u = np.random.default_rng(1).uniform(size=(70_000, DRAWS))  # any uniforms must do
    kinds = np.arange(len(u)) % len(KINDS)
    ages = ages_of(town.makeup.size_cdf, town.makeup.more_elders, kinds, u)
    np.testing.assert_array_equal(kind_of(ages), kinds)


def test_susceptibility_has_mean_one_zero_where_impossible_and_a_cap():
    town = small_town(2000)
    susceptible, ages = town.needs.susceptibility.reshape(-1, F), homes(town)
    error = susceptible.std(axis=0) / np.sqrt(town.households.rows)
    assert (np.abs(susceptible.mean(axis=0) - 1.0) < Z * error).all()
    assert susceptible.max() <= MAX_SUSCEPTIBILITY
    np.testing.assert_array_equal(susceptible[:, ELDERLY] > 0, (ages >= 65).any(axis=1))
    np.testing.assert_array_equal(
        susceptible[:, CHILD] > 0, ((ages >= 0) & (ages < 18)).any(axis=1)
    )
    np.testing.assert_allclose(town.eligible_share, (susceptible > 0).mean(axis=0), atol=0.002)


@pytest.mark.parametrize("rate", [0.22, 0.29, 0.42])
def test_means_over_typical_households_are_those_over_many(rate):
    """What is scaled to the town's margins: susceptibility, who can bear a need, stages of need, who
    is welcome at places, over 300,000 households drawn at random.
    """
    town = small_town(people=small_people(2000, ageing_rate=rate, persons_per_household=None))
    p, makeup, rng, count = town.p.town, town.makeup, np.random.default_rng(7), 300_000
    kinds = rng.choice(len(KINDS), count, p=makeup.composition[0])
    u = rng.uniform(size=(count, DRAWS))
    ages = ages_of(makeup.size_cdf, makeup.more_elders, kinds, u)
    raw = susceptibility(kinds, ages)
    scaled = np.minimum(raw * town.susceptibility_scale, MAX_SUSCEPTIBILITY)
    grid = np.linspace(0, 1, makeup.frailty.size)
    risk = scaled @ makeup.fields * np.interp(u[:, FRAILTY], grid, makeup.frailty)
    welcome = ((ages >= 65) | ((ages >= 0) & (ages < 18))).any(axis=1)
    compounded, manifest = p.init_compounded, p.init_manifest + p.init_compounded
    stages = zip(makeup.stages, (p.init_latent + manifest, manifest, compounded), strict=True)
    for drawn, mean in (
        *((scaled[:, field], 1.0) for field in range(F)),
        *((raw[:, field] > 0, town.eligible_share[field]) for field in range(F)),
        *((-np.expm1(-k * risk), share) for k, share in stages),
        (makeup.belongs * welcome, p.salon_uptake),
    ):
        assert abs(drawn.mean() - mean) <= Z * drawn.std() / np.sqrt(count) + 1e-12


def test_every_district_has_the_margins_of_the_town():
    """Kinds, persons and elders of each of 40 districts of 50 households to within a household or
    two, and of the whole town as closely as with one district.
    """
    districts = tuple(District(id=f"d{number}", share=1 / 40) for number in range(40))
    town = small_town(people=small_people(2000, districts=districts))
    share, size = town.makeup.composition[0], persons(town) / town.households.rows
    assert persons(town) == pytest.approx(town.scenario.people.population, rel=0.002)
    assert ageing(town) == pytest.approx(0.29, abs=0.002)
    np.testing.assert_allclose(composition(town) * town.households.rows, 2000 * share, atol=1.0)
    for number in range(40):
        here = town.households.district == number
        kinds = np.bincount(town.households.kind[here], minlength=len(KINDS))
        assert np.count_nonzero(here) == 50
        np.testing.assert_allclose(kinds, 50 * share, atol=1.5)
        assert np.count_nonzero(homes(town)[here] >= 0) == pytest.approx(50 * size, abs=8)


def test_frailty_has_mean_one_and_is_one_without_variance():
    for variance in (0.5, 2.0, 6.0):
        town = small_town(20, parameters={"town.frailty_var": variance})
        assert np.trapezoid(
            town.makeup.frailty, dx=1 / (town.makeup.frailty.size - 1)
        ) == pytest.approx(1.0, abs=1e-6)
        assert town.makeup.frailty.max() <= MAX_FRAILTY
    assert (small_town(200, parameters={"town.frailty_var": 0.0}).households.frailty == 1.0).all()


def test_stocks_of_need_meet_the_shares_of_the_start():
    town = small_town(20_000)
    p, stage = town.p.town, transitions.stage(town)
    for name, share in (
        ("latent", p.init_latent),
        ("manifest", p.init_manifest),
        ("compounded", p.init_compounded),
    ):
        error = np.sqrt(share * (1 - share) / town.households.rows)
        assert abs((stage == STAGES.index(name)).mean() - share) < Z * error, name
    assert (town.needs.case == NO_CASE).all()
    assert not town.needs.known.any()


def test_every_need_has_a_fitting_bearer_and_a_past():
    town = small_town(5000)
    cells = np.flatnonzero(town.needs.level)
    ages, field = homes(town)[cells // F], cells % F
    place = town.needs.bearer[cells]
    age = ages[np.arange(cells.size), place]
    assert (place >= 0).all() and (age >= 0).all()
    assert (age[field == ELDERLY] >= 65).all()
    assert (age[field == CHILD] < 18).all()
    assert (age[field != CHILD] >= 18).all()
    assert (town.needs.since[cells] <= town.week).all()
    assert np.unique(town.needs.since[cells]).size > 50


def test_new_needs_are_not_borne_by_those_away():
    town = small_town(500)
    town.residents.away[:] = True
    cells = np.arange(town.needs.level.size)
    assert (bearer(town, cells) == -1).all()
    town.residents.away[:] = False
    np.testing.assert_array_equal(bearer(town, cells) >= 0, town.needs.susceptibility > 0)


def test_a_field_that_is_off_stays_empty_and_moves_nothing_else():
    on, off = small_town(1000), small_town(1000, fields_off=("poverty",))
    level_on, level_off = on.needs.level.reshape(-1, F), off.needs.level.reshape(-1, F)
    assert not level_off[:, 3].any() and level_on[:, 3].any()
    np.testing.assert_array_equal(np.delete(level_on, 3, axis=1), np.delete(level_off, 3, axis=1))


@pytest.mark.parametrize(
    ("column", "parameter"),
    [
        ("acting", "helper_share"),
        ("interested", "interested_share"),
        ("sees_no_need", "low_perceived_need"),
        ("belongs", "salon_uptake"),
    ],
)
def test_shares_of_the_start(column, parameter):
    town = small_town(20_000)
    ladder = town.residents.ladder.reshape(-1, MEMBERS)
    ladder[:][town.residents.commissioner.reshape(-1, MEMBERS)] = 0
    found = {"acting": (ladder == ACTING).any(axis=1), "interested": (ladder == 1).any(axis=1)}
    found = found[column] if column in found else getattr(town.households, column)
    share = getattr(town.p.town, parameter)
    slack = (
        np.count_nonzero(town.residents.commissioner) / town.households.rows
    )  # commissioners had been drawn as others
    assert abs(found.mean() - share) < Z * np.sqrt(share * (1 - share) / found.size) + slack


def test_every_beat_but_the_unfilled_has_a_commissioner_from_the_district():
    town = small_town(20_000)
    posts = town.households.rows * town.p.town.minsei_per_1000hh / 1000
    seated = np.unique(town.beat[town.beat >= 0])
    assert seated.size == pytest.approx(posts * town.p.town.minsei_fill, abs=2)
    np.testing.assert_array_equal(np.flatnonzero(town.residents.commissioner), seated)
    assert (town.residents.ladder[seated] == ACTING).all()
    served = np.flatnonzero(town.beat >= 0)
    np.testing.assert_array_equal(
        town.households.district[town.beat[served] // MEMBERS], town.households.district[served]
    )


def test_ties_have_the_declared_mean_and_share_without():
    town = small_town(5000)
    p, table = town.p.town, town.ties
    neighbours, friends = (
        degrees(town, table.live & (table.kind == 0)),
        degrees(town, table.live & (table.kind == 1)),
    )
    assert neighbours.mean() == pytest.approx(p.mean_neigh_ties, rel=0.02)
    assert (neighbours == 0).mean() == pytest.approx(p.share_no_neigh_ties, abs=1e-9)
    assert friends.mean() == pytest.approx(p.mean_strong_ties, rel=0.02)
    assert np.count_nonzero(~table.live) / np.count_nonzero(table.live) == pytest.approx(
        p.dormant_ties, rel=0.02
    )
    assert 0.02 < (town.households.ties == 0).mean() < p.share_no_neigh_ties
    assert degrees(town, ~table.live).min() >= 1
    assert np.corrcoef(neighbours, friends)[0, 1] > 0.3


def test_ties_are_pairs_in_order_held_by_adults_and_found_from_both_ends():
    town = small_town(3000)
    table, count = town.ties, town.households.rows
    assert (table.a < table.b).all()
    np.testing.assert_array_equal(table.id, (table.a.astype(np.int64) << 32) + table.b)
    assert (np.diff(table.id) > 0).all()
    near = table.live & (table.kind == 0)
    np.testing.assert_array_equal(
        town.households.district[table.a[near]], town.households.district[table.b[near]]
    )
    assert (town.residents.age[table.a.astype(int) * MEMBERS + table.a_place] >= 18).all()
    assert (town.residents.age[table.b.astype(int) * MEMBERS + table.b_place] >= 18).all()
    edges, owner = transitions.edges_of(town, np.arange(count))
    assert ((table.a[edges] == owner) | (table.b[edges] == owner)).all()
    np.testing.assert_array_equal(np.bincount(edges, minlength=table.rows), 2)
    assert_counts_true(town)


def test_neighbours_cluster():
    town = small_town(1500)
    linked = np.zeros((town.households.rows,) * 2)
    near = town.ties.live & (town.ties.kind == 0)
    linked[town.ties.a[near], town.ties.b[near]] = linked[town.ties.b[near], town.ties.a[near]] = 1
    degree = linked.sum(axis=0)
    clustering = np.trace(linked @ linked @ linked) / (degree * (degree - 1)).sum()
    assert clustering > 10 * degree.mean() / town.households.rows


@pytest.mark.parametrize("households", [1, 2, 5, 30])
def test_small_towns_work(households):
    one = (District(id="all", share=1.0),)
    given = {"elder_alone": 0.3, "couple_with_children": 0.3, "other": 0.4}
    changes = {"composition": given, "persons_per_household": None} if households < 30 else {}
    town = small_town(people=small_people(households, districts=one, ageing_rate=0.2, **changes))
    live(town, 160)
    assert_counts_true(town)


def test_one_household_has_no_tie():
    one = (District(id="all", share=1.0),)
    town = small_town(
        people=small_people(
            1,
            districts=one,
            composition={"other": 1.0},
            population=2,
            ageing_rate=0.02,
            persons_per_household=None,
        )
    )
    assert town.ties.rows == 0
    live(town, 104)


def test_an_impossible_town_is_refused():
    young = {"couple_with_children": 0.5, "working_alone": 0.5}
    with pytest.raises(ValueError, match=r"people small.ageing_rate"):
        small_town(people=small_people(composition=young, ageing_rate=0.5))
    with pytest.raises(ValueError, match=r"people small.persons_per_household"):
        small_town(
            people=small_people(
                persons_per_household=3.9, composition={"elder_alone": 0.4, "working_alone": 0.6}
            )
        )
    with pytest.raises(ValueError, match=r"households name the kind 'elder'; allowed: elder_alone"):
        small_town(people=small_people(households={"east": {"elder": 3}}))
    with pytest.raises(ValueError, match=r"people small.population"):
        small_town(people=small_people(households={"east": {"elder_alone": 300}}))


def test_counts_stay_true_over_three_years():
    town = small_town(2000)
    rng = np.random.default_rng(3)
    for town.week in range(-156, 0):
        cells = np.flatnonzero((town.needs.level > 0) & (town.needs.case == NO_CASE))
        transitions.set_case(town, rng.choice(cells, 3, replace=False), OPEN)
        gone = rng.choice(town.residents.rows, 5, replace=False)
        gone = gone[town.residents.age[gone] >= 0]
        transitions.set_rung(town, gone, 0)
        town.residents.away[gone] = True
        watched = town.households.ties.argsort()[-200:]
        edges, owner = transitions.edges_of(town, watched)
        town.households.watcher[watched[owner]] = transitions.holder(
            town, edges, town.ties.a[edges] != watched[owner]
        )
        population(town)
        holds = town.households.watcher >= 0
        assert (town.residents.age[town.households.watcher[holds]] >= 0).all()
    assert_counts_true(town)
    cells = np.flatnonzero(town.needs.level)
    assert (homes(town)[cells // F, town.needs.bearer[cells]] >= 0).all()
    assert (homes(town) >= 18).any(axis=1).all()
    np.testing.assert_array_equal(kind_of(homes(town)), town.households.kind)


def test_residents_are_conserved():
    town = small_town(3000)
    before = persons(town)
    live(town, 260)
    flows = town.flows
    assert (
        persons(town)
        == before + flows["moved_in"] - flows["moved_out"] - flows["deaths"] - flows["grown_up"]
    )


@pytest.mark.parametrize(("rate", "points"), [(0.22, 0.04), (0.29, 0.03), (0.42, 0.05)])
def test_the_town_stays_itself_over_thirteen_years(rate, points):
    """Composition strays further in young and old towns: ageing and widowhood outrun what turnover
    replaces.
    """
    town = small_town(5000, people=small_people(5000, ageing_rate=rate, persons_per_household=None))
    start, kinds, tied = ageing(town), composition(town), town.households.ties.mean()
    live(town, 13 * 52)
    assert abs(ageing(town) - start) < 0.04
    assert np.abs(composition(town) - kinds).max() < points
    assert town.households.ties.mean() == pytest.approx(tied, rel=0.03)
    assert abs((town.households.ties == 0).mean() - 0.07) < 0.03


def test_turnover_and_deaths_come_at_their_rates():
    town = small_town(10_000, switched_off=("ageing",))
    live(town, 104, start=-156)
    moves = town.households.occupant.sum()
    expected = town.households.rows * 104 * -np.expm1(-town.p.population.turnover / 52)
    assert abs(moves - expected) < Z * np.sqrt(expected)


def test_switches_turn_parts_off():
    still = live(small_town(500, switched_off=("ageing", "moves")), 60)
    assert not any(counter.any() for counter in still.flows.values())
    ages = small_town(500, switched_off=("ageing",)).residents.age
    assert live(small_town(500, switched_off=("moves",)), 60).flows["deaths"] > 0
    np.testing.assert_array_equal(ages, still.residents.age)


def test_newcomers_are_the_same_in_arms_that_differ_otherwise():
    left, right = small_town(2000, parameters={"town.minsei_fill": 0.8}), small_town(2000)
    rng = np.random.default_rng(5)
    for week in range(-156, 104):
        left.week = right.week = week
        population(left)
        population(right)
        slots = rng.choice(right.residents.rows, 20)
        right.residents.away[slots] = True  # crises, in one arm only
        right.households.empty[slots[:3] // MEMBERS] = True
        right.households.trust[slots // MEMBERS] = 0.9
    np.testing.assert_array_equal(left.residents.age, right.residents.age)
    for name in ("kind", "occupant", "frailty"):
        np.testing.assert_array_equal(
            getattr(left.households, name), getattr(right.households, name), err_msg=name
        )
    np.testing.assert_array_equal(left.ties.rooted, right.ties.rooted)
    np.testing.assert_array_equal(left.ties.a_place, right.ties.a_place)


def test_occupants_do_not_depend_on_the_week_they_come():
    early, late = small_town(300), small_town(300)
    rows, kinds = np.arange(0, 300, 7), np.arange(43) % len(KINDS)
    for town, week in ((early, -100), (late, 300)):
        town.week = week
        transitions.set_tie(town, np.arange(town.ties.rows), False)
        transitions.set_level(town, np.arange(town.needs.level.size), 0)
        town.households.occupant[rows] = 4
        settle(town, rows, kinds)
    for name in (
        "kind",
        "frailty",
        "trust",
        "readiness",
        "sees_no_need",
        "belongs",
        "active",
        "severe",
    ):
        np.testing.assert_array_equal(
            getattr(early.households, name), getattr(late.households, name), err_msg=name
        )
    np.testing.assert_array_equal(early.residents.age, late.residents.age)
    np.testing.assert_array_equal(early.needs.level, late.needs.level)
    since = np.flatnonzero(early.needs.level)
    np.testing.assert_array_equal(early.needs.since[since] + 400, late.needs.since[since])


def test_empty_rows_fill_only_by_turnover():
    town = small_town(2000)
    town.households.empty[:] = town.residents.away[:] = True
    occupant = town.households.occupant.copy()
    live(town, 8, start=1)
    np.testing.assert_array_equal(town.households.empty, town.households.occupant == occupant)
    assert town.flows["moved_in"] > 0
    assert town.flows["moved_out"] == town.flows["deaths"] == 0


def test_trends_act_from_week_zero_on():
    fading = Trend(ties=-0.05, alone=0.05)
    steady, drifting = small_town(3000), small_town(3000, trend=fading)
    live(steady, 156)
    live(drifting, 156)
    np.testing.assert_array_equal(steady.ties.live, drifting.ties.live)
    np.testing.assert_array_equal(steady.residents.age, drifting.residents.age)
    live(steady, 520, start=0)
    live(drifting, 520, start=0)
    assert drifting.households.ties.mean() == pytest.approx(
        steady.households.ties.mean() * 0.95**10, rel=0.06
    )
    alone = [(ELDER_ALONE, WORKING_ALONE)]
    assert composition(drifting)[alone].sum() > composition(steady)[alone].sum() + 0.02
    assert_counts_true(drifting)


def test_written_columns_are_declared():
    town = small_town(1000)
    before = {
        (table, name): column.copy()
        for table, of in (
            ("households", town.households),
            ("needs", town.needs),
            ("residents", town.residents),
            ("ties", town.ties),
        )
        for name, column in of.columns()
    }
    live(town, 60)
    for (table, name), column in before.items():
        if not np.array_equal(column, getattr(getattr(town, table), name)):
            assert f"{table}.{name}" in WRITES, f"{table}.{name} changed"


def test_every_parameter_of_people_is_used_within_its_range():
    for name, parameter in declared().items():
        if name.startswith(("town.", "population.")):
            for value in (parameter.low, parameter.high):
                live(small_town(60, parameters={name: value}), 53)
