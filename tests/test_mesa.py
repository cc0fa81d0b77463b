"""Mesa's face: a Population does what Mesa's own AgentSet does, and Mesa's tools work on a Town."""

from __future__ import annotations

import copy
import random
import sys
import warnings
from operator import attrgetter

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from sim.model.agents import Agency, Household, Population, Resident, Worker
from tests.tiny import tiny_town

pytestmark = pytest.mark.filterwarnings("error")
ATTRIBUTES = ("row", "unique_id", "age", "ladder", "worry", "knows", "commissioner", "role")


class Plain(mesa.Agent):
    """An ordinary registered Mesa agent with the attributes of a resident."""

    def __init__(self, model, **attributes):
        super().__init__(model)
        self.__dict__.update(attributes)

    def __repr__(self):
        return f"<Resident {self.unique_id}>"

    def older(self, years, twice=False):
        return self.age + years * (1 + twice)

    def age_name(self):
        self.model.log.append((self.row, self.age))


class Person(Resident):
    """A resident with the same methods."""

    __repr__, older, age_name = Resident.__repr__, Plain.older, Plain.age_name


@pytest.fixture
def pair():
    """Mesa's AgentSet of ordinary agents, and the Population whose rows they mirror, with equal
    luck.
    """
    town = tiny_town()
    population = Population(town, Person, town.residents.rows)
    model = mesa.Model(rng=1)
    model.kept = [
        Plain(model, **{name: getattr(view, name) for name in ATTRIBUTES}) for view in population
    ]
    model.log, town.log = [], []
    agents = AgentSet(model.kept, random.Random(7))
    agents.model = model  # which alone keeps the agents of a weak set alive
    population.random = random.Random(7)
    return agents, population


def plain(result):
    """A result in terms both sides share: agents as rows, sets as lists of rows, groups as pairs in
    order.
    """
    if isinstance(result, mesa.Agent):
        return ("agent", result.row)
    if isinstance(result, AgentSet | list | tuple | range):
        return [plain(each) for each in result]
    if hasattr(result, "groups"):
        return [(name, type(group) is list, plain(group)) for name, group in result.groups.items()]
    if isinstance(result, dict):
        return [(name, plain(value)) for name, value in result.items()]
    return result


def outcome(call, agents):
    """What a call gives, what it leaves in the set and in the luck, or the error it raises."""
    model = first(agents).model
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", PendingDeprecationWarning
            )  # of AgentSet[...] in newer Mesa
            result = plain(call(agents))
            return type(result), result, plain(agents), model.log, agents.random.random()
    except Exception as error:
        return type(error)


def first(agents):
    return next(iter(agents))


def in_place(agents):
    """Every operator that changes the set itself."""
    listed = list(agents)
    agents -= agents.select(at_most=2)
    agents |= listed[1:2]
    agents &= listed[1:9]
    agents ^= listed[7:]
    return agents


