"""How much of the cost of unseen households is counted, and by what effects cost more than none."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import read_prices
from sim.economics.money import PUBLIC
from sim.report.text.money import effects_section, unseen_section
from sim.study.case import UNSEEN_SHARES, Case
from sim.words import LANGUAGES
from tests.comparisons import GROUND, THREE, write
from tests.scenario_files import WAITING
from tests.test_sheets import PRICES


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """Three arms, three seeds with effects and two without."""
    root = tmp_path_factory.mktemp("unseen")
    for name, text in {"organisations/windows_that_wait.toml": WAITING}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "towns").mkdir()
    file = write(root, THREE, GROUND, population=3000)
    return Case(sim.compare(file, no_effect=2, workers=1), read_prices(PRICES))


def wide(case: Case):
    return case.unseen_net_costs.pivot(index=["view", "arm"], columns="share", values="mean")


def test_net_cost_is_linear_in_the_share_that_is_counted(case):
    """An arm is charged what unseen households cost, times the share; the share of the file gives
    the main result.
    """
    table = wide(case)
    assert tuple(table.columns) == UNSEEN_SHARES == (0.0, 0.5, 1.0)
    np.testing.assert_allclose(table[0.5], (table[0.0] + table[1.0]) / 2, rtol=1e-9, atol=1e-3)
    main = case.net_costs[case.net_costs["chosen"]].set_index(["view", "arm"])["mean"]
    np.testing.assert_allclose(table[0.5].reindex(main.index), main, rtol=1e-9, atol=1e-3)


def test_finding_people_costs_less_where_what_they_cost_unseen_is_counted(case):
    """Outreach finds households: the more of their former cost is counted, the less it adds."""
    unseen = case.compared.gathered.quantities.groupby("arm")["unseen"].sum()
    assert unseen["outreach"] < unseen["waiting"]
    table = wide(case)
    assert table.loc[(PUBLIC, "outreach"), 1.0] < table.loc[(PUBLIC, "outreach"), 0.0]
    assert (table.loc[(PUBLIC, "same")] == 0).all()


def test_what_effects_add_by_counted_thing_is_what_they_add_in_all(case):
    found = case.effect_kinds.groupby("arm")["mean"].sum()
    idle = case.no_effect.set_index(["view", "arm"])["mean"]
    runs = {one: case.charged[case.charged["world"] == one]["seed"].nunique() for one in (0, -1)}
    assert runs[0] == 3 and case.effect_kinds["replicates"].eq(2).all()
    with_effects = Case(case.compared, case.book)  # the same two seeds, with their effects
    kept = case.quantities[case.quantities["seed"].isin([1, 2])]
    vars(with_effects)["quantities"] = kept
    both = with_effects.net_costs[with_effects.net_costs["chosen"]].set_index(["view", "arm"])
    expected = both.loc[(PUBLIC, "outreach"), "mean"] - idle[PUBLIC, "outreach"]
    assert found["outreach"] == pytest.approx(expected, rel=1e-6, abs=1.0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_name_shares_arms_and_things(case, lang):
    section = unseen_section(case, lang)
    for share, column in zip(UNSEEN_SHARES, section.columns[2:], strict=True):
        assert f"{100 * share:.0f}" in column
    assert len(section.rows) == 3 * 2
    adds = effects_section(case, lang)
    total = case.effect_kinds.groupby("arm")["mean"].sum()
    assert (adds is not None) == bool((total > 0).any())
    if adds is not None:
        assert all(len(row) == len(adds.columns) for row in adds.rows)
