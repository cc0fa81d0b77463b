"""A household-level simulation of a Japanese municipality's support system. A model, not evidence.

`load` reads a scenario file and `load_comparison` a comparison (what they refuse is a
`ScenarioError`). `Town` is the model of one seed, `simulate` runs a scenario for several seeds and
returns `Tables`, and `compare` runs the arms of a comparison on the same seeds and returns
`Compared`. `match` draws sets of parameter values, rules out those whose towns miss what is known
(each thing a `Target`), and returns `Matched`. `sensitivity` tells which parameters an outcome hangs
on, `discover` in which worlds an arm fails, `search` which plans for an amount of money do most,
`town_map` where a town slides, `loop_ledger` what each loop carries of a difference, `fit` whether a
town's own figures fit. `smaller` makes
a quick small copy of a town; `has_gap_gone` says whether a push has left something behind.
`parameters` gives what is declared of each parameter, `par` declares one of a process of your own,
`read_prices` reads a price book, `write_town` writes the files of a town from a few `Numbers`. Each
is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim import moved

if TYPE_CHECKING:
    from sim.declared import declared as parameters
    from sim.declared.declare import par
    from sim.economics.reading import read_prices
    from sim.model.town import Town
    from sim.scenario.arms import load_comparison
    from sim.scenario.load import load
    from sim.study.compare import compare
    from sim.study.discover.study import Discovered, discover
    from sim.study.fit.effect import fit_effect
    from sim.study.fit.result import Fitted
    from sim.study.fit.study import fit
    from sim.study.gaps import has_gap_gone
    from sim.study.loop_ledger.study import loop_ledger
    from sim.study.loop_ledger.tables import LoopLedger
    from sim.study.map.study import town_map
    from sim.study.map.work import TownMap
    from sim.study.match.match import Matched, match
    from sim.study.match.targets import Target
    from sim.study.result import Compared
    from sim.study.runs import Tables, simulate
    from sim.study.search.study import search
    from sim.study.search.work import Searched
    from sim.study.sensitivity.study import sensitivity
    from sim.study.sensitivity.work import Sensitivity
    from sim.study.shrink import smaller
    from sim.towns.new_town import Numbers, write_town
    from sim.words.errors import ScenarioError

_PUBLIC = {  # where each public name is
    "Compared": ("sim.study.result", "Compared"),
    "Discovered": ("sim.study.discover.study", "Discovered"),
    "Fitted": ("sim.study.fit.result", "Fitted"),
    "LoopLedger": ("sim.study.loop_ledger.tables", "LoopLedger"),
    "Matched": ("sim.study.match.match", "Matched"),
    "Numbers": ("sim.towns.new_town", "Numbers"),
    "ScenarioError": ("sim.words.errors", "ScenarioError"),
    "Searched": ("sim.study.search.work", "Searched"),
    "Sensitivity": ("sim.study.sensitivity.work", "Sensitivity"),
    "Tables": ("sim.study.runs", "Tables"),
    "Target": ("sim.study.match.targets", "Target"),
    "Town": ("sim.model.town", "Town"),
    "TownMap": ("sim.study.map.work", "TownMap"),
    "compare": ("sim.study.compare", "compare"),
    "discover": ("sim.study.discover.study", "discover"),
    "fit": ("sim.study.fit.study", "fit"),
    "fit_effect": ("sim.study.fit.effect", "fit_effect"),
    "has_gap_gone": ("sim.study.gaps", "has_gap_gone"),
    "load": ("sim.scenario.load", "load"),
    "load_comparison": ("sim.scenario.arms", "load_comparison"),
    "loop_ledger": ("sim.study.loop_ledger.study", "loop_ledger"),
    "match": ("sim.study.match.match", "match"),
    "par": ("sim.declared.declare", "par"),
    "parameters": ("sim.declared", "declared"),
    "read_prices": ("sim.economics.reading", "read_prices"),
    "search": ("sim.study.search.study", "search"),
    "sensitivity": ("sim.study.sensitivity.study", "sensitivity"),
    "simulate": ("sim.study.runs", "simulate"),
    "smaller": ("sim.study.shrink", "smaller"),
    "town_map": ("sim.study.map.study", "town_map"),
    "write_town": ("sim.towns.new_town", "write_town"),
}
__all__ = [
    "Compared",
    "Discovered",
    "Fitted",
    "LoopLedger",
    "Matched",
    "Numbers",
    "ScenarioError",
    "Searched",
    "Sensitivity",
    "Tables",
    "Target",
    "Town",
    "TownMap",
    "compare",
    "discover",
    "fit",
    "fit_effect",
    "has_gap_gone",
    "load",
    "load_comparison",
    "loop_ledger",
    "match",
    "par",
    "parameters",
    "read_prices",
    "search",
    "sensitivity",
    "simulate",
    "smaller",
    "town_map",
    "write_town",
]
__version__ = "0.1.0"
moved.put_up()


def __getattr__(name: str) -> Any:
    """A public name, from the room it lives in."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, there = _PUBLIC[name]
    return getattr(import_module(module), there)


def __dir__() -> list[str]:
    """Public names, those not yet used among them."""
    return sorted({*globals(), *__all__})
