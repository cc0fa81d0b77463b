"""The screen and the tables of a search: what is tried, the frontier, the plans that were confirmed,
and what may be said of the winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.declared.levers import setting_declaration
from sim.declared.measure import FEWEST
from sim.report.text.listing import Section, setting_text
from sim.report.text.phrases import yen
from sim.report.text.run import decimals, grades, label
from sim.study.gather import ALL_MEASURES
from sim.study.search.objective import Effect, Objective, effect_of, households_share
from sim.study.search.plans import PlanSpace, SpendingPlan
from sim.study.search.work import Confirmed, Rated, Round, Searched
from sim.words import LANGUAGES, named, say


def setting_words(name: str, lang: str) -> str:
    """Returns the label of a setting of a lever ("csw.fte")."""
    lever, _, setting = name.partition(".")
    return str(setting_declaration(lever, setting)[lang])


def plan_text(plan: SpendingPlan, lang: str) -> str:
    """Returns a plan in plain words: each setting that it uses with its amount and unit."""
    parts = [_part(name, value, lang) for name, value in plan.used.items()]
    return say("run.comma", lang).join(parts) if parts else say("search.no_plan", lang)


def _part(name: str, value: Any, lang: str) -> str:
    if value is True:
        return setting_words(name, lang)
    lever, _, setting = name.partition(".")
    unit = named("unit", setting_declaration(lever, setting)["unit"]).say(lang)
    amount = isinstance(value, (int, float))
    told = {"name": setting_words(name, lang), "value": setting_text(value)}
    key = "search.part" if amount and unit != say("unit.-", lang) else "search.choice"
    return say(key, lang, **told, unit=unit)


def objective_text(objective: Objective, lang: str) -> str:
    """Returns what makes a plan good, with its unit."""
    if objective.measure:
        one = ALL_MEASURES[objective.measure]
        told = {"measure": label(one, lang), "unit": named("unit", one.unit)}
        return say("search.objective_one", lang, **told)
    every = sum(objective.weights.values())
    parts = [
        say(
            "search.weight",
            lang,
            measure=label(ALL_MEASURES[name], lang),
            share=f"{100 * weight / every:.0f}",
        )
        for name, weight in objective.weights.items()
    ]
    return say("search.objective_several", lang, parts=say("run.comma", lang).join(parts))


def constraint_texts(objective: Objective, lang: str) -> list[str]:
    """Returns the constraints in words."""
    return [
        say(
            "search.not_above" if one.side > 0 else "search.not_below",
            lang,
            measure=label(ALL_MEASURES[one.measure], lang),
            year=one.after + 1,
        )
        for one in objective.constraints
    ]


def search_plan(
    space: PlanSpace, objective: Objective, rounds: Sequence[Round], lang: str
) -> list[str]:
    """Returns what will be computed: the money, the levers, the objective, and the rounds."""
    lines, base = space.lines, space.load({})
    cells = sum((one.plans + 1) * one.worlds for one in rounds) * lines.seeds
    last = (min(lines.finalists, rounds[-1].kept) + 1 + bool(lines.benchmark)) * lines.seeds
    told = {
        "money": yen(space.money, lang),
        "town": label(base.people.name, lang),
        "years": base.years,
        "settings": len(space.axes),
        "plans": lines.candidates,
        "cells": f"{cells:,}",
        "worlds": max(one.worlds for one in rounds),
        "residents": f"{min(lines.residents or 10**9, base.people.population):,}",
        "confirm": lines.confirm_worlds,
        "confirm_cells": f"{last * lines.confirm_worlds:,}",
        "finalists": lines.finalists,
        "refine": lines.refine,
    }
    return [
        say("search.head", lang, **told),
        say("search.objective_line", lang, objective=objective_text(objective, lang)),
        *(
            say("search.constraint_line", lang, text=one)
            for one in constraint_texts(objective, lang)
        ),
        say("search.plan", lang, **told),
    ]


def round_line(one: Round, number: int, lang: str) -> str:
    """Returns a round in words."""
    told = {"number": number, "plans": one.plans, "worlds": one.worlds, "kept": one.kept}
    return say(f"search.round_{one.kind}", lang, **told)


def effect_text(effect: Effect) -> str:
    """Returns a difference with its interval, such as "-0.35 ±0.12"."""
    digits = decimals(abs(effect.mean))
    half = (effect.high - effect.low) / 2
    told = f"{effect.mean:+.{digits}f}"
    return told if half != half else f"{told} ±{half:.{digits}f}"


def count_text(effect: Effect, lang: str) -> str:
    """Returns in how many worlds a plan is better, such as "21 / 24"."""
    return say("worlds.of", lang, count=effect.better, worlds=effect.worlds)


def confirmed_section(found: Searched, lang: str) -> Section:
    """Returns the table of the plans that were confirmed: what the search saw, and what fresh worlds
    and seeds show.
    """
    names = ("plan", "money", "searched", "fresh", "worlds_better", "beside", "over")
    beside = label(ALL_MEASURES[found.space.lines.beside], lang)
    columns = tuple(say(f"search.column_{name}", lang, beside=beside) for name in names)
    rows = [
        (
            _placed(found, one, place, lang),
            yen(found.space.cost(one.rated.plan), lang),
            effect_text(one.searched.score),
            effect_text(one.rated.score),
            count_text(one.rated.score, lang),
            effect_text(one.rated.beside),
            effect_text(one.over) if one.over else say("unit.-", lang),
        )
        for place, one in enumerate(found.confirmed, 1)
    ]
    return Section(say("search.confirmed", lang), columns, rows)


def is_benchmark(found: Searched, one: Confirmed) -> bool:
    """Whether a plan is the one that spends the money on the benchmark alone."""
    return bool(found.space.lines.benchmark) and one.over is None


def _placed(found: Searched, one: Confirmed, place: int, lang: str) -> str:
    """Returns a plan with its place in the search; the benchmark, where it was left out on the way,
    with a word that says so.
    """
    outside = is_benchmark(found, one) and place > found.rounds[-1].kept
    head = (
        say("search.figure_benchmark", lang) if outside else say("search.place", lang, place=place)
    )
    return say("search.placed", lang, head=head, plan=plan_text(one.rated.plan, lang))


def frontier_section(found: Searched, lang: str) -> Section:
    """Returns the frontier: the plans of which no other is better in both, with the worlds in which
    the search saw them, and whether they keep the constraints.
    """
    beside = label(ALL_MEASURES[found.space.lines.beside], lang)
    names = ("plan", "money", "effect", "beside", "worlds", "keeps")
    columns = tuple(say(f"search.column_{name}", lang, beside=beside) for name in names)
    rows = [
        (
            plan_text(one.plan, lang),
            yen(found.space.cost(one.plan), lang),
            effect_text(one.score),
            effect_text(one.beside),
            str(one.score.worlds),
            say("search.broken" if any(one.broken.values()) else "search.kept_all", lang),
        )
        for one in found.frontier
    ]
    return Section(say("search.frontier", lang, beside=beside), columns, rows)


def search_lines(found: Searched, lang: str) -> list[str]:
    """Returns what may be said of the winner: against no plan, against the same money on the
    benchmark, and whether it keeps the constraints.
    """
    winner = found.winner
    plan = plan_text(winner.rated.plan, lang)
    return [
        say("search.winner", lang, plan=plan, money=yen(found.space.cost(winner.rated.plan), lang)),
        *_against_nothing(found, winner, lang),
        *_against_benchmark(found, winner, lang),
        *_constraints(found, winner, lang),
        *_better_runner_up(found, lang),
        say("summary.model", lang, **grades()),
    ]


def _verdict(effect: Effect) -> str:
    return "better" if effect.decided else "worse" if effect.worse else "undecided"


def _against_nothing(found: Searched, winner: Confirmed, lang: str) -> list[str]:
    effect = winner.rated.score
    told = {
        "effect": effect_text(effect),
        "searched": effect_text(winner.searched.score),
        "better": effect.better,
        "worlds": effect.worlds,
        "luck": f"{100 * effect.luck:.2g}",
        "objective": objective_text(found.objective, lang),
    }
    few = {"worlds": effect.worlds, "fewest": FEWEST}
    lines = [say("search.trial", lang, **few)] if effect.worlds < FEWEST else []
    lines.append(say(f"search.nothing_{_verdict(effect)}", lang, **told))
    if effect.decided and households_share(found.objective.measure):
        years = found.space.scenario(found.space.nothing).years
        number = -effect.mean / 100 * found.households * years
        told = {"number": f"{abs(number):,.0f}", "years": years}
        key = "search.household_years" if number > 0 else "search.household_years_more"
        each = yen(found.space.cost(winner.rated.plan) * years / abs(number), lang)
        lines.append(say(key, lang, **told, each=each))
    return lines


def _against_benchmark(found: Searched, winner: Confirmed, lang: str) -> list[str]:
    if not found.space.lines.benchmark:
        return []
    name = setting_words(found.space.lines.benchmark, lang)
    if winner.over is None:
        return [say("search.is_benchmark", lang, name=name)]
    told = {
        "name": name,
        "effect": effect_text(winner.over),
        "better": winner.over.better,
        "worlds": winner.over.worlds,
        "luck": f"{100 * winner.over.luck:.2g}",
    }
    return [say(f"search.benchmark_{_verdict(winner.over)}", lang, **told)]


def _constraints(found: Searched, winner: Confirmed, lang: str) -> list[str]:
    texts = dict(
        zip(
            (one.name for one in found.objective.constraints),
            constraint_texts(found.objective, lang),
            strict=True,
        )
    )
    lines = []
    for name, text in texts.items():
        before, after = winner.searched.broken[name], winner.rated.broken[name]
        key = "search.keeps" if after == 0 else "search.breaks"
        lines.append(say(key, lang, text=text, by=f"{after:.2g}"))
        if before > 0:
            lines.append(say("search.none_keeps", lang, text=text))
    return lines


def _better_runner_up(found: Searched, lang: str) -> list[str]:
    """Says where a plan that the search put behind does better on fresh worlds: nothing is chosen
    anew, since the best of several would again be the luckiest.
    """
    first = found.winner.rated.score.mean
    others = [one for one in found.confirmed[1:] if one.rated.score.mean < first]
    return [say("search.behind_better", lang, number=len(others))] if others else []


def candidates_table(found: Searched) -> pd.DataFrame:
    """Returns every plan that was tried as it was last rated: settings, money, round, effects."""
    return pd.DataFrame([_row(found, one) for one in found.rated])


def _row(found: Searched, one: Rated) -> dict[str, Any]:
    number = found.last_round[one.plan.id]
    return {
        "plan": one.plan.id,
        "origin": one.plan.origin,
        **{lang: plan_text(one.plan, lang) for lang in LANGUAGES},
        "yen": round(found.space.cost(one.plan)),
        "round": number + 1,
        "worlds": found.rounds[number].worlds,
        **_effects("effect", one.score),
        **_effects("beside", one.beside),
        **{f"broken_{name}": value for name, value in one.broken.items()},
        "frontier": any(one is other for other in found.frontier),
        **{axis.name: one.plan.values[at] for at, axis in enumerate(found.space.axes)},
    }


def _effects(name: str, effect: Effect) -> dict[str, Any]:
    return {
        name: effect.mean,
        f"{name}_low": effect.low,
        f"{name}_high": effect.high,
        f"{name}_lower_in": effect.better,
    }


def confirmed_table(found: Searched) -> pd.DataFrame:
    """Returns the plans that were confirmed, with both numbers."""
    rows = []
    for place, one in enumerate(found.confirmed, 1):
        over = one.over or effect_of([])
        rows.append(
            {
                "place": place,
                "plan": one.rated.plan.id,
                "origin": one.rated.plan.origin,
                **{lang: plan_text(one.rated.plan, lang) for lang in LANGUAGES},
                "yen": round(found.space.cost(one.rated.plan)),
                "searched": one.searched.score.mean,
                **_effects("fresh", one.rated.score),
                "worlds": one.rated.score.worlds,
                "by_luck": one.rated.score.luck,
                **_effects("beside", one.rated.beside),
                **_effects("over_benchmark", over),
                **{f"broken_{name}": value for name, value in one.rated.broken.items()},
            }
        )
    return pd.DataFrame(rows)


def rounds_table(found: Searched) -> pd.DataFrame:
    """Returns the rounds: plans tried, worlds, and how many went on."""
    return pd.DataFrame([one._asdict() for one in found.rounds])
