"""Which rows of a column are looked at: their positions, found for many rows at a time.

Compiled, these kernels look at blocks of rows, since most blocks have nothing, which the processor
sees at once. With SIM_PLAIN=1 NumPy finds the same positions.
"""

from __future__ import annotations

import numpy as np

from sim.declared.vocabulary import WEEKS_PER_YEAR
from sim.model.kernel import PLAIN, UNIT, happens, kernel, uniform
from sim.model.plain import PlainArray

if PLAIN:

    def nonzero(column):
        """Positions of the entries of a byte `column` (n,) that are not zero, in order."""
        return PlainArray(np.flatnonzero(np.asarray(column)))

    def any_of(one, other, third):
        """Positions at which one of three byte columns (n,) is not zero, in order."""
        columns = (np.asarray(column) != 0 for column in (one, other, third))
        return PlainArray(np.flatnonzero(np.logical_or.reduce(list(columns))))

    def due(dates, week):
        """Positions of the `dates` (n,) that are this week or before, in order."""
        return PlainArray(np.flatnonzero(np.asarray(dates) <= week))

    def after(numbers, least):
        """Positions of the whole `numbers` (n,) above `least`, in order."""
        return PlainArray(np.flatnonzero(np.asarray(numbers) > least))

    def positive(numbers):
        """Positions of the single precision `numbers` (n,), none below 0, that are not 0."""
        return PlainArray(np.flatnonzero(np.asarray(numbers)))

    def drawn(key, ids, rate):
        """Positions of the `ids` (n,) to which an event of a yearly `rate` happens this week, in
        order, by their uniforms under `key`.
        """
        chosen = [at for at, id in enumerate(ids) if happens(uniform(key, id), rate)]
        return PlainArray(np.array(chosen, dtype=np.int64))

    def drawn_among(key, ids, column, rate):
        """Positions of the entries of a byte `column` (n,) that are not zero and to which an event of
        a yearly `rate` may happen this week, in order: those whose uniforms under `key`, by their
        `ids` (n,), are below the rate over 52.
        """
        there = np.flatnonzero(np.asarray(column)).tolist()
        chosen = [at for at in there if uniform(key, ids[at]) * WEEKS_PER_YEAR < rate]
        return PlainArray(np.array(chosen, dtype=np.int64))

