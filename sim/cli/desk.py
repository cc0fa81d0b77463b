"""`sim desk`: a page on this machine that shows two towns living side by side."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import Lang, Outside, Quiet
from sim.cli.help import bilingual_help, option
from sim.cli.life import chosen_arms
from sim.cli.progress import prepare_engine
from sim.files.locator import located
from sim.scenario.seeds import LARGEST_SEED
from sim.words import language, say

if TYPE_CHECKING:
    from sim.scenario.comparison import Arm

FILE = Path("scenarios/kaga.toml")
LARGEST_PORT = 65_535


def desk_command(
    file: Annotated[Path, typer.Argument()] = FILE,
    arms: Annotated[str | None, typer.Option("--arms", help=bilingual_help("cli.arms"))] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=LARGEST_SEED, help=bilingual_help("cli.seed"))
    ] = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=LARGEST_PORT, help=bilingual_help("cli.desk_port"))
    ] = 0,
    browser: Annotated[bool, option("desk", "browser", "--browser/--no-browser")] = True,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
) -> None:
    """Serve the page until Ctrl-C."""
    from sim.desk.page_server import bound_socket, serve_page

    overrides = {} if years is None else {"years": years}
    may = {"allow_outside": allow_outside, "allow_code": ()}
    chosen = chosen_arms(located(file), arms, overrides, may)
    one, other = chosen[0], chosen[-1]
    place = bound_socket(port)
    prepare_engine([one.scenario], quiet)
    serve_page(
        desk_with(one, other, seed), place, lambda address: tell_address(address, browser, quiet)
    )


def desk_with(one: Arm, other: Arm, seed: int | None) -> Any:
    """Returns the desk of two arms, which may be the same one."""
    from sim.desk.page_server import Desk
    from sim.desk.twin import Twin
    from sim.economics.costing import read_prices
    from sim.study.compare import PRICES

    twin = Twin(one.scenario, other.scenario, one.scenario.seeds[0] if seed is None else seed)
    return Desk(twin, read_prices(PRICES), language())


def tell_address(address: str, browser: bool, quiet: bool) -> None:
    """Say where the page is, and open it."""
    print(say("desk.address", address=address), flush=True)
    if not quiet:
        print(say("desk.stop"), file=sys.stderr, flush=True)
    if browser:
        webbrowser.open(address)
