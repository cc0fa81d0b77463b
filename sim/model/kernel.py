"""How the inner loops of the model are compiled, and the few words that all of them share.

A kernel is a plain function over the records of a town (`sim.model.state.Records`): it looks at one
row after the other, as one would explain it. `@kernel` compiles it with numba at its first call and
keeps the compiled code in the user's cache folder. With the environment variable SIM_PLAIN=1 the
same functions run uncompiled, and give the same states.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import sys
from collections.abc import Callable
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from sim.declared.vocabulary import LATENT, MANIFEST, WEEKS_PER_YEAR
from sim.files.user_cache import user_cache
from sim.model.plain import PlainArray
from sim.model.streams import FACTOR_1, FACTOR_2, STEP_ID, STEP_OCCURRENCE

PLAIN = os.environ.get("SIM_PLAIN", "") == "1"
MARGIN = 1.0 + 1e-6  # of a rate that no row is above, so that rounding excludes none
ROUNDING, NEARLY_NONE = 1e-5, 1e-12  # of rates: relative, for single precision; and 1/year
LONGEST_WAIT = 2**15  # weeks, longer than any run
PACKAGE = Path(__file__).parent.parent
FROM = re.compile(r"^\s*from ([\w.]+) import (\([^)]*\)|.*)", re.MULTILINE)
WHOLE = re.compile(r"^\s*import ([\w., ]+)", re.MULTILINE)
KERNELS: list[str] = []  # the names of all kernels that have been declared
F_ = TypeVar("F_", bound=Callable[..., Any])


def cache_folder(module: str) -> Path:
    """Where the compiled kernels of `module` are kept, a folder of the user's cache."""
    return user_cache() / "kernels" / _version_of(module)


@cache
def _version_of(module: str) -> str:
    """A hash of the sources of `module` and of all modules that it imports of this package or from
    beside it, directly or through others, with their places; of the versions of Python, NumPy and
    numba, of the processor, and of the settings of numba. Numba itself notices only a change in the
    file of the kernel, not in the file of a function that the kernel calls.
    """
    import numba
    from llvmlite import binding

    versions = (sys.version, np.__version__, numba.__version__, binding.get_host_cpu_name())
    settings = (f"{name}={value}" for name, value in sorted(os.environ.items()))
    key = (*versions, *(one for one in settings if one.startswith("NUMBA_")))
    found = hashlib.blake2b("/".join(key).encode(), digest_size=12)
    for file in sorted(_sources(module)):
        found.update(str(file).encode())
        found.update(_text(file).encode())
    return found.hexdigest()


def _sources(module: str) -> set[Path]:
    """The files of `module` and of what it imports of this package."""
    seen: set[Path] = set()
    ahead = [_file(module) or Path(sys.modules[module].__file__ or "")]
    while ahead:
        file = ahead.pop()
        if file not in seen:
            seen.add(file)
            ahead += _imported(file)
    return seen


