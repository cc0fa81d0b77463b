"""A household-level simulation of a Japanese municipality's support system. A model, not evidence.

`load` reads a scenario file; what it refuses is a `ScenarioError`.
"""

from .scenario.errors import ScenarioError
from .scenario.load import load

__all__ = ["ScenarioError", "load"]
__version__ = "0.1.0"
