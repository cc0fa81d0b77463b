"""A household-level simulation of a Japanese municipality's support system. A model, not evidence.

`load` reads a scenario file and `load_comparison` a comparison (what they refuse is a
`ScenarioError`). `Town` is the model of one seed, `simulate` runs a scenario for several seeds and
returns `Tables`, and `compare` runs the arms of a comparison on the same seeds and returns
`Compared`. `smaller` makes a quick small copy of a town; `has_gap_gone` says whether a push has
left something behind. Each is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim import moved

if TYPE_CHECKING:
    from sim.model.town import Town
    from sim.scenario.arms import load_comparison
    from sim.scenario.load import load
    from sim.scenario.shrink import smaller
    from sim.study.compare import compare
    from sim.study.gaps import has_gap_gone
    from sim.study.result import Compared
    from sim.study.runs import Tables, simulate
    from sim.words.errors import ScenarioError

_ROOMS = {
    "load": ".scenario.load",
    "ScenarioError": ".words.errors",
    "Town": ".model.town",
    "simulate": ".study.runs",
    "Tables": ".study.runs",
    "compare": ".study.compare",
    "Compared": ".study.result",
    "load_comparison": ".scenario.arms",
    "smaller": ".scenario.shrink",
    "has_gap_gone": ".study.gaps",
}
__all__ = [
    "Compared",
    "ScenarioError",
    "Tables",
    "Town",
    "compare",
    "has_gap_gone",
    "load",
    "load_comparison",
    "simulate",
    "smaller",
]
__version__ = "0.1.0"
moved.put_up()


def __getattr__(name: str) -> Any:
    """A public name, from the room it lives in."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name], __name__), name)


def __dir__() -> list[str]:
    """Public names, those not yet used among them."""
    return sorted({*globals(), *__all__})
