"""Mesa's interface to a town: residents, households, workers and agencies as views on rows, and
sets of them.
"""

from sim.model.agents.collector import WeeklyTable
from sim.model.agents.population import Population
from sim.model.agents.views import Agency, Household, Resident, Worker, posts_filled, present

__all__ = [
    "Agency",
    "Household",
    "Population",
    "Resident",
    "WeeklyTable",
    "Worker",
    "posts_filled",
    "present",
]
