"""Optimism bias: programme costs up, benefits down, by declared parts. A switch: results are shown with and without it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .discounting import CHOSEN, present_value
from .impact import PUBLIC, with_net
from .money import PERSPECTIVES, REPLICATE


@dataclass(frozen=True)
class Bias:
    """A declared correction: a part (0.25 = 25 %) with its range, grade and source."""

    value: float
    low: float
    high: float
    grade: str
    source: str


MOTT_MACDONALD = (
    "assumption of this project: what a post costs is known, how many it takes is not. High end: 41 % on operating costs of "
    "standard building projects, Mott MacDonald 2002 as given in a guide to HM Treasury's rules (searched secondary: "
    "https://ppponline.affinitext.com/public/book?id=3151&toc_id=369325)"
)
MANCHESTER = (
    "Greater Manchester cost benefit analysis model, guidance to the Green Book, 2014 (practice searched primary: "
    "https://greatermanchester-ca.gov.uk/what-we-do/research/research-cost-benefit-analysis/ ; the size recalled, check). The "
    "Green Book 2018, 5.45, has no general value for benefits and asks for one's own evidence (https://ppponline.affinitext.com/public/book?id=5905)"
)
BIASES = {
    "programme": Bias(0.10, 0.0, 0.41, "D", MOTT_MACDONALD),
    "benefits": Bias(0.25, 0.0, 0.40, "C", MANCHESTER),
}


def corrected(
    parts: pd.DataFrame,
    programme: float = BIASES["programme"].value,
    benefits: float = BIASES["benefits"].value,
    rate: float = CHOSEN,
) -> pd.DataFrame:
    """`impact.parts` with what an arm costs raised by `programme` and what it saves cut by `benefits`; `net` and `public` are
    the new sums.

    Whether an arm's part costs or saves is judged once by payer, over all its replicates and years at present value: so luck
    is not turned into cost. A programme that costs is raised, anything that saves is cut, extra costs of services stand.
    """
    keys = ["arm", "payer", "part"]
    single = parts[(parts["part"] != "net") & (parts["payer"] != PUBLIC)]
    total = present_value(single, rate).groupby(keys)["value"].sum()
    factor = {key: _factor(key[2], value, programme, benefits) for key, value in total.items()}
    scaled = single.assign(
        value=single["value"]
        * [factor[key] for key in single[keys].itertuples(index=False, name=None)]
    )
    paid = scaled[scaled["payer"].isin(PERSPECTIVES[PUBLIC])]
    public = (
        paid.groupby(["arm", *REPLICATE, "year", "part"], sort=False)["value"]
        .sum()
        .reset_index()
        .assign(payer=PUBLIC)
    )
    return with_net(pd.concat([scaled, public], ignore_index=True)[list(parts.columns)])


def _factor(part: str, total: float, programme: float, benefits: float) -> float:
    if total < 0:
        return 1 - benefits
    return 1 + programme if part == "programme" else 1.0
