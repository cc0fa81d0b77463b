"""What a shock does to the onset of needs: factors by field and level, as a user writes them, and
those of a recession where nobody does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field, create_model

from sim.declared.needs import NeedsParameters
from sim.declared.vocabulary import DISABILITY, FIELDS, GAP, LEVELS, MANIFEST, POVERTY
from sim.files import notation
from sim.scenario.shape import Shape
from sim.towns.town import Record
from sim.words import Phrase
from sim.words.errors import Refusal, between

STRONGEST = 200.0  # times that a shock may multiply an onset
BEGIN = LEVELS[
    1 : MANIFEST + 1
]  # levels at which a need may begin: slowly latent, at once manifest
Factors: TypeAlias = dict[str, dict[str, float]]  # by field and level, those that are not 1


def _at_every_level(written: Any) -> Any:
    """One number for both levels."""
    meant = notation.meant(written)
    if isinstance(meant, (dict, BaseModel)):
        return meant
    if isinstance(meant, bool) or not isinstance(meant, (int, float)):
        raise Refusal("error.type", allowed=Phrase("allowed.onset"))
    if not 0 <= meant <= STRONGEST:
        raise Refusal("error.range", allowed=between(0, STRONGEST))
    return dict.fromkeys(BEGIN, float(meant))


def _table(name: str, **settings: Any) -> Any:
    """A record whose settings are declared elsewhere."""
    return create_model(name, __base__=Record, __module__=__name__, **settings)


FACTOR: Any = (Annotated[float, Field(ge=0, le=STRONGEST)], 1.0)
NUMBER = Shape({"type": "number", "minimum": 0, "maximum": STRONGEST})
if TYPE_CHECKING:
    OnsetOfField: TypeAlias = BaseModel
    Onset: TypeAlias = BaseModel
else:
    OnsetOfField = _table("OnsetOfField", **dict.fromkeys(BEGIN, FACTOR))
    _FIELD = (Annotated[OnsetOfField, NUMBER, BeforeValidator(_at_every_level)], OnsetOfField())
    Onset = _table("Onset", **dict.fromkeys(FIELDS, _FIELD))


def onset_of(onset: Onset | None, kind: str, p: NeedsParameters) -> Factors:
    """By field and level, what a shock of `kind` multiplies the onset of needs by, where it is not 1:
    what is written, and where nothing is, what a recession does by the parameters `p`.
    """
    if onset is None:
        return _of_recession(p) if kind == "recession" else {}
    return onset.model_dump(exclude_defaults=True)


def in_short(by_field: Factors) -> str:
    """The factors on a line."""
    return "; ".join(
        f"{field} {', '.join(f'{level} {factor:.3g}' for level, factor in of_level.items())}"
        for field, of_level in by_field.items()
    )


def _of_recession(p: NeedsParameters) -> Factors:
    """Slow onset follows the number of unemployed people, acute onset that of people who have just
    lost their jobs; in each field only the share of onset that comes from a lost job.

    At the declared values: poverty 1 + .30 x (1.27 - 1) = 1.08 latent, 1 + .30 x (1.52 - 1) = 1.16
    manifest; disability 1.01 and 1.02; gap 1.05 and 1.09. Over all fields onset rises by about 3 %
    latent and 6 % manifest. Source: model 8.7; the parameters say where they come from.
    """
    job_loss = {
        POVERTY: p.job_loss_poverty,
        DISABILITY: p.job_loss_disability,
        GAP: p.job_loss_gap,
    }
    rises = dict(zip(BEGIN, (p.recession_unemployed, p.recession_laid_off), strict=True))
    return {
        FIELDS[field]: {level: 1.0 + share * (rise - 1.0) for level, rise in rises.items()}
        for field, share in sorted(job_loss.items())
    }
