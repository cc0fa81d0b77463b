"""A town changed on its way: forked, with levers set and shocks sent, it lives as if its scenario
file had said so at once.
"""

from __future__ import annotations

import copy
import pickle

import pytest

from sim import ScenarioError, Town, load
from tests.laws import EVERY_LEVER, changed, differing, digest, laboratory, parts, steps, strong
from tests.scenario_files import SCENARIO
from tests.towns import small_people, small_scenario

pytestmark = pytest.mark.filterwarnings("error")
NOW, THEN = 9, 30  # week of the change; weeks lived in the end
OVERRIDES = {
    "run_in_weeks": 2,
    "years": 1,
    "town": "towns/tiny.toml",
    "parameters.needs.onset_latent": 0.06,
}
SAME_TOWN = (
    'extends = "x.toml"\ntown = "towns/tiny.toml"\nyears = 1\nrun_in_weeks = 2\n'
    "[parameters.needs]\nonset_latent = 0.06\n"
)
LINES = (
    '[levers.outreach_worker]\nfte = 1\nstart = 2025-04-15\nramp_months = 3\n[[events]]\nkind = "recession"\nat = 2025-05-01\n'
    "size = 2\nweeks = 4\n"
)


def lived(town: Town, until: int) -> Town:
    while town.week < until:
        town.step()
    return town


def unlike(one: Town, other: Town) -> list[str]:
    """Everything that differs between two towns in any bit: state and recorded weeks."""
    tables = [name for name, table in one.tables.items() if not table.equals(other.tables[name])]
    return differing(parts(one.state), parts(other.state)) + tables


@pytest.fixture(scope="module")
def base():
    """A small town in week NOW, no policy so far."""
    return lived(Town(changed(laboratory(), run_in_weeks=8), 3), NOW)


@pytest.fixture
def file(folder):
    """A scenario file of a small town with a lever and a shock of its own."""
    people = (folder / "towns" / "trial.toml").read_text(encoding="utf-8").replace("10000", "3000")
    (folder / "towns" / "tiny.toml").write_text(people, encoding="utf-8")
    (folder / "x.toml").write_text(SCENARIO + LINES, encoding="utf-8")
    return folder / "x.toml"


def test_a_fork_goes_on_bit_for_bit(base):
    before = digest(base)
    fork, other = base.fork(), copy.deepcopy(base)
    assert unlike(fork, base) == [] and (fork.seed, fork.steps, fork.week) == (
        base.seed,
        base.steps,
        NOW,
    )
    lived(fork, THEN)
    assert digest(base) == before and len(base.table) == NOW and len(fork.table) == THEN
    assert unlike(fork, lived(other, THEN)) == []
    assert [change.kind for change in fork.history] == ["fork"] and base.history == ()


@pytest.mark.parametrize(
    "store",
    [copy.deepcopy, lambda town: pickle.loads(pickle.dumps(town))],
    ids=["copied", "stored"],
)
def test_a_town_is_copied_and_stored_on_its_way(store):
    town = lived(Town(changed(strong(), event_log=True, run_in_weeks=4), 1), NOW)
    town.set_lever("fidelity", value=0.5)
    other = store(town)
    lived(other, NOW + 4)
    assert town.week == NOW and other.history == town.history
    assert unlike(other, lived(town, NOW + 4)) == [] and other.events.equals(town.events)


def test_a_fork_lives_under_the_other_scenario_as_from_the_start(base):
    other = changed(
        base.inputs, id="other", steps=steps(EVERY_LEVER, start=NOW), trend=base.inputs.trend
    )
    assert unlike(lived(base.fork(other), THEN), lived(Town(other, 3), THEN)) == []


def test_what_the_other_scenario_has_begun_holds_from_the_next_week_on_and_ends_with_it(base):
    begun = changed(
        base.inputs,
        id="begun",
        steps=steps({"outreach_worker": {"fte": 2.0, "mix": {"visiting": 1.0}}}, start=1),
    )
    fork = base.fork(begun)
    fork.step()
    assert fork.state.practice.outreach_worker.fte == 2.0
    assert fork.workers.get("duty").count("outreach") == 2
    back = fork.fork(base.inputs)
    back.step()
    assert (
        back.state.practice.outreach_worker.fte == 0.0
        and back.workers.get("duty").count("outreach") == 0
    )


