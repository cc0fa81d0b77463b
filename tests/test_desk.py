"""The desk: two towns under one clock, and a server for this machine alone."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import re
import signal
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.declared.links import LINK_IDS
from sim.declared.payers import PAYERS
from sim.desk import carried, controls, frames, loops
from sim.desk.actions import act
from sim.desk.lines import USUAL
from sim.desk.meter import Meter
from sim.desk.recording import Recording, record_run
from sim.desk.static_files import STATIC
from sim.desk.town_process import TownEnded, TownHere, TownProcess
from sim.desk.twin import Twin
from sim.desk.two_lives import two_lives
from sim.economics.costing import read_prices
from sim.economics.money import by_payer, money
from sim.economics.quantities import charged, quantities
from sim.model.changes import with_lever
from sim.model.course import Course
from sim.scenario.arms import read_comparison
from sim.scenario.load import load
from sim.study.compare import PRICES
from sim.study.life import life_line, sentences
from sim.study.loop_ledger.tables import MEASURES, LoopLedger
from sim.words import words
from sim.words.errors import ScenarioError
from tests.towns import small_scenario

HOMES, YEARS = 300, 3
MORE = {"fte": 4.0}
BOOK = read_prices(PRICES)
SCENARIO = small_scenario(HOMES, run_in_weeks=52, years=YEARS)


@asynccontextmanager
async def opened(place=TownHere):
    """Two towns that end with the test."""
    twin = Twin(SCENARIO, SCENARIO, 1, place)
    try:
        await twin.open()
        yield twin
    finally:
        await twin.close()


def rows(twin: Twin, name: str) -> np.ndarray:
    return np.array(twin.sides[name].rows)


def same(one, other) -> bool:
    return np.array_equal(one, other, equal_nan=True)


@pytest.fixture(scope="module")
def lived() -> dict:
    """What both towns have lived through: a lever of B in week 10 and one in week 60, back to the
    first year and on again, a lever taken back, and a fork."""

    async def live():
        found = {}
        async with opened() as twin:
            await twin.step(10)
            await twin.set_lever("caseworker", dict(MORE))
            await twin.step(50)
            await twin.set_lever("outreach_worker", {"fte": 2.0, "ramp_months": 6})
            await twin.step(60)
            found["first"] = {name: rows(twin, name) for name in "ab"}
            found["view"] = twin.sides["b"].view
            found["money"] = Meter(BOOK).years(twin)
            found["life"] = await two_lives(twin, "ja")
            found["frame"] = frames.frame_of(twin, 0, "ja")
            await twin.go_to(52)
            found["back"] = {name: rows(twin, name) for name in "ab"}
            found["cuts"] = list(twin.cuts)
            await twin.go_to(120)
            found["again"] = {name: rows(twin, name) for name in "ab"}
            found["view again"] = twin.sides["b"].view
            await twin.undo()
            found["undone"] = {name: rows(twin, name) for name in "ab"}
            await twin.undo()
            found["nothing"] = {name: rows(twin, name) for name in "ab"}
            await twin.go_to(30)
            await twin.set_lever("caseworker", {"fte": 1.0})
            await twin.go_to(0)
            await twin.set_lever("caseworker", {"fte": 2.0})
            found["forked"] = [(one.change.week, one.settings) for one in twin.planned]
        return found

    return asyncio.run(live())


def alone(*changes, weeks=120) -> np.ndarray:
    """The weekly table of the same town without any page."""
    town = Course(SCENARIO, 1)
    for week, lever, settings in changes:
        town.run(until=week)
        town.set_lever(lever, **settings)
    return town.run(until=weeks).to_numpy(dtype=float)


CASEWORKERS = (10, "caseworker", MORE)
VISITORS = (60, "outreach_worker", {"fte": 2.0, "ramp_months": 6})


def test_town_a_is_what_it_is_without_a_page_and_b_what_its_levers_make_of_it(lived):
    assert same(lived["first"]["a"], alone())
    assert same(lived["first"]["b"], alone(CASEWORKERS, VISITORS))
    assert same(lived["first"]["a"][:10], lived["first"]["b"][:10])
    assert not same(lived["first"]["a"], lived["first"]["b"])


def test_the_years_gone_back_over_are_lived_as_the_first_time(lived):
    for name in "ab":
        assert same(lived["back"][name], lived["first"][name][:52])
        assert same(lived["again"][name], lived["first"][name])
    assert lived["cuts"] == [52] and lived["view again"] == lived["view"]


def test_a_change_taken_back_has_never_been(lived):
    assert same(lived["undone"]["b"], alone(CASEWORKERS))
    assert same(lived["nothing"]["b"], lived["first"]["a"])


def test_going_on_from_an_earlier_week_forgets_what_came_later(lived):
    assert lived["forked"] == [(0, {"fte": 2.0})]


def test_a_frame_holds_what_the_tables_say(lived):
    frame, table = lived["frame"], Course(SCENARIO, 1).run(until=120)
    load_of_a = [None if np.isnan(one) else round(one, 3) for one in table["load"]]
    assert frame["towns"]["a"]["lines"][USUAL.index("load")] == load_of_a
    last = table.iloc[-1]
    waiting = last["door_households"] + last["waiting_households"]
    assert frame["towns"]["a"]["lines"][USUAL.index("waiting")][-1] == waiting
    assert sum(door for door, _list in frame["towns"]["a"]["doors"]) == last["door_households"]
    assert sum(map(sum, frame["towns"]["a"]["iceberg"])) == sum(
        last[f"households_{one}"] for one in ("none", "latent", "manifest", "compounded")
    )
    assert frame["differ"]["lighter"] or frame["differ"]["heavier"]
    assert frame["values"]["caseworker.fte"] == 4.0


def test_a_lever_that_no_file_may_hold_is_refused_and_moves_nothing():
    async def tried():
        async with opened() as twin:
            await twin.step(8)
            await twin.set_lever("caseworker", dict(MORE))
            await twin.go_to(4)
            before = list(twin.planned), twin.sides["b"].scenario
            for wrong in ({"fte": -1.0}, {"ftee": 1.0}):
                with pytest.raises(ScenarioError):
                    await twin.set_lever("caseworker", wrong)
            with pytest.raises(ScenarioError):
                await twin.add_shock("disaster", {"weeks": -1})
            return before, (twin.planned, twin.sides["b"].scenario)

    before, after = asyncio.run(tried())
    assert [one.change.week for one in before[0]] == [8] and after == before


def test_a_change_taken_back_twice_at_once_is_taken_back_once():
    async def tried():
        async with opened() as twin:
            await twin.set_lever("caseworker", dict(MORE))
            async with twin.moving:
                both = [asyncio.create_task(twin.undo()) for _ in range(2)]
                await asyncio.sleep(0)
            await asyncio.gather(*both)
            return twin.planned

    assert asyncio.run(tried()) == []


def test_a_town_whose_process_ends_is_a_message_and_can_be_lived_anew():
    async def ended():
        async with opened(TownProcess) as twin:
            await twin.step(5)
            await twin.set_lever("caseworker", dict(MORE))
            await twin.step(5)
            os.kill(twin.sides["b"].process.pid, signal.SIGKILL)
            await twin.step(5)
            said, other = twin.sides["b"].ended, len(twin.sides["a"].rows)
            await twin.revive()
            return said, other, twin.sides["b"].ended, rows(twin, "b")

    said, other, after, b = asyncio.run(ended())
    assert "ended" in said and other == 15 and after == ""
    assert same(b, alone((5, "caseworker", MORE), weeks=15))


class Mortal(TownHere):
    """A town that ends as soon as it is asked for the events of a household, where `ends` is set."""

    ends = False

    async def ask(self, what, *given):
        if what != "events_of":
            return await super().ask(what, *given)
        if self.ends:
            raise TownEnded("ended")
        await asyncio.sleep(0.05)
        self.answered = True
        return await super().ask(what, *given)


def test_a_town_that_ends_while_two_lives_are_told_is_noted_when_the_other_has_answered():
    async def tried():
        async with opened(Mortal) as twin:
            await twin.set_lever("outreach_worker", {"fte": 4.0})
            await twin.step(52)
            twin.sides["b"].process.ends = True
            with pytest.raises(ScenarioError, match="anew first"):
                await two_lives(twin, "ja")
            return twin.sides["b"].ended, twin.sides["a"].process.answered

    assert asyncio.run(tried()) == ("ended", True)


def test_each_of_many_who_ask_a_town_at_once_gets_the_own_answer():
    async def tried():
        async with opened(TownProcess) as twin:
            town = twin.sides["a"].process
            asked = ["columns", "homes"] * 30
            return asked, await asyncio.gather(*map(town.ask, asked))

    asked, answers = asyncio.run(tried())
    kinds = {"columns": str, "homes": int}
    assert all(
        isinstance(answer[0], kinds[what]) for what, answer in zip(asked, answers, strict=True)
    )


def test_another_plan_in_b_begins_both_towns_anew():
    other = with_lever(SCENARIO, "caseworker", dict(MORE), 0)[0]

    async def shown():
        async with opened() as twin:
            twin.plans = {"more": other}
            await act(twin, "step", {"weeks": 6})
            await act(twin, "lever", {"id": "csw.fte", "value": 1.0})
            with pytest.raises(ScenarioError):
                await act(twin, "plan", {"id": "mroe"})
            await act(twin, "plan", {"id": "more"})
            assert (twin.week, twin.planned, rows(twin, "b").size) == (0, [], 0)
            await act(twin, "step", {"weeks": 6})
            return {name: rows(twin, name) for name in "ab"}

    found = asyncio.run(shown())
    assert same(found["a"], alone(weeks=6))
    assert same(found["b"], alone((0, "caseworker", MORE), weeks=6))


def test_what_no_button_asks_is_refused():
    async def tried():
        async with opened() as twin:
            for what, given in (
                ("own_code", {}),
                ("lever", {"id": "workforce.rotation_years", "value": 1}),
                ("lever", {"id": "caseworker.fte", "value": 1e9}),
                ("shock", {"kind": "war"}),
                ("lesson", {"id": "../1"}),
            ):
                with pytest.raises(ScenarioError):
                    await act(twin, what, given)
            return twin.planned, twin.lesson

    assert asyncio.run(tried()) == ([], "")


def test_prices_of_controls_are_those_of_the_book():
    scenario = load("scenarios/kaga.toml")
    book = BOOK
    found = {one["id"]: one for one in controls.shown_controls(scenario, book, "en")}
    assert found["caseworker.fte"]["yen"] == pytest.approx(book.item("post_contract").price)
    assert found["csw.fte"]["yen"] == pytest.approx(book.item("post_outsourced").price)
    assert found["csw.fte"]["standing"] > 1  # so that the price is not that of all posts
    assert found["intake.door"]["yen"] == 0


def packed(page: str) -> dict:
    """What a recorded page plays."""
    data = re.search(r'id="data">([^<]+)<', page)
    return json.loads(gzip.decompress(base64.b64decode(data[1])))


def test_a_recorded_page_plays_what_was_lived_and_asks_for_nothing():
    short = SCENARIO.model_copy(update={"years": 1})
    page = asyncio.run(record_run(Twin(short, short, 1, TownHere), BOOK, "ja"))
    played = packed(page)
    table = Course(short, 1).run()
    compounded = played["lines"]["a"][USUAL.index("compounded")]
    assert compounded == table["households_compounded"].tolist()
    weeks = [one["week"] for one in played["pictures"]]
    assert weeks == list(range(4, 53, 4))
    assert played["money"]["a"] and "default-src 'none'" in page
    assert not re.search(r"https?://|^import |^export ", page, flags=re.MULTILINE)


def test_pictures_of_weeks_lived_anew_are_replaced():
    async def lived_anew():
        async with opened() as twin:
            recording = Recording(BOOK)
            twin.keep = recording.keep
            await twin.step(52)
            await twin.step(8)
            await twin.go_to(20)
            back = packed(recording.page(twin, "en"))
            await twin.step(4)
            again = list(recording.pictures)
            await twin.set_lever("outreach_worker", {"fte": 4.0})
            await twin.step(40)
            other = dict(recording.pictures)
            await twin.undo()
            return [one["week"] for one in back["pictures"]], again, other, recording.pictures

    back, again, other, undone = asyncio.run(lived_anew())
    assert back == list(range(4, 21, 4)) and again == list(range(4, 25, 4))
    assert list(undone) == list(other) == list(range(4, 65, 4))
    assert [week for week in other if differ(other[week])]
    assert not [week for week in undone if differ(undone[week])]


def differ(picture: dict) -> list[int]:
    """The households of a picture whose stage differs between the towns."""
    return picture["differ"]["lighter"] + picture["differ"]["heavier"]


def test_no_page_is_recorded_of_a_run_in_which_a_town_ends():
    class EndsInWeek8(TownHere):
        def answer(self, what, *given):
            if what == "advance" and given[0] >= 8:
                raise RuntimeError("out of memory")
            return super().answer(what, *given)

    class NeverBegins(TownHere):
        def answer(self, what, *given):
            raise RuntimeError("out of memory")

    for place in (EndsInWeek8, NeverBegins):
        twin = Twin(SCENARIO, SCENARIO, 1, place)
        with pytest.raises(ScenarioError, match="out of memory"):
            asyncio.run(record_run(twin, BOOK, "en"))
        assert twin.closed


def test_every_word_of_the_page_is_in_the_catalogue():
    used = set()
    for file in set(STATIC.glob("*.js")) - set(STATIC.glob("office*.js")):
        used |= set(
            re.findall(
                r"""\b(?:say\(\w+(?:\.\w+)?, |word\()["'](\w+)["']""", file.read_text("utf-8")
            )
        )
    assert len(used) > 20
    used |= {f"line_{name}" for name in USUAL} | {"view_life", "view_loops"}
    assert {f"desk.{key}" for key in used} <= words("ja").keys()


def test_every_link_of_the_ledger_stands_in_one_arrow_of_the_picture():
    standing = [link for arrow in loops.ARROWS for link in arrow.links]
    assert sorted(standing) == sorted(LINK_IDS)
    nodes = {one.id for one in loops.NODES}
    assert {arrow.start for arrow in loops.ARROWS} | {arrow.end for arrow in loops.ARROWS} == nodes
    for lang in ("ja", "en"):
        assert all(one["name"] for one in loops.picture_of_loops(lang)["arrows"])


def test_arrows_carry_what_the_ledger_of_a_finished_comparison_says():
    comparison = replace(read_comparison(["scenarios/spirals.toml"]), combinations=())
    several = replace(comparison, arms=tuple(map(comparison.arm, ("waiting", "outreach"))))
    keys = [
        (arm, 0, seed, year, measure)
        for arm in ("waiting", "outreach", "outreach~trust", "outreach~tired", "outreach~peers")
        for seed in range(1, 7)
        for year in (1, 2)
        for measure in MEASURES
    ]
    values = pd.DataFrame(keys, columns=["arm", "world", "seed", "year", "measure"])
    lost = {"waiting": 10.0, "outreach~trust": 4.0, "outreach~tired": 1.0, "outreach~peers": 2.0}
    noise = 0.01 * values["seed"]
    values["value"] = values["arm"].map(lost).fillna(0.0) + noise * (values["arm"] == "waiting")
    unheld = pd.DataFrame(columns=["arm", "link", "unheld"])
    found = LoopLedger(several, ("trust", "tired", "peers"), values, unheld)
    shown = carried.carried_shown(found, "outreach", "en")
    of_load = next(one for one in shown["measures"] if one["id"] == "load")
    by_arrow = {
        (arrow.start, arrow.end): one
        for arrow, one in zip(loops.ARROWS, of_load["arrows"], strict=True)
    }
    assert by_arrow["needs", "asking"] == {"carried": -4.0, "said": "-4.0", "mark": "better"}
    assert by_arrow["load", "tired"]["carried"] == -3.0  # of both links that were held
    assert by_arrow["support", "needs"]["carried"] is None
    assert carried.carried_shown(found, "staffing", "en") is None
    assert carried.carried_shown(None, "outreach", "en") is None


def test_flows_are_those_of_the_weekly_table(lived):
    table = Course(SCENARIO, 1).run(until=120).tail(52)
    found = dict(
        zip(
            [(one.start, one.end) for one in loops.ARROWS],
            lived["frame"]["flows"]["a"],
            strict=True,
        )
    )
    assert found["asking", "support"] == pytest.approx(table["cases_opened"].sum(), rel=1e-3)
    assert found["load", "tired"] == pytest.approx(table["exhaustion"].mean(), rel=1e-3)


def test_money_is_that_of_a_comparison(lived):
    table = Course(SCENARIO, 1).run(until=104)
    share = SCENARIO.values().ledger.unseen_cost_share
    counted = charged(quantities(table), share).assign(arm="a", seed=1, variant="")
    yen = by_payer(money(counted, BOOK)) / 1e6
    assert np.allclose(lived["money"]["a"], yen[list(PAYERS)].to_numpy(), atol=0.01)
    assert lived["money"]["b"][0] != lived["money"]["a"][0]


def test_two_lives_are_told_of_the_household_that_differs_longest(lived):
    life = lived["life"]
    one, other = (life["towns"][name]["stages"] for name in "ab")
    assert one != other and life["weeks"] > 0
    for name, changes in (("a", ()), ("b", (CASEWORKERS, VISITORS))):
        town = Course(SCENARIO.model_copy(update={"event_log": True}), 1)
        for week, lever, settings in changes:
            town.run(until=week)
            town.set_lever(lever, **settings)
        town.run(until=120)
        told = list(sentences(life_line(town.events, life["household"]), town.inputs, "ja"))
        assert [(date, text) for date, text, _ in life["towns"][name]["told"]] == told


def test_the_page_asks_for_nothing_from_elsewhere():
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//cdn|@import|eval\(|innerHTML|style=", text), file.name
