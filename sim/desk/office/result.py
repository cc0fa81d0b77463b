"""The result of a comparison for the page: effects, money by fiscal year under every switch, the arms,
what gets worse and what is weak. Nothing is run; every switch is reckoned beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from sim.declared.measure import FEWEST
from sim.economics import money
from sim.economics.costing import PriceBook
from sim.economics.money import PUBLIC
from sim.economics.quantities import POSTS, charged
from sim.officer.planning import REQUEST
from sim.report.paper.findings import MUNICIPALITY, RANGE, RUN, ExpectedEffect, Findings
from sim.report.paper.front import caveat, payback_lines, weak_lines, worse_line
from sim.report.text.fiscal import fiscal_year
from sim.report.text.fit import number
from sim.report.text.run import label
from sim.scenario.variants import HALF_REACH, is_variant, variant_id
from sim.study.case import Case
from sim.study.executors import Here
from sim.study.manifest import check_sound, compared_of, manifest_of, work_of
from sim.study.request import request_of
from sim.study.store import Results, read_manifest
from sim.words import say
from sim.words.errors import short

PRICES = {"standard": 1.0, "low": 0.9, "high": 1.1}  # times the unit prices of posts
UNSEEN: dict[str, float | None] = {"assumed": None, "none": 0.0, "half": 0.5, "all": 1.0}
GRANTS = ("with", "without")
PAYERS = (MUNICIPALITY, PUBLIC)
THOUSAND = 1000.0
SHOWN = ("compounded", "became", "unseen", "load", "wait")


def case_of(folder: Path) -> Case:
    """A finished comparison, at the prices and the discount rate that it was made with."""
    manifest = manifest_of(folder)
    work = work_of(manifest, Results(folder, manifest["scenario_id"]), Here(1), short(folder))
    check_sound(folder, manifest)
    return Case(compared_of(folder, work.book), work.book, work.rate)


def result_shown(case: Case, lang: str) -> dict[str, Any]:
    """All that the page shows of a comparison in one language."""
    comparison = case.compared.comparison
    ids = [arm.id for arm in comparison.others]
    own = REQUEST if REQUEST in ids else next(id for id in ids if not is_variant(id))
    found = Findings(case, own)
    years = list(range(found.first, found.first + case.years))
    half = variant_id(own, HALF_REACH)
    return {
        "arm": own,
        "half": half if half in ids else "",
        "years": [fiscal_year(year, lang) for year in years],
        "runs": found.effect("compounded", case.years).runs,
        "trial": found.effect("compounded", case.years).runs < FEWEST,
        "worlds": len(case.compared.worlds),
        "arms": [_arm(found, id, years, lang) for id in ids],
        "switches": {"grants": list(GRANTS), "prices": list(PRICES), "unseen": list(UNSEEN)},
        "money": _money(case, found, years),
        "worse": worse_line(found, lang),
        "weak": weak_lines(found, lang),
        "payback": payback_lines(found, lang),
        "caveat": caveat(found, lang),
    }


def _arm(found: Findings, id: str, years: list[int], lang: str) -> dict[str, Any]:
    """Name and request of an arm, and what it does in the last year."""
    case = found.case
    request = request_of(case.compared.comparison, id, case.book)
    return {
        "id": id,
        "name": label(case.compared.comparison.arm(id).name, lang),
        "variant": is_variant(id),
        "request": [request.total.get(year, 0) for year in years],
        "effects": {name: _effect(found.effect(name, case.years, id), lang) for name in SHOWN},
    }


def _effect(effect: ExpectedEffect, lang: str) -> dict[str, Any]:
    return {
        "name": say(f"paper.effect.{effect.name}", lang),
        "reference": _number(effect.reference),
        "arm": _number(effect.arm),
        "difference": _number(effect.difference),
        "low": _number(effect.low),
        "high": _number(effect.high),
        "better": effect.better,
        "runs": effect.runs,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _money(case: Case, found: Findings, years: list[int]) -> dict[str, Any]:
    """By switch ("grants prices unseen") and arm: thousand yen more than as things are, of general
    funds and of all public payers, by fiscal year and over the run, with its range over runs.
    """
    relief = {id: _relief(found, id, years) for id in _ids(case)}
    shown = {}
    for price, unseen in product(PRICES, UNSEEN):
        net = _net(case, _book_at(case, PRICES[price]), UNSEEN[unseen])
        for grants in GRANTS:
            shown[f"{grants} {price} {unseen}"] = {
                id: _arm_money(net, id, years, relief[id] if grants == "without" else {})
                for id in _ids(case)
            }
    return shown


def _ids(case: Case) -> list[str]:
    return [arm.id for arm in case.compared.comparison.others]


def _book_at(case: Case, factor: float) -> PriceBook:
    """The book with the unit prices of all posts times `factor`."""
    if factor == 1.0:
        return case.book
    ids = dict.fromkeys(POSTS.values())
    return case.book.with_prices({id: factor * case.book.item(id).priced[0] for id in ids})


def _net(case: Case, book: PriceBook, share: float | None) -> pd.DataFrame:
    """(arm, draw, seed, year, payer, value): yen more than the reference, net and not discounted;
    `share` of the service cost of unseen households is charged, None: as each world has it.
    """
    counted = case.quantities
    if share is not None:
        raw = case.compared.in_all_arms(case.compared.gathered.quantities)
        counted = charged(case.compared.of_main_runs(raw), share)
    table = money.parts(money.money(counted, book), case.reference)
    return table[(table["part"] == "net") & table["payer"].isin(PAYERS)]


def _relief(found: Findings, id: str, years: list[int]) -> dict[int, float]:
    """Yen a fiscal year that grants take from general funds for an arm."""
    comparison, book = found.case.compared.comparison, found.case.book
    asked = request_of(comparison, id, book).of(MUNICIPALITY)
    plain = request_of(comparison, id, book, grants=False).of(MUNICIPALITY)
    return {year: THOUSAND * (plain.get(year, 0) - asked.get(year, 0)) for year in years}


def _arm_money(
    net: pd.DataFrame, id: str, years: list[int], relief: Mapping[int, float]
) -> dict[str, Any]:
    """For each of PAYERS the mean by fiscal year, and over the run the mean and the range over runs."""
    found = {}
    for payer in PAYERS:
        rows = net[(net["arm"] == id) & (net["payer"] == payer)]
        more = relief if payer == MUNICIPALITY else {}
        by_year = rows.groupby("year")["value"].mean()
        of_run = rows.groupby(RUN, dropna=False)["value"].sum() + sum(more.values())
        low, high = (float(of_run.quantile(at)) for at in RANGE)
        found[payer] = {
            "years": [
                round((float(by_year.get(at, 0.0)) + more.get(year, 0.0)) / THOUSAND)
                for at, year in enumerate(years, 1)
            ],
            "mean": round(float(of_run.mean()) / THOUSAND),
            "low": round(low / THOUSAND),
            "high": round(high / THOUSAND),
            "less": int((of_run < 0).sum()),
            "runs": len(of_run),
        }
    return found


def fit_shown(folder: Path, lang: str) -> dict[str, Any] | None:
    """The own figures beside the model as `sim fit` wrote them: rows (figure, own, model at standard
    values, its gap in percent, model in the worlds that are left), and the verdict; None where it has
    not run.
    """
    file = folder / "figures.parquet"
    if not file.is_file():
        return None
    fit = manifest_of_any(folder).get("fit", {})
    tried = int(fit.get("tried", 0))
    return {
        "rows": [_fit_row(row, lang) for _, row in pd.read_parquet(file).iterrows()],
        "verdict": str(fit.get("verdict", "")),
        "tried": tried,
        "trial": 0 < tried < FEWEST,
        "kept": len(fit.get("kept", ())),
    }


def _fit_row(row: pd.Series, lang: str) -> list[str]:
    own, model = float(row["own"]), float(row["central"])
    gap = f"{100 * (model / own - 1):+.0f} %" if own and math.isfinite(model) else ""
    fitted = float(row["fitted_50"]) if "fitted_50" in row else math.nan
    return [row[f"label_{lang}"], number(own), number(model), gap, number(fitted)]


def manifest_of_any(folder: Path) -> dict[str, Any]:
    """What a folder of results says of itself; empty where that cannot be read."""
    try:
        return read_manifest(folder)
    except (OSError, ValueError):
        return {}
