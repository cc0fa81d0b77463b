"""How the budget case of a comparison is reckoned: notice lags, worth, optimism correction."""

from __future__ import annotations

from dataclasses import dataclass

from ..economics import optimism


@dataclass(frozen=True)
class Options:
    """How a case is reckoned. cautious: the longest notice lags of the book. worth: yen that a compounded household-year averted
    is held to be worth where one number is needed (0: money alone decides). programme, benefits: optimism correction, as parts.
    """

    cautious: bool = True
    worth: float = 0.0
    programme: float = optimism.BIASES["programme"].value
    benefits: float = optimism.BIASES["benefits"].value