@cache
def _imported(file: Path) -> tuple[Path, ...]:
    """The files of this package, and those beside `file`, that it imports when it is loaded."""
    found = []
    for module, names in FROM.findall(_text(file)):
        parts = [f"{module}.{name}" for name in re.findall(r"\w+", names)]
        found += [_file(part, file.parent) for part in (module, *parts)]
    for names in WHOLE.findall(_text(file)):
        found += [_file(name, file.parent) for name in re.findall(r"[\w.]+", names)]
    return tuple(one for one in found if one is not None)


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def _file(module: str, beside: Path = PACKAGE.parent) -> Path | None:
    """The file of a module of this package, or in the folder `beside`; None where there is no such
    module.
    """
    top = PACKAGE.parent if module.split(".")[0] == PACKAGE.name else beside
    place = top.joinpath(*module.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def kernel(function: F_) -> F_:
    """Compile `function` at its first call; leave it as it is under SIM_PLAIN=1.

    The function must be of a module (no closure), and use scalars, the records of a town, and other
    kernels only.
    """
    KERNELS.append(f"{function.__module__}.{function.__qualname__}")
    if PLAIN:
        return cast(F_, _plain(function))
    return cast(F_, _compiled(function))


def _plain(function: Callable[..., Any]) -> Any:
    """The function as it is; arrays that it is given read as Python's numbers."""

    @wraps(function)
    def run(*given: Any) -> Any:
        return function(*(PlainArray(a) if isinstance(a, np.ndarray) else a for a in given))

    return run


def _compiled(function: Callable[..., Any]) -> Any:
    import numba

    config: Any = numba.config
    before, folder = config.CACHE_DIR, writable(cache_folder(function.__module__))
    config.CACHE_DIR = str(folder or "")
    try:
        # no C code calls a kernel; numba knows the option, its stubs do not
        compiled: Any = partial(numba.njit, no_cfunc_wrapper=True)
        made = compiled(nogil=True, cache=folder is not None, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before
    made.get_call_template = partial(_by_types, made.get_call_template)
    return made


def _by_types(template: Callable[..., Any], args: Any, kws: Any) -> Any:
    """What numba asks for at a call within a kernel; a constant counts as any number of its type,
    since numba would compile the kernel for each constant anew.
    """
    from numba.core.types import unliteral

    return template(tuple(map(unliteral, args)), {name: unliteral(kws[name]) for name in kws})


@cache
def writable(folder: Path) -> Path | None:
    """The folder, made where it is not there yet; None where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


UNIT, HALF = 2.0**-52, 2.0**-53

if PLAIN:
    _WORD = (1 << 64) - 1

    def uniform(key, id, occurrence=0):
        """A uniform in (0, 1) for `id` under `key` (`Streams.keys`); the same as
        `Streams.uniform`.
        """
        x = (int(id) * STEP_ID + int(key) + int(occurrence) * STEP_OCCURRENCE) & _WORD
        x = ((x ^ x >> 30) * FACTOR_1) & _WORD
        x = ((x ^ x >> 27) * FACTOR_2) & _WORD
        return ((x ^ x >> 31) >> 12) * UNIT + HALF

    def whole_numbers(count):
        """An array (count,) of whole numbers, all zero."""
        return PlainArray(np.zeros(count, np.int64))

    def numbers(count):
        """An array (count,) of numbers, all zero."""
        return PlainArray(np.zeros(count))

    def space(count):
        """Space for `count` whole numbers, to be written before they are read."""
        return PlainArray(np.zeros(count, np.int64))

else:
    ID, _OCCURRENCE = np.uint64(STEP_ID), np.uint64(STEP_OCCURRENCE)
    _1, _2 = np.uint64(FACTOR_1), np.uint64(FACTOR_2)
    _27, _30, _31, _12 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(12)

    @kernel
    def bits_of(x):
        """The 52 bits of which a uniform is made, from the word `x` of its key."""
        x = (x ^ (x >> _30)) * _1
        x = (x ^ (x >> _27)) * _2
        return (x ^ (x >> _31)) >> _12

    @kernel
    def uniform(key, id, occurrence=0):
        """A uniform in (0, 1) for `id` under `key` (`Streams.keys`); the same as
        `Streams.uniform`.
        """
        x = np.uint64(id) * ID + key + np.uint64(occurrence) * _OCCURRENCE
        return np.float64(bits_of(x)) * UNIT + HALF

    @kernel
    def whole_numbers(count):
        """An array (count,) of whole numbers, all zero."""
        return np.zeros(count, np.int64)

    @kernel
    def numbers(count):
        """An array (count,) of numbers, all zero."""
        return np.zeros(count)

    @kernel
    def space(count):
        """Space for `count` whole numbers, to be written before they are read."""
        return np.empty(count, np.int64)


@kernel
def total(column):
    """The sum of a `column` (n,); four sums at a time, since each addition waits for the one
    before.
    """
    a, b, c, d, whole = 0.0, 0.0, 0.0, 0.0, column.size // 4 * 4
    for i in range(0, whole, 4):
        a += column[i]
        b += column[i + 1]
        c += column[i + 2]
        d += column[i + 3]
    for i in range(whole, column.size):
        a += column[i]
    return (a + b) + (c + d)


@kernel
def chance_in_week(rate):
    """Chance of at least one event in a week at a yearly `rate`."""
    return -math.expm1(-rate / WEEKS_PER_YEAR)


@kernel
def happens(u, rate):
    """Whether an event of a yearly `rate` happens this week, by the uniform `u`.

    A weekly chance is never above the rate over 52, which spares most rows the exponential.
    """
    return u * WEEKS_PER_YEAR < rate and u < chance_in_week(rate)


@kernel
def by_level(level, latent, manifest, severe):
    """What holds for a need of `level`."""
    if level == LATENT:
        return latent
    return manifest if level == MANIFEST else severe


@kernel
def monthly_rate(chance):
    """Yearly rate (1/year) with weekly chance 1 - (1 - chance)^(12/52) for a monthly `chance`."""
    return -12.0 * math.log1p(-chance)


@kernel
def among_some(u, rate, rest):
    """Whether an event of a yearly `rate` is among those of which at least one happens this week, by
    the uniform `u`; `rest` is its rate and that of the events after it, and none before it happens.

    A rate above `rest` is refused: its chance would be cut without a word. A weekly chance is never
    above x, the rate over 52, nor below x - x^2 / 2, which spares most rows the exponentials.
    """
    if rate > rest * (1.0 + ROUNDING) + NEARLY_NONE:
        raise ValueError("a rate is above what the declared columns and parameters allow")
    x = rest / WEEKS_PER_YEAR
    if u * (x - x * x / 2) > MARGIN * (rate / WEEKS_PER_YEAR):
        return False
    return rate > 0.0 and u * chance_in_week(rest) < chance_in_week(rate)


@kernel
def weeks_until(u, rate):
    """Weeks until something that happens at a yearly `rate` and may happen next week, by the
    uniform `u`: 1 with the chance of a week, and so on.
    """
    if rate * LONGEST_WAIT <= -math.log(u) * WEEKS_PER_YEAR:
        return LONGEST_WAIT
    return 1 + int(-math.log(u) * WEEKS_PER_YEAR / rate)


@kernel
def is_due(dates, row, week, key, id, rate):
    """Whether the date of `row` is this week; then the next one is drawn, at a yearly `rate`.

    A date of an earlier week says that none has been drawn, and it is drawn now. An event whose
    rate varies below `rate` happens on such dates with the chance that `among_some` gives. So a
    row that nothing can happen to this week costs nothing, and chances are exact.
    """
    if dates[row] < week:
        dates[row] = week - 1 + weeks_until(uniform(key, id), rate)
    if dates[row] > week:
        return False
    dates[row] = week + weeks_until(uniform(key, id, 1), rate)
    return True


@kernel
def occurs(u, rate, rest, another):
    """Whether an event of a yearly `rate` happens in a week in which at least one of several does,
    by the uniform `u`; `rest` is its rate and that of those after it, `another` whether one before
    it happens.
    """
    return happens(u, rate) if another else among_some(u, rate, rest)


@kernel
def in_turn(urgency, weeks, u):
    """Where somebody stands in a queue, the least first: by `urgency` (a small whole number), then
    by the `weeks` that they have waited, then by the uniform `u`.
    """
    return u - (urgency * LONGEST_WAIT + weeks)


@kernel
def sort(rows, keys):
    """Put `rows` (n,) into the order of their `keys` (n,), lowest first, and the keys with them.

    Rows that stand far apart are compared first, then neighbours (Shell 1959).
    """
    gap = 1
    while gap < rows.size // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, rows.size):
            row, key, at = rows[i], keys[i], i
            while at >= gap and keys[at - gap] > key:
                rows[at] = rows[at - gap]
                keys[at] = keys[at - gap]
                at -= gap
            rows[at] = row
            keys[at] = key
        gap //= 3


@kernel
def sort_first(rows, keys, wanted):
    """Put the `wanted` ones of `rows` (n,) with the lowest `keys` (n,) at the front, in order, and
    the keys with them; the others follow in any order.

    Sides of a middle key are told apart until the front holds the lowest (Hoare 1961).
    """
    wanted = min(wanted, rows.size)
    low, high = 0, rows.size - 1
    while low < high and wanted < rows.size:
        middle, i, j = keys[(low + high) // 2], low, high
        while i <= j:
            while keys[i] < middle:
                i += 1
            while keys[j] > middle:
                j -= 1
            if i <= j:
                row, key = rows[i], keys[i]
                rows[i], keys[i] = rows[j], keys[j]
                rows[j], keys[j] = row, key
                i, j = i + 1, j - 1
        if j < wanted - 1 < i:
            break
        low, high = (low, j) if wanted - 1 <= j else (i, high)
    sort(rows[:wanted], keys[:wanted])
