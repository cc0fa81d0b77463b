"""`sim life`: the life of one household of a scenario, told and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..scenario.errors import fault, short
from ..scenario.files import write_whole
from ..scenario.load import read
from ..words import LANGUAGES, Phrase, language, say
from .options import Lang, Outside, Quiet, both
from .progress import Bar

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario


def life(file: Path,
         household: Annotated[int | None, typer.Option("--household", help=both("cli.household"))] = None,
         seed: Annotated[int | None, typer.Option("--seed", min=0, help=both("cli.seed"))] = None,
         years: Annotated[int | None, typer.Option("--years", help=both("cli.years"))] = None,
         out: Annotated[Path | None, typer.Option("--out", help=both("cli.out_life"))] = None,
         lang: Lang = None, quiet: Quiet = False, allow_outside: Outside = False) -> None:
    """Run a scenario for one seed with its log of events, and tell the life of one household."""
    overrides = {"event_log": True} | ({} if years is None else {"years": years})
    scenario = read(file, overrides=overrides, allow_outside=allow_outside).scenario
    from ..build.composition import plan  # here, since SciPy takes half a second to import

    plan(scenario.people, scenario.values())
    seed = scenario.seeds[0] if seed is None else seed
    events = logged(scenario, seed, household, quiet)
    from ..experiment.life import fullest, life_line, markdown  # here, since pandas takes half a second to import

    home = fullest(events) if household is None else household
    line = life_line(events, home)
    print(markdown(line, scenario, home, seed, language()).replace("# ", "", 1).replace("**", ""), end="")
    if out is not None:
        for each in LANGUAGES:
            write_whole(out / f"life.{each}.md", markdown(line, scenario, home, seed, each), overwrite=True)
        draw(scenario, home, seed, line, out)
        if not quiet:
            print(say("written", file=short(out)))


def logged(scenario: Scenario, seed: int, household: int | None, quiet: bool) -> pd.DataFrame:
    """The log of a run; refuses a household that the town does not have."""
    from ..model import Town  # here, since Mesa takes a second to import

    town = Town(scenario, seed)
    last = town.state.households.rows - 1
    if household is not None and not 0 <= household <= last:
        allowed = Phrase("allowed.range", {"low": 0, "high": f"{last:,}"})
        raise fault("error.household", at="--household", given=household, allowed=allowed)
    with Bar(1, town.horizon, quiet) as bar:
        town.run(lambda week, _horizon: bar.lived(week))
    return town.events


def draw(scenario: Scenario, household: int, seed: int, line: pd.DataFrame, out: Path) -> None:
    """The figure in both languages; an error of the disk becomes a message."""
    from ..report.lifeline import Lives, draw_life  # here, since matplotlib takes a second to import

    try:
        draw_life(Lives(household, seed, [("", line)], scenario), out)
    except OSError as error:
        raise fault("error.unwritable", file=short(out), detail=error.strerror or str(error)) from None
