"""The causal picture: what stands in it, and the arrows, each with the flow that is measured of it.

An arrow is as wide as its flow over the last year, against that of town A in its first year. Which
links of `sim.declared.links` act through an arrow stands with it; each link stands in one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.declared.vocabulary import FIELDS, WEEKS_PER_YEAR
from sim.words import say


class Node(NamedTuple):
    """A thing of the picture, with its place (0-100 from the left and from the top)."""

    id: str
    x: float
    y: float


class Arrow(NamedTuple):
    """From one node to another: `sign` +1 where more makes more, -1 where more makes less; `slow`
    where it takes years. Its flow is the sum of `columns` of the weekly table over a year, or their
    mean where it is a `stock`. It belongs to the loop `loop`. Its name stands at the share `at` of its
    longest piece.
    """

    start: str
    end: str
    sign: int
    columns: tuple[str, ...]
    loop: str
    links: tuple[str, ...] = ()
    slow: bool = False
    stock: bool = False
    via: tuple[tuple[float, float], ...] = ()  # points that it goes round by
    at: float = 0.5


def _by_field(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{field}" for field in FIELDS)


NODES = (
    Node("needs", 9, 20),
    Node("asking", 36, 20),
    Node("support", 61, 20),
    Node("load", 85, 20),
    Node("neighbours", 20, 56),
    Node("trust", 45, 56),
    Node("waiting", 64, 56),
    Node("tired", 85, 56),
    Node("ties", 9, 94),
    Node("resources", 36, 94),
    Node("upstream", 61, 94),
    Node("leaving", 85, 94),
)
REINFORCING = ("worn", "lost", "soil", "eyes", "lonely")  # loops; the other one holds back
ARROWS = (
    Arrow("needs", "asking", 1, ("first_contacts_self", "first_contacts_crisis"), "help", ("trust",)),
    Arrow("neighbours", "asking", 1, ("first_contacts_neighbour",), "eyes",
          ("helpers", "helpers_know", "commissioners_know")),
    Arrow("asking", "support", 1, ("cases_opened",), "help", ("hand_ons", "bringing", "resources_gap")),
    Arrow("support", "load", 1, ("hours_cases",), "help", ("friction", "resources_hours")),
    Arrow("support", "needs", -1, _by_field("resolved"), "help", ("breadth", "limit", "resources_effect"),
          via=((61, 4), (9, 4))),
    Arrow("load", "tired", 1, ("exhaustion",), "worn", ("tired", "peers"), slow=True, stock=True),
    Arrow("tired", "leaving", 1, ("leavers", "sick_leaves"), "worn", ("quitting",), slow=True),
    Arrow("leaving", "load", 1, ("vacancies", "on_sick_leave"), "worn", (), stock=True,
          via=((95, 94), (95, 20)), at=0.68),
    Arrow("load", "waiting", 1, ("door_households", "waiting_households"), "lost", (), stock=True,
          at=0.62),
    Arrow("waiting", "trust", -1, ("door_gave_up", "reneged", "refused", "lost_at_handon"), "lost"),
    Arrow("trust", "asking", 1, ("trust",), "lost", (), slow=True, stock=True),
    Arrow("load", "upstream", -1, ("upstream_hours",), "soil", ("upstream",), at=0.7),
    Arrow("upstream", "resources", 1, ("trials_worked",), "soil", ("insight",), slow=True),
    Arrow("resources", "ties", 1, ("ties_formed",), "lonely", ("resources_places", "isolation"), slow=True),
    Arrow("needs", "ties", -1, ("ties_faded",), "lonely", ("ties",), at=0.3),
    Arrow("ties", "neighbours", 1, ("noticed",), "eyes", ("contact", "helpers_worry", "commissioners_worry"),
          slow=True),
)  # fmt: skip


def picture_of_loops(lang: str) -> dict[str, Any]:
    """Nodes and arrows as the page draws them."""
    return {
        "nodes": [
            {"id": one.id, "x": one.x, "y": one.y, "name": say(f"desk.node_{one.id}", lang)}
            for one in NODES
        ],
        "arrows": [
            {
                "start": one.start,
                "end": one.end,
                "sign": one.sign,
                "slow": one.slow,
                "via": one.via,
                "at": one.at,
                "loop": list(dict.fromkeys(arrow.loop for arrow in ARROWS)).index(one.loop),
                "name": say(f"desk.flow_{one.start}_{one.end}", lang),
            }
            for one in ARROWS
        ],
        "loops": [
            {"name": say(f"desk.loop_{one}", lang), "reinforcing": one in REINFORCING}
            for one in dict.fromkeys(arrow.loop for arrow in ARROWS)
        ],
    }


def flows_of_year(rows: list[np.ndarray], columns: list[str]) -> list[float]:
    """The flow of every arrow over the last year of `rows` (weeks, columns), those of a shorter time
    as a year's.
    """
    if not rows:
        return []
    year = np.array(rows[-WEEKS_PER_YEAR:], dtype=float)
    at = {name: place for place, name in enumerate(columns)}
    found = []
    for one in ARROWS:
        summed = year[:, [at[name] for name in one.columns]].sum(axis=1)
        mean = float(np.nan_to_num(summed).mean())
        found.append(mean if one.stock else mean * WEEKS_PER_YEAR)
    return found
