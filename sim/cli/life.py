"""`sim life`: the life of one household of a scenario, or of two arms of a comparison side by side,
told and drawn.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import Code, Lang, Outside, Quiet
from sim.cli.help import bilingual_help
from sim.cli.progress import Bar
from sim.files.toml import write_whole
from sim.scenario.arms import is_comparison, read_comparison
from sim.scenario.comparison import Arm
from sim.scenario.load import read
from sim.scenario.seeds import LARGEST_SEED
from sim.words import LANGUAGES, Phrase, language, say
from sim.words.errors import fault, short, unknown

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario


def life_command(
    file: Path,
    household: Annotated[
        int | None, typer.Option("--household", help=bilingual_help("cli.household"))
    ] = None,
    arms: Annotated[str | None, typer.Option("--arms", help=bilingual_help("cli.arms"))] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=LARGEST_SEED, help=bilingual_help("cli.seed"))
    ] = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=bilingual_help("cli.out_life"))] = None,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
    allow_code: Code = None,
) -> None:
    """Run a scenario, or two arms of a comparison, for one seed with the log of events; tell the
    life of one household.
    """
    may = {"allow_outside": allow_outside, "allow_code": allow_code or ()}
    chosen = chosen_arms(file, arms, {} if years is None else {"years": years}, may)
    seed = chosen[0].scenario.seeds[0] if seed is None else seed
    logs = [_logged(arm.scenario, seed, household, quiet) for arm in chosen]
    account = Account(chosen, logs, seed, household)
    print(
        account.told(language()).replace("# ", "", 1).replace("**", "").replace("## ", ""), end=""
    )
    if out is not None:
        account.write(out)
        if not quiet:
            for line in account.letters:
                print(line, file=sys.stderr)
            print(say("written", file=short(out)))


def chosen_arms(
    file: Path, named: str | None, overrides: dict[str, Any], may: dict[str, Any]
) -> list[Arm]:
    """Returns the scenario of a file; or, of a comparison, the two arms named (left out: the
    reference and the first other one).

    A file or the folder of finished results: in a folder, the comparison that its manifest holds.
    `may`: what the caller allows, as in `load`.
    """
    if file.is_dir():
        from sim.study.manifest import comparison_of

        comparison = comparison_of(file, may["allow_code"])
    elif is_comparison(file) or named is not None:
        comparison = read_comparison([file], overrides=overrides, **may)
    else:
        scenario = read(file, overrides=overrides, **may).scenario
        return [Arm(scenario.id, scenario.name, scenario)]
    names = [arm.id for arm in comparison.arms]
    wanted = (
        [comparison.reference, comparison.others[0].id]
        if named is None
        else [name.strip() for name in named.split(",")]
    )
    for name in wanted:
        if name not in names:
            raise unknown("error.unknown_arm", name, names, at="--arms", file=short(file))
    if len(wanted) > 2:
        raise fault("error.two_arms", at="--arms", given=named, allowed=", ".join(names))
    return [comparison.arm(name) for name in wanted]


def _logged(scenario: Scenario, seed: int, household: int | None, quiet: bool) -> pd.DataFrame:
    """Returns the log of a run; refuses a household that the town does not have."""
    from sim.model.course import Course

    town = Course(scenario.model_copy(update={"event_log": True}), seed)
    last = town.state.households.rows - 1
    if household is not None and not 0 <= household <= last:
        allowed = Phrase("allowed.range", {"low": 0, "high": f"{last:,}"})
        raise fault("error.household", at="--household", given=household, allowed=allowed)
    with Bar(1, town.horizon, quiet) as bar:
        town.run(lambda week, _horizon: bar.simulated(week))
    return town.events


class Account:
    """One household's life in one arm or in two, from their logs; left to choose, the household
    with the fullest life (of two arms, among those whose lives part).
    """

    def __init__(self, arms: list[Arm], logs: list[pd.DataFrame], seed: int, household: int | None):
        from sim.study.life import fullest, life_line, partings

        self.arms, self.seed = arms, seed
        self.parted = partings(*logs[::-1]) if len(logs) > 1 else None
        among = logs[-1]
        if self.parted is not None and len(self.parted):
            among = among[among["household"].isin(set(self.parted["household"]))]
        self.household = fullest(among) if household is None else household
        self.lines = [life_line(log, self.household) for log in logs]

    def told(self, lang: str) -> str:
        """Returns the life as a page; of two arms one after the other, with where they part."""
        from sim.study.life import life_line_page, parting

        pages = [
            life_line_page(line, arm.scenario, self.household, self.seed, lang)
            for arm, line in zip(self.arms, self.lines, strict=True)
        ]
        if self.parted is None:
            return pages[0]
        head, remark, _ = pages[0].split("\n\n", 2)
        bodies = [
            f"## {getattr(arm.name, lang)}\n\n{page.split(chr(10) * 2, 2)[2]}"
            for arm, page in zip(self.arms, pages, strict=True)
        ]
        return "\n\n".join(
            [
                head,
                remark,
                parting(self.parted, self.household, self.arms[0].scenario, lang),
                "\n".join(bodies),
            ]
        )

    @property
    def letters(self) -> list[str]:
        """One sentence on the letters of names that the figure lacks; none where it has all."""
        from sim.report.figures.names import letters_line

        named = [one for arm in self.arms for one in (arm.name, arm.scenario.name)]
        return letters_line([getattr(one, lang) for one in named for lang in LANGUAGES], language())

    def write(self, out: Path) -> None:
        """Texts and figure in both languages; an error of the disk becomes a message."""
        from sim.report.figures.life import Lives, draw_life

        week = None
        if self.parted is not None:
            mine = self.parted[self.parted["household"] == self.household]["week"]
            week = int(mine.iloc[0]) if len(mine) else None
        for lang in LANGUAGES:
            write_whole(out / f"life.{lang}.md", self.told(lang), overwrite=True)
            named = [
                (getattr(arm.name, lang) if len(self.arms) > 1 else "", line)
                for arm, line in zip(self.arms, self.lines, strict=True)
            ]
            try:
                draw_life(
                    Lives(self.household, self.seed, named, self.arms[0].scenario, week), out, lang
                )
            except OSError as error:
                raise fault(
                    "error.unwritable", file=short(out), detail=error.strerror or str(error)
                ) from None