@pytest.mark.parametrize(
    "changes, key",
    [
        ({"people": small_people(1500)}, "people.population"),
        ({"parameters": {"needs.onset_latent": 0.04}}, "parameters.needs.onset_latent"),
        ({"run_in_weeks": 9}, "run_in_weeks"),
        ({"start_year": 2026}, "start_year"),
        ({"switched_off": ("moves",)}, "switched_off.0"),
        ({"effects": "none"}, "effects"),
    ],
)
def test_what_starts_otherwise_is_no_fork(base, changes, key):
    with pytest.raises(ScenarioError) as caught:
        base.fork(changed(base.inputs, id="other", **changes))
    assert {one.reason.key for one in caught.value.faults} == {"error.fork_start"}
    assert key in [one.key for one in caught.value.faults]
    assert "other" in caught.value.say("en") and key in caught.value.say("ja")


def test_a_fork_may_end_later_but_not_before_now():
    town = lived(Town(small_scenario(300, run_in_weeks=0, years=2), 1), 60)
    with pytest.raises(ScenarioError, match="60 weeks or more|60週以上"):
        town.fork(changed(town.inputs, years=1))
    longer = town.fork(changed(town.inputs, years=3))
    assert longer.horizon == 156 and longer.running


@pytest.mark.parametrize("lever", EVERY_LEVER)
def test_a_lever_set_on_the_way_is_one_that_starts_that_week(base, lever):
    alone = {"accompaniment": {"who": "caseworker"}}.get(lever, {})
    settings = {
        name: value
        for name, value in (EVERY_LEVER[lever] | alone).items()
        if name != "hub"  # which needs posts of another lever
    }
    town = base.fork()
    town.set_lever(lever, **settings)
    assert (
        unlike(
            lived(town, THEN),
            lived(Town(changed(base.inputs, steps=steps({lever: settings}, start=NOW)), 3), THEN),
        )
        == []
    )


def test_changes_on_the_way_are_what_a_file_says(file):
    town = lived(Town(file, seed=2, overrides=OVERRIDES), NOW)
    town.set_lever(
        "outreach_worker",
        fte=2.5,
        mix={"visiting": 0.5, "accompanying": 0.5},
        start="2025-07-01",
        ramp_months=2,
    )
    town.set_lever("caseworker", fte=1)
    lived(town, NOW + 3).set_lever("caseworker", fte="+2", end="2025-09-01")
    town.shock("disaster", size=0.1, relocation=0.5, at="2025-07-15")
    town.shock("budget_cut", size=0.3, weeks=3)
    said = "\n".join(change.toml for change in town.history)
    assert [
        (change.week, str(change.date), change.kind, change.name) for change in town.history
    ] == [
        (9, "2025-06-03", "lever", "outreach_worker"),
        (9, "2025-06-03", "lever", "caseworker"),
        (12, "2025-06-24", "lever", "caseworker"),
        (12, "2025-06-24", "shock", "disaster"),
        (12, "2025-06-24", "shock", "budget_cut"),
    ]
    (file.parent / "y.toml").write_text(SCENARIO + LINES + said, encoding="utf-8")
    whole = Town(file.parent / "y.toml", seed=2, overrides=OVERRIDES)
    assert (
        set(map(str, town.inputs.steps)) == set(map(str, whole.inputs.steps))
        and len(town.inputs.steps) == 5
    )
    assert unlike(lived(town, 52), lived(whole, 52)) == []


def test_the_log_of_events_sees_no_change_where_only_rows_are_given(base):
    logged = changed(base.inputs, event_log=True)
    town = lived(Town(logged, 3), NOW)
    town.set_lever("caseworker", fte=3)
    whole = lived(
        Town(changed(logged, steps=steps({"caseworker": {"fte": 3.0}}, start=NOW)), 3), THEN
    )
    assert lived(town, THEN).events.equals(whole.events)


