"""The server of the desk, for this machine alone, and the command that starts it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import webbrowser

import pytest

from sim.cli.desk import open_browser
from sim.cli.main import main
from sim.desk.page_server import (
    MOST_BYTES,
    MOST_WINDOWS,
    Desk,
    Guard,
    bound_socket,
    serve_page,
)
from sim.desk.static_files import STATIC, static_file
from sim.desk.town_process import TownHere
from sim.desk.twin import Twin
from sim.economics.costing import read_prices
from sim.study.compare import PRICES
from sim.words.errors import ScenarioError
from tests.towns import small_scenario

BOOK = read_prices(PRICES)
SCENARIO = small_scenario(300, run_in_weeks=52, years=3)


async def asked(app, method="GET", path="/", body=b"", **headers):
    """The status, headers and body of one request."""
    path, _, query = path.partition("?")
    sent: list[dict] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
        "http_version": "1.1",
        "scheme": "http",
    }

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent[1:])


HOST = "127.0.0.1:8000"


@pytest.fixture
def guard() -> Guard:
    desk = Desk(Twin(SCENARIO, SCENARIO, 1), BOOK, "en")
    guard = Guard(desk.application(), 8000)
    guard.desk = desk
    return guard


def status(guard, *given, **headers) -> int:
    return asyncio.run(asked(guard, *given, **{"host": HOST} | headers))[0]


def posted(guard, what, given) -> tuple[int, dict]:
    """The status and the answer of a button that is pressed."""
    body = json.dumps(given).encode()
    headers = {"host": HOST, "origin": f"http://{HOST}", "content_type": "application/json"}
    headers |= {
        "content_length": str(len(body)),
        "cookie": f"{guard.cookie}={guard.session}",
    }
    code, _, answer = asyncio.run(asked(guard, "POST", f"/do/{what}", body, **headers))
    return code, json.loads(answer)


def test_the_token_becomes_a_cookie_and_leaves_the_address(guard):
    code, headers, _ = asyncio.run(asked(guard, "GET", f"/?token={guard.token}", host=HOST))
    assert code == 303 and headers["location"] == "/"
    assert (
        "HttpOnly" in headers["set-cookie"] and "samesite=strict" in headers["set-cookie"].lower()
    )
    cookie = headers["set-cookie"].partition(";")[0]
    code, headers, body = asyncio.run(asked(guard, "GET", "/", host=HOST, cookie=cookie))
    assert code == 200 and b"desk.js" in body and guard.token.encode() not in body
    rule = headers["content-security-policy"]
    assert "default-src 'none'" in rule and "unsafe" not in rule and "http" not in rule


def test_who_has_neither_token_nor_cookie_sees_nothing(guard):
    assert status(guard, "GET", "/") == 403
    assert status(guard, "GET", "/?token=guessed") == 403
    assert status(guard, "GET", "/?token=%E3%81%82") == 403
    assert status(guard, "GET", "/static/desk.js", cookie=f"{guard.cookie}=guessed") == 403
    assert status(guard, "GET", f"/setup?token={guard.token}") == 403


def test_another_host_or_page_is_refused(guard):
    cookie = f"{guard.cookie}={guard.session}"
    mine = {"origin": f"http://{HOST}", "content_type": "application/json", "content_length": "2"}
    post = ("POST", "/do/nothing", b"{}")
    assert status(guard, *post, cookie=cookie, **mine) == 409  # it came through: no towns yet
    assert status(guard, *post, **mine) == 403
    assert status(guard, *post, cookie=cookie, **mine | {"origin": "http://evil.example"}) == 403
    assert status(guard, *post, cookie=cookie, **{"content_type": "application/json"}) == 403
    assert status(guard, *post, cookie=cookie, **mine | {"content_type": "text/plain"}) == 415
    long = {"content_length": str(MOST_BYTES + 1)}
    assert status(guard, *post, cookie=cookie, **mine | long) == 413
    assert status(guard, "GET", "/", cookie=cookie, host="evil.example:8000") == 400
    assert status(guard, "GET", "/", cookie=cookie, sec_fetch_site="cross-site") == 403
    assert status(guard, "PUT", "/", cookie=cookie) == 405
    assert status(guard, "GET", "/static/nothing.js", cookie=cookie) == 404


def test_no_file_but_those_of_the_page_is_given():
    assert (STATIC / "../page_server.py").exists() and static_file("../page_server.py") is None
    assert static_file("desk.js") is not None


@pytest.mark.parametrize("given", [{"week": float("inf")}, {"week": "x"}, {"week": None}, {}, []])
def test_what_is_no_week_is_refused(guard, given):
    guard.desk.twin.ready = True
    assert posted(guard, "go_to", given)[0] == 400


def test_refusals_are_in_the_language_of_the_page(guard):
    said = {}
    for lang in ("ja", "en"):
        for what, given in (("nothing", {}), ("go_to", {"week": 1})):
            guard.desk.twin.ready = what == "nothing"
            said[lang, what] = posted(guard, what, given | {"lang": lang})[1]["refused"]
        guard.desk.windows = dict.fromkeys(map(str, range(MOST_WINDOWS)))
        cookie = f"{guard.cookie}={guard.session}"
        for path in ("frames", "record"):
            got = asyncio.run(asked(guard, "GET", f"/{path}?lang={lang}", host=HOST, cookie=cookie))
            said[lang, path] = got[2].decode()
    assert all(text.isascii() == (lang == "en") for (lang, _), text in said.items()), said


def test_windows_are_limited():
    desk = Desk(Twin(SCENARIO, SCENARIO, 1), BOOK, "en")
    desk.windows = dict.fromkeys(map(str, range(MOST_WINDOWS)))
    guard = Guard(desk.application(), 8000)
    cookie = f"{guard.cookie}={guard.session}"
    assert status(guard, "GET", "/frames", cookie=cookie) == 429


# The command


def test_the_command_serves_the_two_arms_and_says_where(monkeypatch, capsys):
    served, opened_pages = [], []

    def serve(desk, place, at_start, shown):
        served.append((desk, place.getsockname()[0], shown))
        place.close()
        at_start("http://127.0.0.1:1/?token=x")

    monkeypatch.setattr("sim.desk.page_server.serve_page", serve)
    monkeypatch.setattr("sim.cli.desk.prepare_engine", lambda *_: None)
    monkeypatch.setattr("sim.cli.desk.open_browser", opened_pages.append)
    assert (
        main(["desk", "scenarios/spirals.toml", "--arms", "waiting,outreach", "--years", "2"]) == 0
    )
    desk, host, shown = served.pop()
    twin = desk.twin
    assert shown == "" and desk.office is not None
    assert host == "127.0.0.1" and twin.horizon == 104 and "outreach" in twin.plans
    assert twin.base["a"].steps != twin.base["b"].steps
    assert opened_pages == ["http://127.0.0.1:1/?token=x"] and "token=x" in capsys.readouterr().out
    assert main(["desk", "--lesson", "2", "--no-browser", "--quiet"]) == 0
    assert served.pop()[0].twin.lesson == "2" and len(opened_pages) == 1
    assert main(["desk", "--lesson", "99"]) == 2 and served == []


def test_the_command_opens_the_five_steps_with_a_workbook(tmp_path, monkeypatch):
    served = []
    monkeypatch.setattr("sim.desk.page_server.serve_page", lambda *given: served.append(given))
    monkeypatch.setattr("sim.cli.desk.prepare_engine", lambda *_: None)
    book, works = tmp_path / "b.xlsx", tmp_path / "works"
    assert main(["template", "--lang", "ja", "--out", str(book), "-q"]) == 0
    given = ["--works", str(works), "--no-browser", "-q", "--years", "1"]
    assert main(["desk", str(book), *given]) == 0
    desk, place, _, shown = served.pop()
    (work,) = desk.office.works.all()
    assert shown == f"&to=office#town/{work.id}" and work.book.name == "自治体データ.xlsx"
    assert main(["desk", "--plan", *given]) == 0
    assert served[-1][3] == "&to=office"
    book.write_bytes(b"nothing")
    assert main(["desk", str(book), *given]) == 2 and len(served) == 1
    guard = Guard(desk.application(), 8000)
    code, headers, _ = asyncio.run(
        asked(guard, "GET", f"/?token={guard.token}&to=office", host=HOST)
    )
    assert (code, headers["location"]) == (303, "/office")
    for one in (place, served.pop()[1]):
        one.close()


def test_a_taken_port_is_said_and_a_port_just_left_is_taken():
    first = bound_socket(0)
    port = first.getsockname()[1]
    first.listen()
    with pytest.raises(ScenarioError):
        bound_socket(port)
    one = socket.create_connection(("127.0.0.1", port))
    first.accept()[0].close()  # this side closes first, so that the port lingers
    first.close()
    one.close()
    bound_socket(port).close()


class Windowed(webbrowser.BackgroundBrowser):
    """A browser with windows."""

    def open(self, url, *_):
        opened_here.append(url)
        return True


opened_here: list[str] = []


def test_a_browser_of_the_terminal_is_not_opened(monkeypatch):
    def none():
        raise webbrowser.Error("no browser")

    for found in (lambda: webbrowser.GenericBrowser("w3m"), none, lambda: Windowed("firefox")):
        monkeypatch.setattr("webbrowser.get", found)
        open_browser("http://127.0.0.1/")
    assert opened_here == ["http://127.0.0.1/"]


def test_the_address_is_told_once_the_page_can_be_opened():
    """A real server, ended from inside as soon as it has said where it is."""
    answers = []

    def look(address):
        with socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0]))):
            answers.append(address)
        os.kill(os.getpid(), signal.SIGINT)

    desk = Desk(Twin(SCENARIO, SCENARIO, 1, TownHere), BOOK, "en")
    serve_page(desk, bound_socket(0), look)
    assert len(answers) == 1 and desk.twin.closed