CALLS = {
    "len": len,
    "iter": list,
    "bool": bool,
    "contains": lambda a: first(a) in a,
    "contains other": lambda a: "x" in a,
    "getitem": lambda a: a[3],
    "getitem end": lambda a: a[-1],
    "slice": lambda a: a[2:8:2],
    "getitem beyond": lambda a: a[99],
    "reversed": lambda a: list(reversed(a)),
    "index": lambda a: a.index(list(a)[4]),
    "index none": lambda a: a.index("x"),
    "count": lambda a: a.count(list(a)[4]),
    "random": lambda a: a.random.random(),
    "select none": lambda a: a.select(),
    "select": lambda a: a.select(lambda x: x.age > 30),
    "select nobody": lambda a: a.select(lambda x: False, at_most=3).select(at_most=2),
    "select number": lambda a: a.select(at_most=4),
    "select share": lambda a: a.select(at_most=0.5),
    "select one": lambda a: a.select(at_most=1),
    "select all": lambda a: a.select(at_most=1.0),
    "select zero": lambda a: a.select(at_most=0),
    "select float": lambda a: a.select(at_most=2.5),
    "select first old": lambda a: a.select(lambda x: x.age > 30, at_most=3),
    "select share of old": lambda a: a.select(lambda x: x.age > 30, at_most=0.4),
    "select type": lambda a: a.select(agent_type=mesa.Agent),
    "select no type": lambda a: a.select(agent_type=Household),
    "select inplace": lambda a: a.select(lambda x: x.age > 30, inplace=True) is a,
    "select number inplace": lambda a: a.select(at_most=4, inplace=True) is a,
    "select nothing inplace": lambda a: a.select(inplace=True) is a,
    "select copies": lambda a: a.select() is a,
    "shuffle": lambda a: a.shuffle(),
    "shuffle inplace": lambda a: a.shuffle(inplace=True) is a,
    "sort": lambda a: a.sort("age"),
    "sort up": lambda a: a.sort("age", ascending=True),
    "sort ties": lambda a: a.sort("ladder"),
    "sort ties up": lambda a: a.sort("ladder", ascending=True),
    "sort key": lambda a: a.sort(lambda x: -x.age),
    "sort word": lambda a: a.sort("role"),
    "sort dotted": lambda a: a.sort("model.steps"),
    "sort missing": lambda a: a.sort("hope"),
    "sort inplace": lambda a: a.sort("age", inplace=True) is a,
    "do": lambda a: a.do(lambda x, n: x.model.log.append(x.age + n), 3) is a,
    "do name": lambda a: a.do("age_name") is a,
    "do missing": lambda a: a.do("hope"),
    "shuffle_do": lambda a: a.shuffle_do("age_name") is a,
    "shuffle_do function": lambda a: (
        a.shuffle_do(lambda x, n=0: x.model.log.append(x.row + n), n=2) is a
    ),
    "map": lambda a: a.map(lambda x, n: x.age + n, 3),
    "map name": lambda a: a.map("older", 3, twice=True),
    "agg": lambda a: a.agg("age", sum),
    "agg list": lambda a: a.agg("age", [min, max, len]),
    "agg no functions": lambda a: a.agg("age", []),
    "agg numpy": lambda a: a.agg("age", np.sum),
    "agg numpies": lambda a: a.agg("worry", [np.mean, np.max, np.median]),
    "agg bool": lambda a: a.agg("commissioner", np.sum),
    "agg own": lambda a: a.agg("age", lambda v: (type(v), type(v[0]), sum(v))),
    "agg mixed": lambda a: a.agg("worry", [np.mean, max]),
    "agg missing": lambda a: a.agg("hope", sum),
    "get": lambda a: a.get("age"),
    "get word": lambda a: a.get("role"),
    "get type": lambda a: {type(v) for v in a.get("age")},
    "get several": lambda a: a.get(["age", "ladder"]),
    "get no names": lambda a: a.get([]),
    "get missing": lambda a: a.get("hope"),
    "get default": lambda a: a.get("hope", handle_missing="default", default_value=7),
    "get none": lambda a: a.get("hope", "default"),
    "get mixed": lambda a: a.get(["age", "hope"], "default", -1),
    "get wrong": lambda a: a.get("age", handle_missing="skip"),
    "get method": lambda a: len(a.get("older")),
    "set": lambda a: a.set("worry", 0.25) is a and a.get("worry"),
    "set then sum": lambda a: a.set("knows", 1.0).agg("knows", sum),
    "groupby": lambda a: a.groupby("ladder"),
    "groupby function": lambda a: a.groupby(lambda x: x.age // 30),
    "groupby list": lambda a: a.groupby("role", result_type="list"),
    "groupby missing": lambda a: a.groupby("hope"),
    "groups count": lambda a: a.groupby("role").count(),
    "groups agg": lambda a: a.groupby("role").agg("age", max),
    "groups agg list": lambda a: a.groupby("role", result_type="list").agg("age", np.mean),
    "groups map": lambda a: a.groupby("role").map("get", "age"),
    "groups map function": lambda a: a.groupby("role").map(len),
    "groups do": lambda a: a.groupby("role").do("do", "age_name"),
    "groups iter": lambda a: list(a.groupby("role")),
    "groups len": lambda a: len(a.groupby("role")),
    "add": lambda a: a.add(first(a)),
    "discard": lambda a: a.discard(a[2]),
    "discard twice": lambda a: [a.discard(x) for x in [a[2]] * 2],
    "remove": lambda a: a.remove(a[2]),
    "remove twice": lambda a: [a.remove(x) for x in [a[2]] * 2],
    "remove and add": lambda a: [f(x) for x in [first(a)] for f in (a.remove, a.add)],
    "pop": lambda a: a.pop(),
    "clear": lambda a: [x.row for keep in [a.select(at_most=2)] for x in keep if not a.clear()],
    "and": lambda a: a.select(at_most=5) & a[2:9],
    "or": lambda a: a.select(at_most=3) | a[2:6],
    "sub": lambda a: a - a[2:6],
    "xor": lambda a: a.select(at_most=4) ^ a[2:6],
    "rsub": lambda a: a[2:6] - a.select(at_most=4),
    "equal": lambda a: (a == a.select(), a != a.shuffle(), a == a.select(at_most=3)),
    "order": lambda a: (a.select(at_most=3) < a, a <= a, a > a, a.select(at_most=3) >= a),
    "isdisjoint": lambda a: (a.isdisjoint(a[2:3]), a.select(at_most=2).isdisjoint(a[2:6])),
    "in place": in_place,
    "copy": lambda a: [(b := copy.copy(a)) is a, b.discard(a[0]), list(b)],
    "hash": hash,
    "iterated while it changes": lambda a: [x.row for x in list(a) if a.discard(x) is None],
    "chain": lambda a: (
        a.select(lambda x: x.age < 80).sort("age").shuffle().select(at_most=0.5).get("age")
    ),
}


REFUSED = {
    "getitem beyond",
    "index none",
    "sort missing",
    "do missing",
    "agg missing",
    "get missing",
    "get wrong",
    "groupby missing",
    "remove twice",
    "hash",
}


@pytest.mark.parametrize("name", CALLS)
def test_population_does_what_mesas_agentset_does(pair, name):
    agents, population = pair
    expected = outcome(CALLS[name], agents)
    assert outcome(CALLS[name], population) == expected
    assert isinstance(expected, type) == (name in REFUSED)


def test_no_public_method_of_mesa_is_left_over():
    newer = getattr(
        sys.modules[AgentSet.__module__], "_HardKeyAgentSet", AgentSet
    )  # what Model.agents is from Mesa 3.4 on
    for name in {name for name in (*dir(AgentSet), *dir(newer)) if not name.startswith("_")}:
        owner = next((kind for kind in Population.__mro__ if name in vars(kind)), None)
        assert owner is Population or owner.__module__ in ("collections.abc", "_collections_abc"), (
            name
        )


def test_mesa_version_is_told(record_property, capsys):
    ran_on = f"Mesa {mesa.__version__} on Python {sys.version.split()[0]}"
    record_property("mesa", ran_on)
    with capsys.disabled():
        print(f"\ntest_mesa ran on {ran_on}")


def test_a_mask_selects_and_a_wrong_one_is_refused():
    residents = tiny_town().residents
    ages = residents.array("age")
    assert residents.select(ages > 30) == residents.select(lambda resident: resident.age > 30)
    assert residents.select(ages > 30, at_most=2).get("age") == [82, 70]
    for wrong in (np.array([0, 1]), ages > 30 * np.ones((2, 1)), (ages > 30)[1:], ages):
        with pytest.raises(TypeError, match="mask"):
            residents.select(wrong)


def test_shuffles_are_those_of_the_models_luck():
    one, two, other = tiny_town(3).residents, tiny_town(3).residents, tiny_town(4).residents
    orders = [population.shuffle().get("unique_id") for population in (one, two, other)]
    assert orders[0] == orders[1] != orders[2]
    assert one.random is one.model.random


def test_agents_are_one_set_of_four_kinds():
    town = tiny_town()
    assert town.agent_types == list(town.agents_by_type) == [Resident, Household, Worker, Agency]
    assert (
        len(town.agents) == 11 + 6 + 2 + 2 == len(list(town.agents)) == len(town.agents.shuffle())
    )
    assert (
        town.agents.select(agent_type=Worker) == town.workers and Household(town, 3) in town.agents
    )
    assert town.agents.get("age", "default")[9:13] == [4, 28, None, None]
    assert town.agents.groupby(type).count() == {
        kind: len(population) for kind, population in town.agents_by_type.items()
    }
    assert (town.residents | town.households) == town.agents - town.workers - town.agencies
    assert town.agents.sort("unique_id", ascending=True)[0] == Household(town, 0)
    assert len(town.agents.do("step").copy()) == 21
    with pytest.raises(AttributeError):
        town.agents = []


def test_two_towns_do_not_mix():
    town, other = tiny_town(), tiny_town()
    town.households.set("trust", 0.875)
    assert other.households.get("trust") == [0.5] * 6
    assert Household(other, 0) not in town.households and town.households != other.households
    for wrong in (Household(other, 0), Worker(town, 0), "resident", mesa.Agent(mesa.Model(rng=1))):
        with pytest.raises(TypeError, match="holds rows of one town"):
            town.households.add(wrong)
    with pytest.raises(TypeError):
        town.households | other.households


def test_a_set_stays_while_people_come_and_go():
    town = tiny_town()
    households = town.households
    left = [households.discard(household) for household in households]
    assert len(left) == 6 and len(households) == 0 and len(town.households) == 6
    before = town.residents
    town.state.residents.away[0] = True
    assert len(before) == 11 and len(town.residents) == 10


def test_sort_by_a_path_through_views():
    town = tiny_town()
    orders = [
        town.residents.sort(key).rows.tolist()
        for key in ("household.frailty", attrgetter("household.frailty"))
    ]
    assert orders[0] == orders[1]
