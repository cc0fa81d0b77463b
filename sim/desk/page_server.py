"""The server of the page: on this machine alone, for whoever holds the address that the terminal
shows.

It listens on the loopback address. The token in the address is exchanged at first load for a cookie
and taken out of the address. Every request must name this host; every POST must come from this page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.desk.actions import act
from sim.desk.frames import frame_of, setup_of
from sim.desk.meter import Meter
from sim.desk.office.routes import Office
from sim.desk.recording import Recording
from sim.desk.static_files import static_file
from sim.desk.town_process import TownEnded
from sim.desk.twin import Twin
from sim.economics.costing import PriceBook
from sim.words import LANGUAGES, language, say
from sim.words.errors import ScenarioError, fault

HERE = "127.0.0.1"
PAGES = ("office",)  # beside that of the towns
MOST_BYTES = 512 * 1024
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TAKEN = {"/office/book": (WORKBOOK, 20 * 1024 * 1024)}  # what a POST may hold beside JSON
MOST_WINDOWS = 4  # a browser holds six connections to a server; each window keeps one of them
LONGEST_NAME = 64  # of a window
Done = Callable[[str, dict[str, Any], str], Awaitable[dict[str, Any]]]
STILL = 10.0  # seconds after which a window is told that the server is there
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Lets only requests through that this machine's user makes from this page."""

    def __init__(self, app: ASGIApp, port: int):
        self.app = app
        self.hosts = {f"{HERE}:{port}", f"localhost:{port}"}
        self.cookie = f"sim_desk_{port}"
        self.token, self.session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, and hand on the rest with the headers of HEADERS."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        answer = self._refused(request) or self._exchanged(request)

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [
                    (name.lower().encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.lower().encode() not in own
                ]
            await send(message)

        await (answer or self.app)(scope, receive, with_headers)

    def _refused(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self.hosts:
            return Response("this host is not served", 400)
        if request.method not in ("GET", "POST"):
            return Response("not allowed", 405)
        if request.method == "POST":
            return self._refused_post(request, host)
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return Response("asked from another page", 403)
        return None

    def _refused_post(self, request: Request, host: str) -> Response | None:
        if request.headers.get("origin") != f"http://{host}":
            return Response("asked from another page", 403)
        kind, most = TAKEN.get(request.url.path, ("application/json", MOST_BYTES))
        if request.headers.get("content-type", "").partition(";")[0] != kind:
            return Response(f"only {kind}", 415)
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > most:
            return Response("too long", 413)
        return None

    def _exchanged(self, request: Request) -> Response | None:
        """The token for the cookie, or a refusal where there is neither."""
        given = request.query_params.get("token", "")
        if (
            given
            and request.url.path == "/"
            and secrets.compare_digest(given.encode(), self.token.encode())
        ):
            to = request.query_params.get("to", "")
            answer = RedirectResponse(f"/{to}" if to in PAGES else "/", 303)
            answer.set_cookie(self.cookie, self.session, httponly=True, samesite="strict", path="/")
            return answer
        held = request.cookies.get(self.cookie, "")
        if not secrets.compare_digest(held.encode(), self.session.encode()):
            return _told("desk.no_token", language(), 403)
        return None


class NotYet(RuntimeError):
    """Raised where a button is pressed before there is anything to press it for."""


@dataclass
class Window:
    """An open window: the weeks and versions it has been told of, the year and cuts for which it has
    the money, how many frames were sent, and the last that it acknowledged.
    """

    sent: int = 0
    cuts: int = 0
    version: int = -1
    priced: tuple[int, int] = (-1, 0)
    told: int = 0
    known: int = 0
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


class Desk:
    """What the page can ask for; all windows show the same two towns."""

    def __init__(self, twin: Twin, book: PriceBook, lang: str, office: Office | None = None):
        self.twin, self.book, self.lang, self.office = twin, book, lang, office
        self.meter, self.recording = Meter(book), Recording(book)
        self.life: dict[str, Any] | None = None
        twin.keep = self.recording.keep
        self.windows: dict[str, Window] = {}
        self.opening: asyncio.Task[None] | None = None

    def application(self) -> Starlette:
        """The routes of the page."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/static/{name}", self.file),
                Route("/setup", self.setup),
                Route("/frames", self.frames),
                Route("/record", self.record),
                Route("/do/{what}", self.do, methods=["POST"]),
                Route("/office/do/{what}", self.do_in_office, methods=["POST"]),
                *(self.office.routes() if self.office else ()),
            ],
            lifespan=self._life,
        )

    @asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        self.opening = asyncio.create_task(self.twin.open())
        yield
        self.opening.cancel()
        await self.close()

    async def close(self) -> None:
        """End the towns and what is computed for the office."""
        await self.twin.close()
        if self.office is not None:
            await asyncio.to_thread(self.office.close)

    def _lang(self, request: Request) -> str:
        asked = request.query_params.get("lang", self.lang)
        return asked if asked in LANGUAGES else self.lang

    async def page(self, _request: Request) -> Response:
        """The page itself, which holds no data."""
        return _static("desk.html")

    async def file(self, request: Request) -> Response:
        """A script or style of the page."""
        return _static(request.path_params["name"])

    async def setup(self, request: Request) -> Response:
        """What stays while the page is open, in one language; waits until the towns stand."""
        lang = self._lang(request)
        assert self.opening is not None
        try:
            await asyncio.shield(self.opening)
        except TownEnded as error:
            return _told("desk.not_opened", lang, 503, reason=error)
        limit = {"full": self._full(_window(request)), "most": MOST_WINDOWS}
        limit["office"] = self.office is not None
        return JSONResponse(setup_of(self.twin, lang, self.book) | limit)

    async def record(self, request: Request) -> Response:
        """What has been lived, as a file that plays by itself."""
        if not any(week <= self.twin.week for week in self.recording.pictures):
            return _told("desk.not_yet", self._lang(request), 409)
        async with self.twin.moving:
            life = self.life if self.life and self.life["shown"] == self.twin.shown else None
            page = self.recording.page(self.twin, self._lang(request), life)
        named = {"Content-Disposition": 'attachment; filename="sim-desk.html"'}
        return Response(page, media_type="text/html", headers=named)

    async def frames(self, request: Request) -> Response:
        """Frames as server-sent events; the next one when the last is acknowledged."""
        id, lang = _window(request) or secrets.token_urlsafe(8), self._lang(request)
        if self._full(id):
            return _told("desk.windows", lang, 429, most=MOST_WINDOWS)
        if id in self.windows:
            self.windows[id].acknowledged.set()
        self.windows[id] = Window()
        stream = self._stream(id, self.windows[id], lang)
        return StreamingResponse(stream, media_type="text/event-stream")

    def _full(self, id: str) -> bool:
        """Whether there is no room for a window; one that is open already takes no more."""
        return id not in self.windows and len(self.windows) >= MOST_WINDOWS

    async def _stream(self, id: str, window: Window, lang: str) -> AsyncIterator[str]:
        """Frames for a window, until it closes or is opened anew."""
        twin = self.twin
        try:
            yield _event("window", {"id": id})
            while not twin.closed and self.windows.get(id) is window:
                if not await twin.wait_for_news(window.version, STILL):
                    yield ": still here\n\n"
                    continue
                if twin.closed:
                    break
                yield _event("frame", await self._news(window, lang))
                await self._acknowledged(window)
        finally:
            if self.windows.get(id) is window:
                del self.windows[id]

    async def _news(self, window: Window, lang: str) -> dict[str, Any]:
        """The frame of what is new to a window."""
        async with self.twin.moving:
            window.version = self.twin.version
            since = min([window.sent, *self.twin.cuts[window.cuts :]])
            frame = frame_of(self.twin, since, lang)
            window.sent, window.cuts = self.twin.week, len(self.twin.cuts)
            if window.priced != (priced := (self.twin.week // WEEKS_PER_YEAR, window.cuts)):
                frame["money"] = await asyncio.to_thread(self.meter.years, self.twin)
                window.priced = priced
        window.told += 1
        return frame | {"number": window.told}

    async def _acknowledged(self, window: Window) -> None:
        while window.known < window.told and not self.twin.closed:
            window.acknowledged.clear()
            try:
                await asyncio.wait_for(window.acknowledged.wait(), STILL)
            except TimeoutError:
                return

    async def do(self, request: Request) -> Response:
        """What a button of the towns asks for; refusals are sentences."""
        return await self._answered(request, self._done)

    async def do_in_office(self, request: Request) -> Response:
        """What a button of the five steps asks for."""
        return await self._answered(request, self._done_in_office)

    async def _answered(self, request: Request, done: Done) -> Response:
        lang = self._lang(request)
        try:
            given = read_given(await request.body())
            lang = given["lang"] if given.get("lang") in LANGUAGES else lang
            answer = await done(request.path_params["what"], given, lang)
        except NotYet:
            return JSONResponse({"refused": say("desk.not_yet", lang)}, 409)
        except ScenarioError as error:
            return JSONResponse({"refused": error.say(lang)}, 422)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            told = say("desk.not_understood", lang, reason=f"{type(error).__name__}: {error}")
            return JSONResponse({"refused": told}, 400)
        except TownEnded as error:
            told = say("desk.not_opened", lang, reason=error)
            return JSONResponse({"refused": told}, 503)
        return JSONResponse(answer)

    async def _done_in_office(self, what: str, given: dict[str, Any], lang: str) -> dict[str, Any]:
        if self.office is None:
            raise NotYet
        return await self.office.do(what, given, lang)

    async def _done(self, what: str, given: dict[str, Any], _lang: str) -> dict[str, Any]:
        if what == "acknowledge":
            window = self.windows.get(str(given["window"]))
            if window is not None:
                window.known = int(given["number"])
                window.acknowledged.set()
            return {}
        if not self.twin.ready:
            raise NotYet
        answer = await act(self.twin, what, given)
        if what == "life":
            self.life = answer | {"lived": self.twin.week, "shown": self.twin.shown}
        return answer


def _event(kind: str, content: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(content, ensure_ascii=False, allow_nan=False)}\n\n"


def read_given(body: bytes) -> dict[str, Any]:
    """What came with a button: an object of JSON; raises ValueError for anything else, and for
    numbers that are none.
    """
    given = json.loads(body, parse_constant=_finite, parse_float=_finite)
    if not isinstance(given, dict):
        raise ValueError("an object is expected")
    return given


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number")
    return number


def _window(request: Request) -> str:
    """The name that a window gives itself; empty where it gives none, or a long one."""
    name = request.query_params.get("window", "")
    return name if len(name) <= LONGEST_NAME else ""


def _told(key: str, lang: str, status: int, **values: Any) -> Response:
    return Response(say(key, lang, **values), status, media_type="text/plain; charset=utf-8")


def _static(name: str) -> Response:
    found = static_file(name)
    return (
        Response("no such file", 404) if found is None else Response(found[0], media_type=found[1])
    )


def bound_socket(port: int) -> socket.socket:
    """A socket of this machine alone, at `port` (0: any that is free); raises ScenarioError where it
    is taken.
    """
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port that was left a moment ago is free; on Windows the option would let others in.
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    place.setsockopt(socket.SOL_SOCKET, alone, 1)
    try:
        place.bind((HERE, port))
    except OSError as error:
        place.close()
        raise fault("error.desk_port", at="--port", given=port) from error
    return place


class _Server(uvicorn.Server):
    """A server that says when it listens, and that ends the towns, and with them all frames, before it
    waits for windows to close.
    """

    def __init__(self, config: uvicorn.Config, desk: Desk, at_start: Callable[[], None]):
        super().__init__(config)
        self._desk, self._at_start = desk, at_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._at_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the towns, then the server."""
        await self._desk.close()
        await super().shutdown(sockets)


def serve_page(
    desk: Desk, place: socket.socket, at_start: Callable[[str], None], shown: str = ""
) -> None:
    """Serve the page until Ctrl-C; `at_start` is told its address, with the token, once it can be
    opened. `shown` is what the address says beside that: another page, and what it shows.
    """
    port = place.getsockname()[1]
    guard = Guard(desk.application(), port)
    address = f"http://{HERE}:{port}/?token={guard.token}{shown}"
    settings = uvicorn.Config(
        guard, log_level="critical", access_log=False, server_header=False, lifespan="on",
        timeout_graceful_shutdown=1, http="h11", ws="none",
    )  # fmt: skip
    with contextlib.suppress(KeyboardInterrupt):  # the server raises it again at its end
        _Server(settings, desk, partial(at_start, address)).run(sockets=[place])
