"""Does "run until you can decide" keep its error? `python -m benchmarks.studies.stopping
[replicates]` prints a Markdown table.

Every claim says "higher by more than the margin" and its true mean lies exactly on the margin.
"centred": margin 0, the non-zero differences have mean 0. "one way": the non-zero differences are
events all on one side, the margin is their mean.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, t

from sim.study.stopping import LOOKS, decision

CLAIMS, CONFIDENCE, SHIFT = (5, 10), 0.95, 0.5
LEVEL = (1 - CONFIDENCE) / len(LOOKS)
Rng = np.random.Generator
Rule = Callable[[np.ndarray, float, float], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """A distribution of non-zero differences: how it is drawn, its mean and its standard
    deviation.
    """

    draw: Callable[[Rng, tuple[int, ...]], np.ndarray]
    mean: float
    sd: float


SPREAD = np.sqrt((np.e - 1) * np.e)
KINDS = {
    "normal": Kind(lambda rng, size: rng.standard_normal(size), 0, 1),
    "t, 3 degrees": Kind(lambda rng, size: rng.standard_t(3, size), 0, np.sqrt(3)),
    "exponential": Kind(lambda rng, size: rng.exponential(size=size), 1, 1),
    "lognormal, sigma 1": Kind(lambda rng, size: rng.lognormal(size=size), np.exp(0.5), SPREAD),
    "gamma .25": Kind(lambda rng, size: rng.gamma(0.25, size=size), 0.25, 0.5),
    "one up or down": Kind(lambda rng, size: rng.choice([-1.0, 1.0], size), 0, 1),
    "counts": Kind(lambda rng, size: rng.poisson(6.5, size).astype(float), 6.5, np.sqrt(6.5)),
}


@dataclass(frozen=True)
class Beast:
    """One distribution of the zoo."""

    kind: str
    sign: int = 1
    zeros: float = 0.0
    one_way: bool = False

    @property
    def name(self) -> str:
        """What the table calls it."""
        way = "" if not KINDS[self.kind].mean else ", tail up" if self.sign > 0 else ", tail down"
        zeros = (
            f"; {100 * self.zeros:.0f} % zeros, {'one way' if self.one_way else 'centred'}"
            if self.zeros
            else ""
        )
        return f"{self.kind}{way}{zeros}"

    @property
    def margin(self) -> float:
        """The true mean."""
        return (1 - self.zeros) * KINDS[self.kind].mean if self.one_way else 0.0

    @property
    def sd(self) -> float:
        """Standard deviation of a difference."""
        kind = KINDS[self.kind]
        centre = kind.mean if self.one_way else 0
        return float(np.sqrt((1 - self.zeros) * (kind.sd**2 + centre**2) - self.margin**2))

    def draw(self, rng: Rng, size: tuple[int, ...], shift: float = 0.0) -> np.ndarray:
        """Differences; `shift` moves the mean by moving those that are not zero."""
        kind = KINDS[self.kind]
        value = kind.draw(rng, size) - (0 if self.one_way else kind.mean)
        return (self.sign * value + shift / (1 - self.zeros)) * (rng.random(size) >= self.zeros)


def zoo() -> list[Beast]:
    """Every distribution, either way round, whole and with zeros."""
    ways = [(kind, sign) for kind in KINDS for sign in ((1, -1) if KINDS[kind].mean else (1,))]
    beasts = [Beast(kind, sign, zeros) for kind, sign in ways for zeros in (0.0, 0.5, 0.8, 0.95)]
    return beasts + [
        Beast(kind, 1, zeros, True)
        for kind in KINDS
        if KINDS[kind].mean
        for zeros in (0.5, 0.8, 0.95)
    ]


def plain(sample: np.ndarray, margin: float, level: float) -> np.ndarray:
    """The rule of the plain t interval."""
    n = sample.shape[-1]
    reach = t.isf(level, n - 1) * sample.std(axis=-1, ddof=1) / np.sqrt(n)
    gap = sample.mean(axis=-1) - margin
    return (gap > reach).astype(int) - (gap < -reach)


def ours(sample: np.ndarray, margin: float, level: float) -> np.ndarray:
    """The rule of the project."""
    return decision(sample, margin, level, level)


def outcome(
    sample: np.ndarray, margin: float, level: float, rule: Rule = ours
) -> tuple[np.ndarray, np.ndarray]:
    """Verdict (1, 0, -1) and seeds used for samples (..., 128) looked at until decided.

    A sample without a difference goes on: that equal arms end at once is no test (the last table
    says how often it is wrong).
    """
    verdict = np.zeros(sample.shape[:-1], dtype=int)
    used = np.full(verdict.shape, LOOKS[-1])
    for look in LOOKS:
        seen = sample[..., :look]
        found = np.where((verdict == 0) & seen.any(axis=-1), rule(seen, margin, level), 0)
        verdict, used = verdict + found, np.where(found != 0, look, used)
    return verdict, used


def share(hits: np.ndarray) -> str:
    """Per cent of true, with its 95 % binomial interval."""
    low, high = binomtest(int(hits.sum()), hits.size).proportion_ci(method="exact")
    return f"{100 * hits.mean():.2f} ({100 * low:.2f}-{100 * high:.2f})"


def row(beast: Beast, replicates: int, rng: Rng) -> list[str]:
    """One line of the table."""
    null = beast.draw(rng, (replicates, CLAIMS[-1], LOOKS[-1]))
    single, seeds = outcome(null, beast.margin, LEVEL)
    families = [
        (outcome(null[:, :claims], beast.margin, LEVEL / claims)[0] == 1).any(axis=-1)
        for claims in CLAIMS
    ]
    naive = outcome(null, beast.margin, LEVEL, plain)[0]
    power, needed = outcome(
        beast.draw(rng, (replicates, LOOKS[-1]), SHIFT * beast.sd), beast.margin, LEVEL
    )
    plainly = [
        f"{100 * (verdict == state).mean():.1f}"
        for verdict, state in ((naive, 1), (single, 0), (power, 1))
    ]
    return [
        beast.name,
        share(single == 1),
        share(single == -1),
        *map(share, families),
        *plainly[:2],
        f"{seeds.mean():.0f}",
        plainly[2],
        f"{needed.mean():.0f}",
    ]


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Markdown."""
    return "\n".join(
        "| " + " | ".join(line) + " |" for line in [heads, ["---"] * len(heads), *rows]
    )


