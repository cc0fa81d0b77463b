"""How a lever declares what can be set: amounts and choices with unit, labels and what they cost."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

MOST_POSTS = 10_000
Posts = Annotated[float, Field(ge=0, le=MOST_POSTS)]
Share = Annotated[float, Field(ge=0, le=1)]
# What a setting costs, in English and Japanese, stands beside it; a parameter in braces stands for
# its declared value, `:share` shows it in percent.


def amount(
    default: float,
    *,
    unit: str,
    en: str,
    ja: str,
    cost: tuple[str, str],
    low: float = 0.0,
    high: float = 1000.0,
    needs: tuple[str, ...] = (),
    activity: str = "",
) -> Any:
    """A numeric setting with its unit, allowed range, labels and cost.

    needs: settings of the lever of which one must be in use; until then this one does nothing.
    activity: likewise, what posts of some role must be doing.
    """
    said = _said(unit, en, ja, cost, needs, activity)
    return Field(default, ge=low, le=high, json_schema_extra=said)


def choice(
    default: Any,
    *,
    en: str,
    ja: str,
    cost: tuple[str, str],
    unit: str = "-",
    needs: tuple[str, ...] = (),
    activity: str = "",
) -> Any:
    """A setting that is one of a few words, yes and no, or a mixture by name; else as `amount`."""
    return Field(default, json_schema_extra=_said(unit, en, ja, cost, needs, activity))


def _said(
    unit: str, en: str, ja: str, cost: tuple[str, str], needs: tuple[str, ...], activity: str
) -> dict[str, Any]:
    return {
        "unit": unit,
        "en": en,
        "ja": ja,
        "cost": [*cost],
        "needs": [*needs],
        "activity": activity,
    }


class Settings(BaseModel):
    """One lever: its name in both languages, and its settings, all with a default that means "not
    used".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ja: ClassVar[str]
    en: ClassVar[str]
    withdrawn: ClassVar[dict[str, str]] = {}  # settings of earlier versions, and what buys them now