REFUSED = {
    "unknown lever": (
        lambda town: town.set_lever("outreech", fte=2),
        "error.unknown_lever",
        "levers.outreech",
    ),
    "unknown setting": (
        lambda town: town.set_lever("outreach", posts=2),
        "error.unknown_name",
        "levers.outreach.posts",
    ),
    "out of range": (
        lambda town: town.set_lever("outreach_worker", fte=-1),
        "error.range",
        "levers.outreach_worker.fte",
    ),
    "wrong kind": (
        lambda town: town.set_lever("outreach_worker", fte="many"),
        "error.type",
        "levers.outreach_worker.fte",
    ),
    "not finite": (
        lambda town: town.set_lever("outreach_worker", fte=float("inf")),
        "error.finite",
        "levers.outreach_worker.fte",
    ),
    "nothing set": (
        lambda town: town.set_lever("outreach"),
        "error.lever_empty",
        "levers.outreach",
    ),
    "hub without posts": (
        lambda town: town.set_lever("coordination", hub="backup"),
        "error.hub",
        "levers.coordination.hub",
    ),
    "nobody accompanies": (
        lambda town: town.set_lever("accompaniment", months=6, who="community"),
        "error.community_accompanies",
        "levers.accompaniment.who",
    ),
    "no such agency": (
        lambda town: town.set_lever("staffing", add={"elders": 1}),
        "error.unknown_agency",
        "levers.staffing.add.elders",
    ),
    "past": (
        lambda town: town.set_lever("outreach_worker", fte=2, start="2025-05-01"),
        "error.lived",
        "levers.outreach_worker",
    ),
    "past week": (
        lambda town: town.set_lever("outreach_worker", fte=2, start=NOW - 1),
        "error.lived",
        "levers.outreach_worker",
    ),
    "beyond": (
        lambda town: town.set_lever("outreach_worker", fte=2, start="2040-05-01"),
        "error.date",
        "levers.outreach_worker.start",
    ),
    "no date": (
        lambda town: town.set_lever("outreach_worker", fte=2, start="soon"),
        "error.type",
        "levers.outreach_worker.start",
    ),
    "ends before": (
        lambda town: town.set_lever("outreach_worker", fte=2, end="2025-05-01"),
        "error.end_before_start",
        "levers.outreach_worker.end",
    ),
    "unknown shock": (
        lambda town: town.shock("earthquake"),
        "error.unknown_choice",
        "events.0.kind",
    ),
    "too large": (lambda town: town.shock("disaster", size=1.5), "error.range", "events.0.size"),
    "past shock": (
        lambda town: town.shock("recession", at="2025-04-01"),
        "error.lived",
        "events.0",
    ),
    "unknown size": (
        lambda town: town.shock("recession", sise=2),
        "error.unknown_name",
        "events.0.sise",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_file_may_not_say_is_refused_and_changes_nothing(base, name):
    before, (change, reason, key) = digest(base), REFUSED[name]
    with pytest.raises(ScenarioError) as caught:
        change(base)
    assert (caught.value.faults[0].reason.key, caught.value.faults[0].key) == (reason, key)
    assert (
        digest(base) == before
        and base.history == ()
        and base.inputs.steps == ()
        and base.inputs.events == ()
    )


def test_a_finished_town_cannot_be_changed():
    town = Town(small_scenario(100, run_in_weeks=0, years=1), 1)
    town.run()
    for change in (
        lambda: town.set_lever("outreach_worker", fte=1),
        lambda: town.shock("recession"),
    ):
        with pytest.raises(ScenarioError, match="over|終わって"):
            change()


def test_another_seed_is_another_town():
    scenario = small_scenario(100, run_in_weeks=0, years=1)
    with pytest.raises(ScenarioError, match="seed|種"):
        Town(scenario, 2, state=Town(scenario, 1).state)
    assert Town(scenario, state=Town(scenario, 7).state).seed == 7


def test_a_fork_takes_a_file(file):
    town = lived(Town(load(file, overrides=OVERRIDES), 2), 3)
    (file.parent / "z.toml").write_text(
        SAME_TOWN + "[levers.intake]\ndoor = 'any_door'\n", encoding="utf-8"
    )
    fork = town.fork(file.parent / "z.toml")
    fork.step()
    assert fork.state.practice.intake.door == "any_door" and fork.history[-1].name == "z"
