"""A page served on this computer: every file that it links fetched, and the page opened and clicked
in Chromium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

PATIENCE = 120  # seconds
HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
STEP = "[...document.querySelectorAll('button')].find(one => /^step$/i.test(one.innerText.trim()))"
TEXT = "document.body.innerText"


@contextmanager
def served(command: list[object], folder: Path, **environment: str) -> Iterator[str]:
    """The address at which a Solara command serves a page, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}/", folder / "server.log"
    words = [
        *map(str, command),
        "--no-open",
        "--production",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(
            words,
            cwd=folder,
            env=os.environ | environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        waited_for(lambda: fetched(address), lambda: log.read_text(encoding="utf-8"))
        yield address
    finally:
        server.terminate()
        server.wait()


def waited_for(answer, otherwise):
    """What `answer` gives once it gives something; after PATIENCE an error with what `otherwise`
    gives.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := answer():
            return found
        time.sleep(0.5)
    raise AssertionError(otherwise())


def fetched(url: str) -> bytes:
    """What stands at an address; nothing where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read()
    except OSError:
        return b""


def check_links(address: str) -> None:
    """Each file that the page names, and that its style sheets name, is served by the page's own
    server.
    """
    page = fetched(address).decode()
    linked = re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="([^"]+)"', page)
    assert len(linked) > 5, page
    for url in (urljoin(address, link) for link in linked):
        assert url.startswith(address), f"{url} is asked for from another computer"
        content = fetched(url)
        assert content, f"{url} is not there"
        inside = (
            re.findall(r"url\(['\"]?([^)'\"]+)", content.decode("utf-8", "replace"))
            if ".css" in url
            else []
        )
        for inner in inside:
            whole = urljoin(url, inner)
            assert inner.startswith("data:") or whole.startswith(address) and fetched(whole), (
                f"{url} names {inner}"
            )


def chromium() -> str | None:
    """The browser of this computer, if it has one."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def stepped(browser: str, address: str) -> tuple[str, list[str]]:
    """The text of the page after a click on Step, and every address asked for; the browser reaches
    this computer alone.
    """
    from tornado.ioloop import IOLoop

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [
            browser,
            *HEADLESS,
            f"--user-data-dir={profile}",
            "--remote-debugging-port=0",
            "about:blank",
        ]
        running = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        try:
            port = next(
                found[1]
                for line in running.stderr
                if (found := re.search(r"ws://127\.0\.0\.1:(\d+)/", line))
            )
            tabs = json.loads(fetched(f"http://127.0.0.1:{port}/json/list"))
            tab = next(one["webSocketDebuggerUrl"] for one in tabs if one["type"] == "page")
            return IOLoop().run_sync(lambda: _stepped(tab, address), timeout=PATIENCE)
        finally:
            running.kill()
            running.wait()
            running.stderr.close()


async def _stepped(tab: str, address: str) -> tuple[str, list[str]]:
    """Open the page in a tab of the browser, click, and read (Chrome DevTools Protocol)."""
    from tornado.websocket import websocket_connect

    socket, asked, number = await websocket_connect(tab, max_message_size=2**28), [], 0

    async def call(method: str, **parameters) -> dict:
        nonlocal number
        number += 1
        await socket.write_message(
            json.dumps({"id": number, "method": method, "params": parameters})
        )
        while True:
            said = json.loads(await socket.read_message())
            if said.get("method") == "Network.requestWillBeSent":
                asked.append(said["params"]["request"]["url"])
            if said.get("id") == number:
                return said["result"]

    async def told(expression: str, wanted: str) -> str:
        while True:
            text = str(
                (await call("Runtime.evaluate", expression=expression))["result"].get("value", "")
            )
            if wanted in text:
                return text
            time.sleep(0.3)

    await call("Network.enable")
    await call("Page.navigate", url=address)
    await told(f"String(Boolean({STEP}))", "true")
    await call("Runtime.evaluate", expression=f"{STEP}.click()")
    text = await told(TEXT, "Step: 1")
    socket.close()
    return text, asked
