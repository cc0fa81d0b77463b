"""From the kinds of a table to the model's seven: what follows by subtraction, and what is divided
by an assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.declared.vocabulary import KINDS
from sim.towns.household_tables.kinds import ALL, LOOSE, OWN, TERMS, TOTAL, kinds_in

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Portion:
    """What is left of a term when the terms inside it are taken away: the kinds that it holds, in
    the order of the model.
    """

    term: str
    inside: tuple[str, ...]
    kinds: tuple[str, ...]


class Overlap(ValueError):
    """Two terms count some households twice, and neither contains the other."""


def portions(terms: list[str]) -> list[Portion]:
    """Returns the table's terms as portions that do not overlap; raises Overlap with the two terms
    that do.
    """
    parts = _parts_of(terms)
    names = sorted(parts, key=lambda name: len(parts[name]))
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            if parts[name] & parts[other] and not parts[name] < parts[other]:
                raise Overlap(name, other)
    parent = {
        name: next((other for other in names[place + 1 :] if parts[name] < parts[other]), None)
        for place, name in enumerate(names)
    }
    found = []
    for name in names:
        inside = tuple(other for other in names if parent[other] == name)
        rest = parts[name].difference(*(parts[other] for other in inside))
        found.append(Portion(name, inside, kinds_in(rest)))
    return found


def _parts_of(terms: list[str]) -> dict[str, frozenset[str]]:
    """Returns the parts of every term as the table means it.

    Beside terms of a census, 夫婦と子どもの世帯 is the census's (children of any age) and その他の世帯 is what the
    others leave. The model's own kinds give way to a narrower term that stands beside them, such as
    三世代世帯.
    """
    parts = {name: TERMS[name].parts for name in terms}
    census = [name for name in terms if name not in OWN and name != TOTAL]
    if (
        census
        and "parents" not in parts
        and "couple_with_children" in parts
        and any(broad(name) for name in census)
    ):
        parts["couple_with_children"] = TERMS["parents"].parts
    for name in [name for name in terms if name in OWN]:
        for other in census:
            if (
                name not in LOOSE[1:]
                and parts[name] & parts[other]
                and not parts[name] <= parts[other]
            ):
                parts[name] -= parts[other]
    if census and "other" in parts:
        parts["other"] = ALL.difference(
            *(parts[name] for name in terms if name not in ("other", TOTAL))
        )
    return {name: held for name, held in parts.items() if held}


def broad(term: str) -> bool:
    """Returns whether a term holds households of several of the model's kinds."""
    return len(kinds_in(TERMS[term].parts)) > 1


def divided(
    counts: Mapping[str, int], found: list[Portion], shares: Callable[[tuple[str, ...]], Shares]
) -> dict[str, int]:
    """Returns the households by kind of one district; `shares` gives the parts (summing to 1) in
    which several kinds share a portion.

    Raises Negative where the terms inside one sum to more than it.
    """
    kinds = dict.fromkeys(KINDS, 0)
    for portion in found:
        number = left_of(portion, counts)
        if number < 0:
            raise Negative(portion.term, *portion.inside)
        for kind, part in _spread(number, shares(portion.kinds)).items() if portion.kinds else ():
            kinds[kind] += part
    return {kind: number for kind, number in kinds.items() if number}


class Negative(ValueError):
    """The terms inside another sum to more than it; the arguments are the outer term and those
    inside.
    """


def left_of(portion: Portion, counts: Mapping[str, int]) -> int:
    """Returns the households of a portion in one district."""
    return counts.get(portion.term, 0) - sum(counts.get(name, 0) for name in portion.inside)


def _spread(number: int, shares: Shares) -> dict[str, int]:
    """Returns a number of households shared out in whole numbers: largest remainders, the earlier
    kind first where they are equal.
    """
    amounts = {kind: number * share for kind, share in shares.items()}
    whole = {kind: int(amount) for kind, amount in amounts.items()}
    for kind in sorted(amounts, key=lambda kind: whole[kind] - amounts[kind])[
        : number - sum(whole.values())
    ]:
        whole[kind] += 1
    return whole
