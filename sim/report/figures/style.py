"""How figures look: colours that all eyes and a grey printer tell apart, fonts with every glyph,
words in place of legends.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

with matplotlib.rc_context():  # its import changes the font of the whole process
    import matplotlib_fontja  # noqa: F401

# Okabe and Ito's colours, and three blues from light to dark for the stages of need.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW = "#56B4E9", "#CC79A7", "#F0E442"
PALETTE = (BLUE, SKY, GREEN, ORANGE, PURPLE, VERMILION, YELLOW)  # of what is stacked, in order
STAGE_COLOURS = ("#C6DCEC", "#6AA7D0", "#0B4F82")
INK, QUIET, FAINT, PAPER = "#222222", "#595959", "#C8C8C8", "#FFFFFF"
BESIDE = 17  # letters of a line of words beside the Axes: 10 Japanese ones
LEADING, SMALLEST = (
    1.35,
    5.0,
)  # distance of lines in sizes of their letters; points of the smallest letters
WIDE, TALL = (9.0, 5.4), (9.0, 7.6)  # inches
JAPANESE, LATIN = "IPAexGothic", "DejaVu Sans"
# for readers of an SVG without our font
OTHERS = "'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', 'Meiryo'"
SETTINGS: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sim",
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "figure.titlesize": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "axes.unicode_minus": False,
    "axes.grid": True,
    "grid.color": "#EAEAEA",
    "axes.axisbelow": True,
    "text.hinting": "no_hinting",  # letters as wide in a fine picture as in the layout
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "figure.facecolor": PAPER,
    "savefig.dpi": 150,
    "hatch.linewidth": 0.6,
}


@contextmanager
def style(lang: str) -> Iterator[None]:
    """Sets the look of all figures in one language and gives it back afterwards. Each font stands
    in for glyphs that the other lacks; letters that both lack are drawn as boxes without a warning
    for each (`names.letters_line` says it once, in words).
    """
    family = [JAPANESE, LATIN] if lang == "ja" else [LATIN, JAPANESE]
    with warnings.catch_warnings(), matplotlib.rc_context({**SETTINGS, "font.family": family}):
        warnings.filterwarnings(
            "ignore", "Glyph .* missing from|Matplotlib currently does not support"
        )
        yield


@cache
def glyphs() -> frozenset[int]:
    """Returns the code points that the fonts of the figures have."""
    return frozenset(
        point for family in (JAPANESE, LATIN) for point in FT2Font(findfont(family)).get_charmap()
    )


def canvas(
    size: tuple[float, float], title: str, note: str, rows: int | None = 1
) -> tuple[Figure, Any]:
    """Returns a figure with one or several Axes one above the other (None: none yet), its message
    on top and its source below.
    """
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(h_pad=0.08, w_pad=0.08)
    figure.suptitle(wrapped(title, 9.2 * size[0]), x=0.012, ha="left")
    figure.supxlabel(wrapped(note, 13.5 * size[0]), x=0.012, ha="left", fontsize=8.5, color=QUIET)
    return figure, None if rows is None else figure.subplots(rows, 1, sharex=True)


def _height(axes: Axes) -> float:
    """Returns the height of the Axes in points."""
    figure = axes.figure
    assert isinstance(figure, Figure)  # no figure here has figures inside it
    return figure.get_figheight() * axes.get_position().height * 72


def wrapped(text: str, width: float) -> str:
    """Text broken into lines of at most `width` letters; a Japanese letter counts as 1.7, and a
    line may break after any.

    A word that is longer than a line is broken too.
    """
    lines, room = [""], width
    longest = max(1, int(width))
    for word in re.findall(rf"[!-~]{{1,{longest}}} ?|.", text):
        size = sum(1.0 if letter < "\u2e80" else 1.7 for letter in word.rstrip())
        if size > room and lines[-1] and word not in "。、）":
            lines, room = [*lines, ""], width
        lines[-1], room = lines[-1] + word, room - size - (word != word.rstrip())
    return "\n".join(lines)


def apart(
    places: Sequence[float], gap: float, low: float = -np.inf, high: float = np.inf
) -> np.ndarray:
    """Returns the places moved as little as needed to stand `gap` apart, in their order, from `low`
    to `high` if there is room for all.
    """
    order = np.argsort(places, kind="stable")
    moved = np.array(places, dtype=float)[order]
    for _ in range(200):
        close = np.flatnonzero(np.diff(moved) < gap - 1e-9)
        if not close.size:
            break
        for at in close:
            middle = moved[at : at + 2].mean()
            moved[at], moved[at + 1] = (
                min(moved[at], middle - gap / 2),
                max(moved[at + 1], middle + gap / 2),
            )
    steps = gap * np.arange(len(moved))
    moved = np.maximum.accumulate(np.maximum(moved, low) - steps) + steps
    moved = np.minimum.accumulate((np.minimum(moved, high) + steps[::-1])[::-1])[::-1] - steps[::-1]
    result = np.empty_like(moved)
    result[order] = moved
    return result


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str]], size: float = 10) -> None:
    """Words to the right of the Axes for lines that end anywhere inside: (x, y, text) each, with a
    thread to the very end.

    Each takes as many lines as there is room for, and the letters are smaller where even one line
    is too much.
    """
    low, high = axes.get_ylim()
    height = _height(axes)
    size = max(SMALLEST, min(size, height / (LEADING * max(1, len(ends)))))
    most = max(1, int(height / (LEADING * size * max(1, len(ends)))))
    texts = [shortest(text, most) for _x, _y, text in ends]
    tallest = max((text.count("\n") + 1 for text in texts), default=1)
    thread = {
        "arrowstyle": "-",
        "color": QUIET,
        "linewidth": 0.6,
        "relpos": (0, 0.5),
        "shrinkA": 1,
        "shrinkB": 4,
    }
    gap = LEADING * size * tallest / height * (high - low)
    places = apart([y for _x, y, _text in ends], gap, low + gap / 2, high - gap / 2)
    for (x, y, _text), text, at in zip(ends, texts, places, strict=True):
        axes.annotate(
            text,
            (x, y),
            (1.025, at),
            textcoords=axes.get_yaxis_transform(),
            va="center",
            fontsize=size,
            annotation_clip=False,
            arrowprops=thread,
        )


def shortest(text: str, lines: int) -> str:
    """Returns a text of at most so many lines of BESIDE letters, or on one line of its own length
    where it may have only one.
    """
    return (
        wrapped(text, BESIDE) if lines > 1 and wrapped(text, BESIDE).count("\n") < lines else text
    )


def label_right(
    axes: Axes, places: Sequence[float], texts: Sequence[str], size: float = 10
) -> None:
    """Words to the right of the Axes at these heights, moved apart where they would touch, with a
    thread to where they belong.
    """
    low, high = axes.get_ylim()
    height = _height(axes)
    beside = axes.get_yaxis_transform()
    thread = {
        "arrowstyle": "-",
        "color": QUIET,
        "linewidth": 0.6,
        "relpos": (0, 0.5),
        "shrinkA": 1,
        "shrinkB": 0,
    }
    for place, text, at in zip(
        places, texts, apart(places, 1.35 * size / height * (high - low)), strict=True
    ):
        axes.annotate(
            text,
            (1.0, place),
            (1.025, at),
            xycoords=beside,
            textcoords=beside,
            va="center",
            fontsize=size,
            annotation_clip=False,
            arrowprops=thread,
        )


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a figure as PNG and SVG."""
    for file, content in as_files(figure, drawing(figure), name).items():
        (folder / file).write_bytes(content)


def as_files(figure: Figure, text: str, name: str) -> dict[str, bytes]:
    """Returns a figure that was drawn as `text` as the content of its files, PNG and SVG; words of
    the SVG stay words, in fonts that other machines have.
    """
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    shared = text.replace(f"'{JAPANESE}'", f"'{JAPANESE}', {OTHERS}")
    return {f"{name}.png": out.getvalue(), f"{name}.svg": shared.encode()}


def place_axes(figure: Figure) -> None:
    """Give the Axes of a figure their places, as drawing it would, without drawing it."""
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.execute(figure)


def drawing(figure: Figure) -> str:
    """Returns a figure as SVG, the same bytes for the same figure. It is laid out and drawn once;
    `savefig` would draw it twice.
    """
    place_axes(figure)
    figure.set_layout_engine("none")
    out, canvas = StringIO(), figure.canvas
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
    figure.set_canvas(canvas)
    return out.getvalue()
