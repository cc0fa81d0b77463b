"""Sources of money for measures: what a grant pays of a cost by fiscal year, up to its ceiling and
within its months. What no source pays comes out of general funds. The cost itself never changes.

A funded amount is an amount that is priced with another mix of payers: quantities of posts and places
move from the mix of their row of the book to the mix of the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd

from sim.declared.payers import PAYERS
from sim.economics.book import Mix, PriceBook
from sim.economics.quantities import OWN_MIX, PREFECTURE_MIX
from sim.scenario.funding import MONTHS
from sim.scenario.scenario import Funding
from sim.words.errors import unknown

NOTHING_LEFT = 1e-9  # years: less is what sums of fractions leave
OWN = "own_"  # how the id of a mix of one's own begins


def mix_id(source: Funding) -> str:
    """The id of the mix of a source: that of the book, or one made of its own shares, in percent to be
    read, with a digest of its exact shares and its name.
    """
    if source.source:
        return source.source
    shares = {name: float(source.shares.get(name, 0.0)) for name in PAYERS}
    read = "_".join(f"{name[0]}{round(100 * share, 2):g}" for name, share in shares.items())
    exact = repr((shares, source.name and (source.name.ja, source.name.en)))
    return f"{OWN}{read}_{blake2b(exact.encode(), digest_size=4).hexdigest()}"


def with_sources(
    book: PriceBook, sources: Iterable[tuple[str, Funding]], file: str = ""
) -> PriceBook:
    """The book with the mixes of one's own that sources write, each given with its place in `file`;
    raises ScenarioError for one that names a mix which the book lacks, or that of the prefecture's
    own desks (a grant of the prefecture alone is written as shares).
    """
    known = {mix.id: mix for mix in book.mixes}
    for at, source in sources:
        id = mix_id(source)
        if source.shares and id not in known:
            known[id] = _own_mix(id, source)
        elif source.source and (id not in known or id == PREFECTURE_MIX):
            named = [mix.id for mix in book.mixes if mix.id != PREFECTURE_MIX]
            at = f"{at}.source"
            raise unknown("funding.unknown_source", id, named, at=at, file=file or book.id)
    if len(known) == len(book.mixes):
        return book
    return book.model_copy(update={"mixes": tuple(known.values())})


def _own_mix(id: str, source: Funding) -> Mix:
    ja = source.name.ja if source.name else id
    en = source.name.en if source.name else id
    return Mix.model_validate(
        {
            "id": id,
            "ja": ja,
            "en": en,
            "grade": "own",
            "source": "given in the scenario",
            "source_ja": "シナリオの記載",
            "shares": dict(source.shares),
        }
    )


def granted(
    plan: pd.DataFrame,
    funding: Mapping[str, Sequence[Funding]],
    prices: Mapping[str, float],
    filled: Mapping[str, np.ndarray],
    years: int,
) -> dict[tuple[str, str, str], np.ndarray]:
    """What each source pays for: amounts (runs, years) by measure, thing and mix.

    `plan` (month, measure, id, mix, amount) holds the posts and places of one arm, in years; `filled` by thing the share
    (runs, years) of them that is there. Sources of a measure pay in their order: each counts what is
    left of the cost in its months, up to its ceiling in a fiscal year, alike for all things.
    """
    found: dict[tuple[str, str, str], np.ndarray] = {}
    year_of = np.arange(years * MONTHS) // MONTHS
    for measure, sources in funding.items():
        rows = plan[(plan["measure"] == measure) & (plan["mix"] == OWN_MIX)]
        left = {
            id: _by_month(rows[rows["id"] == id], years) * filled[id][:, year_of]
            for id in sorted(map(str, rows["id"].unique()))
        }
        for source in sources:
            taken = _taken(left, source, prices, year_of)
            for id, amount in taken.items():
                left[id] = left[id] - amount
                key = measure, id, mix_id(source)
                found[key] = found.get(key, 0.0) + _by_year(amount, years)
    return found


def _by_month(part: pd.DataFrame, years: int) -> np.ndarray:
    """Amounts (1, months) of one thing; what is taken away is nothing to be funded."""
    months = part.groupby("month")["amount"].sum()
    return months.reindex(range(years * MONTHS), fill_value=0.0).clip(lower=0).to_numpy()[None, :]


def _by_year(amount: np.ndarray, years: int) -> np.ndarray:
    return amount.reshape(len(amount), years, MONTHS).sum(axis=2)


def _taken(
    left: Mapping[str, np.ndarray],
    source: Funding,
    prices: Mapping[str, float],
    year_of: np.ndarray,
) -> dict[str, np.ndarray]:
    """What one source takes of what is left, by thing (runs, months)."""
    months = np.arange(len(year_of))
    first = 0 if source.start_month is None else source.start_month
    last = len(year_of) if source.last_month is None else source.last_month
    within = (months >= first) & (months <= last)
    taken = {id: amount * within for id, amount in left.items()}
    if source.ceiling is None or not taken:
        return taken
    years = len(year_of) // MONTHS
    cost = np.sum([_by_year(amount, years) * prices[id] for id, amount in taken.items()], axis=0)
    part = np.minimum(1.0, source.ceiling / np.maximum(cost, 1e-9))
    return {id: amount * part[:, year_of] for id, amount in taken.items()}


def moved(quantities: pd.DataFrame, shifts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The quantities with the amounts that sources pay for under the mix of their source.

    `shifts` (`keys`, id, mix, amount): what is funded. The same amount leaves the row without a mix
    of its own, so that no total changes.
    """
    rows = [*keys, "id", "mix"]
    other = [name for name in quantities if name not in (*rows, "amount")]
    less = shifts.assign(mix=OWN_MIX, amount=-shifts["amount"])
    both = pd.concat([shifts, less], ignore_index=True)[[*rows, "amount"]]
    filler: dict[str, Any] = {str(name): _blank(quantities[name]) for name in other}
    table = pd.concat([quantities, both.assign(**filler)], ignore_index=True)
    how = {"amount": "sum", **{name: _kept(quantities[name]) for name in other}}
    both = table.groupby(rows, sort=False, dropna=False).agg(how).reset_index()
    both["amount"] = both["amount"].where(both["amount"].abs() > NOTHING_LEFT, 0.0)
    return both[[*quantities.columns]]


def _blank(column: pd.Series) -> Any:
    return 0.0 if column.dtype.kind in "if" else False if column.dtype.kind == "b" else ""


def _kept(column: pd.Series) -> str:
    return "sum" if column.dtype.kind == "f" else "max"
