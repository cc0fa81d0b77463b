"""Figures of its own that a town knows of last year, as its file holds them: `[own_figures]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from sim.declared.own_figures import OWN_FIGURES
from sim.words import LANGUAGES, named

LARGEST = 1e8
EMPTY = ("", "-", "…")


def _known(written: Any) -> Any:
    """Nothing where a figure is left empty."""
    return None if isinstance(written, str) and written.strip() in EMPTY else written


def _lines() -> Any:
    """A record with every declared figure, each of which may be left out."""
    figures: dict[str, Any] = {}
    for name, one in OWN_FIGURES.items():
        unit = " / ".join(dict.fromkeys(named("unit", one.unit).say(lang) for lang in LANGUAGES))
        extra: dict[str, Any] = {"ja": one.ja, "en": one.en, "unit": unit}
        figures[name] = (
            Annotated[
                Annotated[float, Field(ge=0, le=LARGEST)] | None,
                BeforeValidator(_known),
                Field(json_schema_extra=extra),
            ],
            None,
        )
    config = ConfigDict(frozen=True, extra="forbid")
    return create_model("OwnFigures", __config__=config, __module__=__name__, **figures)


if TYPE_CHECKING:
    OwnFigures: TypeAlias = BaseModel
else:
    OwnFigures = _lines()