def price(replicates: int, rng: Rng) -> list[list[str]]:
    """Normal differences: seeds of the plain t at the same levels, and of the rule."""
    rows = []
    for shift in (0.3, 0.5, 0.7, 1.0, 2.0):
        sample = rng.standard_normal((replicates, LOOKS[-1])) + shift
        both = [outcome(sample, 0, LEVEL, rule)[1].mean() for rule in (plain, ours)]
        rows.append(
            [f"{shift} sd", *(f"{seeds:.1f}" for seeds in both), f"{both[1] / both[0]:.2f}"]
        )
    return rows


def main() -> None:
    """Print the error on the zoo, the price on normal differences, and how often rare differences
    look like none.
    """
    replicates, rng = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000, np.random.default_rng(1)
    print(
        f"{replicates * CLAIMS[-1]} claims a line, {replicates} families; confidence {CONFIDENCE}, looks {LOOKS}; %\n"
    )
    heads = [
        "true mean on the margin",
        "false held",
        "false not held",
        *(f"any of {claims} false held" for claims in CLAIMS),
        "plain t false held",
        "undecided at 128",
        "mean seeds",
        f"held at {SHIFT} sd beyond",
        "mean seeds there",
    ]
    print(table(heads, [row(beast, replicates, rng) for beast in zoo()]))
    print(
        "\n"
        + table(
            ["normal, mean at", "seeds, plain t", "seeds, rule", "ratio"], price(replicates, rng)
        )
    )
    rare = [
        [f"{100 * zeros:.0f} %", *(f"{100 * zeros**look:.1f}" for look in LOOKS)]
        for zeros in (0.5, 0.8, 0.95)
    ]
    print("\n" + table(["zeros", *(f"no difference in {look} seeds, %" for look in LOOKS)], rare))


if __name__ == "__main__":
    main()