else:
    from sim.model.kernel import ID, bits_of

    @kernel
    def nonzero(column):
        """Positions of the entries of a byte `column` (n,) that are not zero, in order.

        Eight entries are looked at together, since most of them are zero.
        """
        found = np.empty(column.size, np.int64)
        words = column[: column.size // 8 * 8].view(np.uint64)
        at = 0
        for word in range(words.size):
            if words[word] != 0:
                for i in range(word * 8, word * 8 + 8):
                    found[at] = i  # overwritten by the next one where this entry is zero
                    at += column[i] != 0
        for i in range(words.size * 8, column.size):
            if column[i] != 0:
                found[at] = i
                at += 1
        return found[:at]

    @kernel
    def any_of(one, other, third):
        """Positions at which one of three byte columns (n,) is not zero, in order."""
        found, at, whole = np.empty(one.size, np.int64), 0, one.size // 8 * 8
        a, b = one[:whole].view(np.uint64), other[:whole].view(np.uint64)
        c = third[:whole].view(np.uint64)
        for word in range(a.size):
            if (a[word] | b[word] | c[word]) != 0:
                for i in range(word * 8, word * 8 + 8):
                    found[at] = i
                    at += (one[i] != 0) | (other[i] != 0) | (third[i] != 0)
        for i in range(whole, one.size):
            if (one[i] != 0) | (other[i] != 0) | (third[i] != 0):
                found[at] = i
                at += 1
        return found[:at]

    @kernel
    def due(dates, week):
        """Positions of the `dates` (n,) that are this week or before, in order."""
        found, at, whole = np.empty(dates.size, np.int64), 0, dates.size // 64 * 64
        now, none = np.int32(week), np.int32(0)
        for first in range(0, whole, 64):
            some, block = none, dates[first : first + 64]
            for i in range(64):
                some |= np.int32(block[i] <= now)
            if some != none:
                for part in range(first, first + 64, 8):
                    some, block = none, dates[part : part + 8]
                    for i in range(8):
                        some |= np.int32(block[i] <= now)
                    if some != none:
                        for i in range(part, part + 8):
                            found[at] = i  # overwritten by the next one where this date is later
                            at += dates[i] <= now
        for i in range(whole, dates.size):
            if dates[i] <= now:
                found[at] = i
                at += 1
        return found[:at]

    @kernel
    def after(numbers, least):
        """Positions of the whole `numbers` (n,) above `least`, in order."""
        found, at, whole = np.empty(numbers.size, np.int64), 0, numbers.size // 64 * 64
        low, none = np.int32(least), np.int32(0)
        for first in range(0, whole, 64):
            some, block = none, numbers[first : first + 64]
            for i in range(64):
                some |= np.int32(block[i] > low)
            if some != none:
                for part in range(first, first + 64, 8):
                    some, block = none, numbers[part : part + 8]
                    for i in range(8):
                        some |= np.int32(block[i] > low)
                    if some != none:
                        for i in range(part, part + 8):
                            found[at] = i
                            at += numbers[i] > low
        for i in range(whole, numbers.size):
            if numbers[i] > low:
                found[at] = i
                at += 1
        return found[:at]

    @kernel
    def positive(numbers):
        """Positions of the single precision `numbers` (n,), none below 0, that are not 0."""
        return after(numbers.view(np.int32), 0)

    @kernel
    def drawn(key, ids, rate):
        """Positions of the `ids` (n,) to which an event of a yearly `rate` happens this week, in
        order, by their uniforms under `key`.

        A uniform is below the rate over 52 only where the bits that it is made of are below `most`.
        """
        found, at, whole = np.empty(ids.size, np.int64), 0, ids.size // 64 * 64
        most = _most_bits(rate)
        for first in range(0, ids.size, 64):
            some, block = np.uint64(0), ids[first : first + 64]
            if first < whole:
                for i in range(64):
                    some |= np.uint64(bits_of(np.uint64(block[i]) * ID + key) < most)
            if some != 0 or first == whole:
                for i in range(block.size):
                    if happens(uniform(key, block[i]), rate):
                        found[at] = first + i
                        at += 1
        return found[:at]

    @kernel
    def _most_bits(rate):
        """What the bits of a uniform below a yearly `rate` over 52 are below."""
        return np.uint64(min(rate / WEEKS_PER_YEAR, 1.0) / UNIT) + np.uint64(2)

    @kernel
    def drawn_among(key, ids, column, rate):
        """Positions of the entries of a byte `column` (n,) that are not zero and to which an event of
        a yearly `rate` may happen this week, in order: those whose uniforms under `key`, by their
        `ids` (n,), are below the rate over 52.
        """
        may, most, count = np.empty(ids.size, np.int8), _most_bits(rate), 0
        for i in range(ids.size):
            below = bits_of(np.uint64(ids[i]) * ID + key) < most
            may[i] = np.int8(below) & np.int8(column[i] != 0)
        found = nonzero(may)
        for i in range(found.size):
            at = found[i]
            if uniform(key, ids[at]) * WEEKS_PER_YEAR < rate:
                found[count] = at
                count += 1
        return found[:count]


@kernel
def highest_in(column):
    """The largest number of a `column` (n,); 0 where none is above it."""
    most = np.zeros(8)
    for first in range(0, column.size - 7, 8):
        for i in range(8):
            most[i] = max(most[i], column[first + i])
    for i in range(column.size // 8 * 8, column.size):
        most[0] = max(most[0], column[i])
    return most.max()


@kernel
def how_many(column):
    """How many entries of a byte `column` (n,) are not zero."""
    count = 0
    for i in range(column.size):
        count += column[i] != 0
    return count
