"""The weekly table of a town as Mesa's DataCollector, so that Mesa's tools find it where they
expect it.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from mesa.datacollection import DataCollector

from sim.model.recorder import Recorder


class WeeklyTable(DataCollector):
    """The weekly table with one variable per column; the town records it, so `collect` has nothing
    to do.
    """

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        super().__init__()
        self.model_reporters = dict.fromkeys(recorder.columns(), self.last)

    @property
    def model_vars(self) -> dict[Hashable, list[Any]]:
        """Values by variable, a week each."""
        return self._recorder.frame().drop(columns="week").to_dict("list")

    @model_vars.setter
    def model_vars(self, _empty: dict) -> None:
        """Mesa begins with none."""

    @property
    def _collection_steps(self) -> list[int]:
        return list(range(1, len(self._recorder) + 1))

    @_collection_steps.setter
    def _collection_steps(self, _empty: list) -> None:
        """Mesa begins with none."""

    def last(self, name: str) -> Any:
        """The newest value of a variable."""
        return self.model_vars[name][-1]

    def collect(self, model: Any) -> None:
        """Do nothing: the town has already recorded its week."""
