"""A run of the two towns as one HTML file that plays without server or network.

The pictures are those that were shown on the way, at most one in four weeks; the lines are whole. The
file holds the same drawing code as the live page.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import Any

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.desk.frames import frame_of, setup_of
from sim.desk.meter import Meter
from sim.desk.static_files import STATIC
from sim.desk.town_process import TownEnded
from sim.desk.twin import APART, Twin
from sim.economics.costing import PriceBook
from sim.words.errors import fault

SCRIPTS = ("draw.js", "views.js", "player.js")
KEPT = ("week", "differ", "flows", "usual")
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{rule}">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header><h1 id="title"></h1><span id="when"></span><nav id="views"></nav></header>
<main><canvas id="scene" role="img" tabindex="0"></canvas></main>
<footer>
<button id="play" type="button">▶</button>
<input id="rewind" type="range" min="0">
<button id="picture" type="button"></button>
</footer>
<ul id="changes" class="unseen"></ul>
<script type="application/octet-stream" id="data">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""


class Recording:
    """Pictures of the two towns by week; those of weeks that are lived anew are replaced."""

    def __init__(self, book: PriceBook):
        self.book, self.meter = book, Meter(book)
        self.pictures: dict[int, dict[str, Any]] = {}
        self._shown = self._cuts = 0

    def keep(self, twin: Twin) -> None:
        """Keep how the towns look now, where the last picture is far enough behind."""
        if twin.shown != self._shown:
            self.pictures, self._shown = {}, twin.shown
        cuts, self._cuts = twin.cuts[self._cuts :], len(twin.cuts)
        kept = min([twin.week - 1, *cuts])
        before = [week for week in self.pictures if week <= kept]
        self.pictures = {week: self.pictures[week] for week in before}
        if before and twin.week - max(before) < APART and twin.week < twin.horizon:
            return
        frame = frame_of(twin, twin.week, "en")
        towns = {
            name: {key: part for key, part in town.items() if key != "lines"}
            for name, town in frame["towns"].items()
        }
        self.pictures[twin.week] = {key: frame[key] for key in KEPT} | {"towns": towns}

    def page(self, twin: Twin, lang: str, life: dict[str, Any] | None = None) -> str:
        """The file, in one language."""
        setup = setup_of(twin, lang, self.book) | {
            "controls": [],
            "lessons": [],
            "shocks": [],
            "plans": [],
        }
        frame = frame_of(twin, 0, lang)
        content = {
            "setup": setup,
            "lines": {name: town["lines"] for name, town in frame["towns"].items()},
            "pictures": [one for week, one in sorted(self.pictures.items()) if week <= twin.week],
            "money": self.meter.years(twin),
            "changes": frame["changes"],
            "life": life,
            "year": WEEKS_PER_YEAR,
        }
        return recorded_page(content, lang, setup["title"])


def recorded_page(content: dict[str, Any], lang: str, title: str) -> str:
    """The HTML file that plays `content`."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    data = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    style = (STATIC / "desk.css").read_text(encoding="utf-8")
    script = "\n".join(_alone((STATIC / name).read_text(encoding="utf-8")) for name in SCRIPTS)
    rule = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:"
    )
    safe = title.replace("&", "&amp;").replace("<", "&lt;")
    return PAGE.format(lang=lang, rule=rule, title=safe, style=style, data=data, script=script)


def _alone(script: str) -> str:
    """A module without its imports and exports, so that several stand in one."""
    script = re.sub(r"^import .*$", "", script, flags=re.MULTILINE)
    return re.sub(r"^export ", "", script, flags=re.MULTILINE)


def _hash(text: str) -> str:
    """What the browser compares an inline script or style with."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


async def record_run(twin: Twin, book: PriceBook, lang: str) -> str:
    """Live both towns to the end without a page, and give the file; raises ScenarioError where a
    town ends before that.
    """
    recording = Recording(book)
    twin.keep = recording.keep
    try:
        await twin.open()
        while twin.week < twin.horizon:
            await twin.step(APART)
            ended = [side.ended for side in twin.sides.values() if side.ended]
            if ended:
                raise TownEnded(ended[0])
        return recording.page(twin, lang)
    except TownEnded as error:
        raise fault("error.desk_not_recorded", file="sim desk", reason=str(error)) from error
    finally:
        await twin.close()
