"""What can be moved on the page: settings of levers with their range and price, and shocks.

A control names a setting that is declared in `sim.declared`; its label, unit and cost in words are
those of the declaration.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.declared.levers import lever_name, setting_declaration
from sim.economics.costing import PriceBook
from sim.model.changes import with_lever
from sim.scenario.scenario import Scenario
from sim.study.budget import planned_beyond


class Control(NamedTuple):
    """A setting of a lever that the page offers: a number from 0 to `most` by `step`, or a switch
    between the two words `words` (off, on).
    """

    lever: str
    setting: str
    most: float = 1.0
    step: float = 1.0
    words: tuple[Any, ...] = ()

    @property
    def id(self) -> str:
        """Lever and setting."""
        return f"{self.lever}.{self.setting}"


CONTROLS = (
    Control("caseworker", "fte", 20),
    Control("csw", "fte", 20),
    Control("outreach_worker", "fte", 20),
    Control("inclusion_promoter", "fte", 10),
    Control("participation_worker", "fte", 10),
    Control("livelihood_coordinator", "fte", 10),
    Control("community", "places", 20),
    Control("intake", "door", words=("by_field", "any_door")),
    Control("intake", "assessment", words=("person", "household")),
    Control("community", "back_supporters", words=(False, True)),
    Control("supporters", "learning", 8),
    Control("coordination", "conferences", 8),
)
SHOCKS = ("disaster", "recession", "budget_cut", "key_person_leaves")


def settings_of(control: Control, value: Any) -> dict[str, Any]:
    """The setting of a lever that stands for what was chosen on the page."""
    if control.words:
        return {control.setting: control.words[1 if value else 0]}
    return {control.setting: value}


def shown_controls(scenario: Scenario, book: PriceBook, lang: str) -> list[dict[str, Any]]:
    """The controls as the page shows them: names, unit, range, what the organisation has anyhow, and
    what one unit more (or the switch) costs a year in yen; 0 where it costs hours alone.
    """
    priced = _prices(scenario, book)
    return [
        {
            "id": one.id,
            "lever": lever_name(one.lever).say(lang),
            "label": setting_declaration(one.lever, one.setting)[lang],
            "unit": setting_declaration(one.lever, one.setting)["unit"],
            "most": max(one.most, _standing(scenario, one)),
            "step": one.step,
            "switch": bool(one.words),
            "standing": _standing(scenario, one),
            "yen": priced[one.id],
        }
        for one in CONTROLS
    ]


def _standing(scenario: Scenario, control: Control) -> float:
    """What the organisation has without any lever; of a switch 1 where it is on."""
    found = getattr(getattr(scenario.organisation.practice, control.lever), control.setting)
    return float(found == control.words[1]) if control.words else float(found)


def _prices(scenario: Scenario, book: PriceBook) -> dict[str, float]:
    """Yen a year of one unit more of each control, or of the switch."""
    base = scenario.model_copy(update={"steps": ()})
    changed = {}
    for one in CONTROLS:
        more = 1.0 if one.words else _standing(scenario, one) + 1.0
        changed[one.id] = with_lever(base, one.lever, settings_of(one, more), 0)[0]
    return planned_beyond(changed, base, book)
