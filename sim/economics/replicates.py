"""Arms on the same luck: differences by pairs, and their spread over seeds or draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from ..scenario.errors import fault, nearest
from .money import REPLICATE

CONFIDENCE = 0.95


def difference(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Every other arm less the reference, paired by draw, seed and whatever else the table is keyed by.

    `table` has arm, keys and `value`. A key that only some runs have (an id that was counted in one arm) counts as 0 elsewhere;
    a run (draw, seed, year) that one arm lacks is refused. Equal arms give exactly 0.
    """
    refuse_unpaired(table, reference)
    arms = list(table["arm"].unique())
    keys = [name for name in table.columns if name not in ("arm", "value")]
    wide = table.pivot(index=keys, columns="arm", values="value").fillna(0.0)
    others = [arm for arm in arms if arm != reference]
    less = wide[others].sub(wide[reference], axis=0)
    long = less.melt(ignore_index=False, var_name="arm", value_name="value").reset_index()
    return long[["arm", *keys, "value"]]


def replicates(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `replicate` for draw and seed: the draw, its seeds averaged; the seed where there is but one draw."""
    keys = [name for name in table.columns if name not in (*REPLICATE, "value")]
    unit = "draw" if over(table) == "draws" else "seed"
    mean = table.groupby([*keys, unit], sort=False)["value"].mean().reset_index()
    return mean.rename(columns={unit: "replicate"})


def over(table: pd.DataFrame) -> str:
    """What the replicates of a table tell: `draws` (assumptions and luck), or `seeds` (luck alone)."""
    return "draws" if table["draw"].nunique() > 1 else "seeds"


def spread(table: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """(keys, mean, low, high, replicates, over) of a table (keys, draw, seed, value).

    Over seeds: the t interval of the mean (NaN of one seed). Over draws: quantiles of the draws' means over their seeds, the
    spread of the assumptions.
    """
    kind = over(table)
    single = replicates(table)
    keys = [name for name in single.columns if name not in ("replicate", "value")]
    grouped = single.groupby(keys, sort=False)["value"]
    found = grouped.agg(["mean", "std", "count"])
    tail = (1 - confidence) / 2
    if kind == "draws":
        low, high = grouped.quantile(tail), grouped.quantile(1 - tail)
    else:
        several = found["count"].where(found["count"] > 1)
        half = stats.t.ppf(1 - tail, several - 1) * found["std"] / np.sqrt(several)
        low, high = found["mean"] - half, found["mean"] + half
    return found.assign(low=low, high=high, replicates=found["count"], over=kind)[
        ["mean", "low", "high", "replicates", "over"]
    ].reset_index()


def refuse_unpaired(table: pd.DataFrame, reference: str) -> None:
    """Refuse a reference that is no arm, and an arm without exactly the reference's draws, seeds and years."""
    arms = [str(arm) for arm in table["arm"].unique()]
    if reference not in arms:
        raise fault(
            "error.no_arm", given=reference, allowed=", ".join(arms), near=nearest(reference, arms)
        )
    names = [name for name in (*REPLICATE, "year") if name in table]
    runs = table[["arm", *names]].drop_duplicates()
    there = {
        arm: set(part[names].itertuples(index=False, name=None))
        for arm, part in runs.groupby("arm", sort=False)
    }
    for arm, found in there.items():
        for lone in sorted(found ^ there[reference])[:1]:
            raise fault(
                "error.unpaired",
                **{"draw": "", "seed": "", "year": "", **dict(zip(names, lone, strict=True))},
                arm=arm,
                reference=reference,
            )
