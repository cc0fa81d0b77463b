"""`sim desk`: a page on this machine that shows two towns living side by side."""

from __future__ import annotations

import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.check_book import WORKBOOKS
from sim.cli.console import Lang, Outside, Quiet
from sim.cli.help import bilingual_help, option
from sim.cli.life import chosen_arms
from sim.cli.progress import prepare_engine
from sim.files.locator import located
from sim.scenario.arms import is_comparison, read_comparison
from sim.scenario.seeds import LARGEST_SEED
from sim.words import language, say
from sim.words.errors import refuse_unwritable_name, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.desk.page_server import Desk
    from sim.scenario.comparison import Arm
    from sim.scenario.scenario import Scenario
    from sim.study.loop_ledger.tables import LoopLedger

FILE = Path("scenarios/kaga.toml")
LARGEST_PORT = 65_535
WORKS = Path("results") / "desk"


def desk_command(
    file: Annotated[Path, typer.Argument()] = FILE,
    arms: Annotated[str | None, typer.Option("--arms", help=bilingual_help("cli.arms"))] = None,
    lesson: Annotated[str | None, option("desk", "lesson")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=LARGEST_SEED, help=bilingual_help("cli.seed"))
    ] = None,
    years: Annotated[int | None, typer.Option("--years", help=bilingual_help("cli.years"))] = None,
    plan: Annotated[bool, option("desk", "plan")] = False,
    works: Annotated[Path, option("desk", "works")] = WORKS,
    port: Annotated[
        int, typer.Option("--port", min=0, max=LARGEST_PORT, help=bilingual_help("cli.desk_port"))
    ] = 0,
    record: Annotated[Path | None, option("desk", "record")] = None,
    browser: Annotated[bool, option("desk", "browser", "--browser/--no-browser")] = True,
    lang: Lang = None,
    quiet: Quiet = False,
    allow_outside: Outside = False,
) -> None:
    """Serve the page until Ctrl-C."""
    from sim.desk.lesson import lesson_named
    from sim.desk.lines import USUAL
    from sim.desk.page_server import bound_socket, serve_page

    ledger = None
    book = file if file.suffix.lower() in WORKBOOKS else None
    file = FILE if book is not None else file
    if lesson is None:
        overrides = {} if years is None else {"years": years}
        may = {"allow_outside": allow_outside, "allow_code": ()}
        chosen = [named_arm(arm) for arm in chosen_arms(located(file), arms, overrides, may)]
        one, other, lines = chosen[0], chosen[-1], USUAL
        ledger = ledger_of(located(file))
        plans = {arm.id: named_arm(arm) for arm in arms_of(located(file), overrides, may)}
    else:
        taught = lesson_named(lesson)
        (one, other), lines, plans = taught.towns(), taught.lines, {}
    if record is not None:
        record_page(record, one, other, lines, seed, quiet)
        return
    place = bound_socket(port)
    prepare_engine([one, other], quiet)
    desk = desk_with(one, other, seed, works)
    desk.twin.lines, desk.twin.lesson = tuple(lines), lesson or ""
    desk.twin.plans, desk.twin.ledger = plans, ledger
    begun = desk.office.begun_with(book) if desk.office and book is not None else ""
    shown = f"&to=office{'#town/' * bool(begun)}{begun}" if plan or begun else ""
    serve_page(desk, place, lambda address: tell_address(address, browser, quiet), shown)


def named_arm(arm: Arm) -> Scenario:
    """Returns the scenario of an arm under the arm's name."""
    return arm.scenario.model_copy(update={"name": arm.name})


def arms_of(file: Path, overrides: dict[str, Any], may: dict[str, Any]) -> tuple[Arm, ...]:
    """Returns all arms of a comparison; none of a scenario, or of a folder of results."""
    if file.is_dir() or not is_comparison(file):
        return ()
    return tuple(read_comparison([file], overrides=overrides, **may).arms)


def ledger_of(file: Path) -> LoopLedger | None:
    """Returns the ledger of the loops that lies beside the folder of a finished comparison."""
    if not file.is_dir():
        return None
    from sim.desk.carried import ledger_beside
    from sim.study.manifest import comparison_of

    return ledger_beside(file, comparison_of(file, ()))


def record_page(
    out: Path, one: Scenario, other: Scenario, lines: Sequence[str], seed: int | None, quiet: bool
) -> None:
    """Live both towns to the end and write the page that plays them."""
    import asyncio

    from sim.desk.recording import record_run
    from sim.files.toml import write_whole

    refuse_unwritable_name(out)
    prepare_engine([one, other], quiet)
    desk = desk_with(one, other, seed)
    desk.twin.lines = tuple(lines)
    write_whole(out, asyncio.run(record_run(desk.twin, desk.book, language())), overwrite=True)
    if not quiet:
        print(say("written", file=short(out)))


def desk_with(one: Scenario, other: Scenario, seed: int | None, works: Path | None = None) -> Desk:
    """Returns the desk of two scenarios, which may be the same one; with `works`, the folder of an
    officer's plans.
    """
    from sim.cli.go import drafted
    from sim.desk.office.routes import Office
    from sim.desk.page_server import Desk
    from sim.desk.twin import Twin
    from sim.economics.costing import read_prices
    from sim.study.compare import PRICES

    twin = Twin(one, other, one.seeds[0] if seed is None else seed)
    office = None if works is None else Office(works, drafted, twin)
    return Desk(twin, read_prices(PRICES), language(), office)


def tell_address(address: str, browser: bool, quiet: bool) -> None:
    """Say where the page is, and open it."""
    print(say("desk.address", address=address), flush=True)
    if not quiet:
        print(say("desk.stop"), file=sys.stderr, flush=True)
    if browser:
        # in a thread, since some browsers keep whoever opens them until they are closed
        threading.Thread(target=open_browser, args=(address,), daemon=True).start()


def open_browser(address: str) -> None:
    """Open the page, where there is a browser with windows; one of the terminal would take the
    terminal, and could not show it.
    """
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return
    if type(found) is not webbrowser.GenericBrowser:
        found.open(address)
