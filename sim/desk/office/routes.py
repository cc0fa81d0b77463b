"""What the page of the five steps can ask for: a form, a draft, a work that is kept, computed, shown
and handed out. Texts come in; names of works and words for files are looked up, never used as paths.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sim.desk.office.drafts import Drafting, draft_shown, two_towns, usual_kinds, usual_prices
from sim.desk.office.form import book_bytes, form_shown, read_form, texts_of
from sim.desk.office.job import Job, how_far
from sim.desk.office.result import case_of, fit_shown, result_shown
from sim.desk.office.works import PAGE, WorkFolder, Works
from sim.desk.static_files import static_file
from sim.desk.twin import Twin
from sim.files.toml import write_whole_bytes
from sim.officer.planning import write_files
from sim.officer.reading import BookRead, read_book
from sim.officer.writing import template_bytes
from sim.study.store import MANIFEST
from sim.words import LANGUAGES, words
from sim.words.errors import ScenarioError, fault, unknown

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".toml": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN_IN_PAGE = (".html", ".pdf")  # others are saved
MOST_WORLDS = 200
PREFIX = "desk."
Given = dict[str, Any]


class Office:
    """The works below a folder, and the one command that may run for them; `drafted` is what makes a
    comparison of a workbook.
    """

    def __init__(self, root: Path, drafted: Drafting, twin: Twin | None = None):
        self.works, self.drafted, self.twin = Works(root), drafted, twin
        self.job: Job | None = None
        self._shown: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        saving = asyncio.Lock()
        # what waits for what: the rest is answered while a result is put together
        self._waits = {"save": saving, "run": saving, "result": asyncio.Lock()}
        self.actions: dict[str, Callable[[Given, str], Any]] = {
            "draft": self._draft, "save": self._save, "run": self._run, "stop": self._stop,
            "result": self._result, "towns": self._towns, "open": self._open,
        }  # fmt: skip

    def routes(self) -> list[Route]:
        """The routes of the page."""
        return [
            Route("/office", self.page),
            Route("/office/setup", self.setup),
            Route("/office/work", self.work),
            Route("/office/template", self.template),
            Route("/office/book", self.upload, methods=["POST"]),
            Route("/office/file/{id}/{word}", self.file),
        ]

    def close(self) -> None:
        """End the command that is running; what it has finished is kept."""
        if self.job is not None:
            self.job.end()

    async def page(self, _request: Request) -> Response:
        """The page itself, which holds no data."""
        found = static_file("office.html")
        assert found is not None
        return Response(found[0], media_type=found[1])

    async def setup(self, request: Request) -> Response:
        """What stays: words, the form, usual prices; and the works that there are."""
        lang = _lang(request.query_params.get("lang", ""))
        return JSONResponse(await asyncio.to_thread(self._setup, lang))

    def _setup(self, lang: str) -> dict[str, Any]:
        return {
            "lang": lang,
            "words": {key: text for key, text in words(lang).items() if key.startswith(PREFIX)},
            "form": form_shown(lang),
            "prices": usual_prices(),
            "kinds": usual_kinds(),
            "works": [self._named(one) for one in self.works.all()],
            "running": self.job.work.id if self.job and self.job.running else "",
        }

    def _named(self, work: WorkFolder) -> dict[str, Any]:
        """A work for the list: its name, and whether it has a result."""
        day = work.id[:8]
        try:
            read = read_book(work.book_for("ja"))
            name = f"{read.values.get('town.name', '')} {read.values.get('plan.title', '')}".strip()
        except ScenarioError:
            name = ""
        done = (work.results / MANIFEST).is_file()
        return {"id": work.id, "name": name, "day": f"{day[:4]}/{day[4:6]}/{day[6:]}", "done": done}

    async def work(self, request: Request) -> Response:
        """How far a work is: whether a command runs, what it said, which files are there."""
        lang = _lang(request.query_params.get("lang", ""))
        try:
            work = self.works.named(request.query_params.get("id", ""))
        except ScenarioError as error:
            return JSONResponse({"refused": error.say(lang)}, 404)
        return JSONResponse(self._state(work, lang))

    def _state(self, work: WorkFolder, lang: str) -> dict[str, Any]:
        fit = next((found for one in work.fits if (found := fit_shown(one, lang))), None)
        return how_far(work, self.job, lang) | {
            "id": work.id,
            "files": sorted(work.files(lang)),
            "done": (work.results / MANIFEST).is_file(),
            "fit": fit,
        }

    async def template(self, request: Request) -> Response:
        """The workbook to fill in, empty."""
        lang = _lang(request.query_params.get("lang", ""))
        content = await asyncio.to_thread(template_bytes, lang)
        headers = {"Content-Disposition": 'attachment; filename="municipal_data.xlsx"'}
        return Response(content, media_type=KINDS[".xlsx"], headers=headers)

    async def upload(self, request: Request) -> Response:
        """A workbook that was filled in elsewhere becomes a work of its own."""
        lang = _lang(request.query_params.get("lang", ""))
        content = await request.body()
        try:
            return JSONResponse(await asyncio.to_thread(self._taken, content, lang))
        except ScenarioError as error:
            return JSONResponse({"refused": error.say(lang)}, 422)

    def begun_with(self, file: Path) -> str:
        """Take a copy of a workbook as a new work; its name. Raises ScenarioError where it is none."""
        read_book(file)  # a refusal names the user's file
        return str(self._taken(file.read_bytes(), LANGUAGES[0])["id"])

    def _taken(self, content: bytes, lang: str) -> dict[str, Any]:
        work = self.works.new()
        file = work.book_for(lang)
        write_whole_bytes(file, content)
        try:
            read = read_book(file)
        except ScenarioError:
            file.unlink()
            work.folder.rmdir()
            raise
        if read.lang != lang:
            file.rename(work.folder / WorkFolder(Path("-")).book_for(read.lang).name)
        return {"id": work.id, "values": texts_of(read), "lang": read.lang}

    async def file(self, request: Request) -> Response:
        """A file of a work, asked for by its word; `all` is everything in one archive."""
        lang = _lang(request.query_params.get("lang", ""))
        try:
            work = self.works.named(request.path_params["id"])
            word = request.path_params["word"]
            if word == "all":
                return await asyncio.to_thread(_archive, work)
            files = work.files(lang)
            if word not in files:
                raise unknown("error.desk_file", word, files, at=work.id, file=PAGE)
        except ScenarioError as error:
            return Response(error.say(lang), 404, media_type="text/plain; charset=utf-8")
        return _handed(files[word])

    async def do(self, what: str, given: Given, lang: str) -> Any:
        """What a button asks for; raises ScenarioError for what none asks, or what cannot be."""
        if what not in self.actions:
            raise unknown("error.desk_action", what, self.actions, at="office", file=PAGE)
        if what == "towns":
            return await self._towns(given, lang)
        waits = self._waits.get(what)
        if waits is None:
            return await asyncio.to_thread(self.actions[what], given, lang)
        async with waits:
            return await asyncio.to_thread(self.actions[what], given, lang)

    def _read(self, given: Given, lang: str) -> tuple[WorkFolder, BookRead]:
        """What a form means, and the work that it belongs to, a new one where it has none."""
        work = self.works.named(str(given["id"])) if given.get("id") else self.works.new()
        values = given.get("values")
        before = read_book(work.book) if work.book else None
        of = before.lang if before else lang
        if not isinstance(values, dict):
            if before is None:
                raise fault("error.desk_work", at="work", file=PAGE)
            return work, before
        return work, read_form(values, of, before, work.book_for(of))

    def _draft(self, given: Given, lang: str) -> dict[str, Any]:
        _work, read = self._read(given, lang)
        return draft_shown(read, self.drafted, lang)

    def _save(self, given: Given, lang: str) -> dict[str, Any]:
        work, read = self._read(given, lang)
        write_whole_bytes(work.book_for(read.lang), book_bytes(read), overwrite=True)
        return {"id": work.id}

    def _open(self, given: Given, lang: str) -> dict[str, Any]:
        work = self.works.named(str(given["id"]))
        assert work.book is not None
        return {"id": work.id, "values": texts_of(read_book(work.book))}

    def _run(self, given: Given, lang: str) -> dict[str, Any]:
        """Begin the fit or the comparison of a work, whose form is kept first."""
        if self.job is not None and self.job.running:
            raise fault("error.desk_busy", at="run", file=PAGE)
        kind = str(given.get("what", "go"))
        if kind not in COMMANDS:
            raise unknown("error.desk_action", kind, COMMANDS, at="run", file=PAGE)
        worlds = min(MOST_WORLDS, max(0, int(given.get("worlds", 24))))
        work, read = self._read(given, lang)
        draft, _plan = self.drafted(read)
        if read.all_faults:
            raise ScenarioError(*read.all_faults)
        book = work.book_for(read.lang)
        write_whole_bytes(book, book_bytes(read), overwrite=True)
        if kind == "fit":
            write_files(work.plan, draft.files)
        self.job = Job(work, kind, COMMANDS[kind](work, book, worlds, read.lang))
        return self._state(work, lang)

    def _stop(self, _given: Given, _lang: str) -> dict[str, Any]:
        self.close()
        return {}

    def _result(self, given: Given, lang: str) -> dict[str, Any]:
        """The result of a work; reckoned once for each of its comparisons and languages."""
        work = self.works.named(str(given["id"]))
        manifest = work.results / MANIFEST
        if not manifest.is_file():
            raise fault("error.desk_no_result", at=work.id, file=PAGE)
        made = manifest.read_text(encoding="utf-8")
        key = work.id, lang
        if key not in self._shown or self._shown[key][0] != made:
            self._shown[key] = made, result_shown(case_of(work.results), lang)
        return self._shown[key][1]

    async def _towns(self, given: Given, lang: str) -> dict[str, Any]:
        """Show the two towns of a work in place of those that are shown."""
        _work, read = await asyncio.to_thread(self._read, given, lang)
        draft, _plan = await asyncio.to_thread(self.drafted, read)
        if read.all_faults:
            raise ScenarioError(*read.all_faults)
        if self.twin is None or not self.twin.ready:
            raise fault("error.desk_busy", at="towns", file=PAGE)
        one, other = await asyncio.to_thread(two_towns, draft)
        self.twin.plans = {}
        await self.twin.show(one, other, self.twin.lines, "")
        return {}


def _go(work: WorkFolder, book: Path, worlds: int, lang: str) -> list[list[str]]:
    go = ["go", str(book), "--out", str(work.plan), "--worlds", str(worlds), "--report"]
    return [[*go, "--lang", lang]]


def _fit(work: WorkFolder, _book: Path, worlds: int, lang: str) -> list[list[str]]:
    town = str(work.plan / "town.toml")
    return [["fit", town, "--worlds", str(worlds), "--out", str(work.fit), "--lang", lang]]


COMMANDS: dict[str, Callable[[WorkFolder, Path, int, str], list[list[str]]]] = {
    "go": _go,
    "fit": _fit,
}


def _lang(asked: str) -> str:
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _handed(file: Path) -> Response:
    """A file as the browser shows or saves it. A page of a report brings its own scripts and styles
    with it, and may ask for nothing else.
    """
    kept = "inline" if file.suffix in SHOWN_IN_PAGE else "attachment"
    headers = {"Content-Disposition": f'{kept}; filename="{_plain(file.name)}"'}
    if file.suffix == ".html":
        headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
            "img-src data:; font-src data:; sandbox allow-scripts allow-modals allow-popups"
        )
    return Response(file.read_bytes(), media_type=KINDS[file.suffix], headers=headers)


def _plain(name: str) -> str:
    """A file name of plain letters."""
    return name if name.isascii() else f"sim{Path(name).suffix}"


def _archive(work: WorkFolder) -> Response:
    """Everything of a work but the cells, as one archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(work.folder.rglob("*")):
            place = file.relative_to(work.folder)
            if file.is_file() and "cells" not in place.parts and not file.name.startswith("."):
                archive.write(file, str(place))
    headers = {"Content-Disposition": f'attachment; filename="sim-{work.id}.zip"'}
    return Response(content.getvalue(), media_type="application/zip", headers=headers)
