"""Sections of a municipal budget (節), in which a budget request is written. A section is declared here and
nowhere else; price files name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

SOURCE = "Local Autonomy Act, ordinance for enforcement, article 15 (27 sections since FY2020); recalled, check"


@dataclass(frozen=True, kw_only=True)
class BudgetSection:
    """A section: id in price files, its number in the ordinance, and its name."""

    id: str
    number: int
    ja: str
    en: str


# One declaration a line, as a table. Numbers: SOURCE, grade C.
# fmt: off
DECLARED = (
    BudgetSection(id="remuneration", number=1, ja="報酬", en="Remuneration (fiscal-year staff)"),
    BudgetSection(id="salaries", number=2, ja="給料", en="Salaries"),
    BudgetSection(id="allowances", number=3, ja="職員手当等", en="Staff allowances"),
    BudgetSection(id="mutual_aid", number=4, ja="共済費", en="Social insurance of staff"),
    BudgetSection(id="honoraria", number=7, ja="報償費", en="Honoraria"),
    BudgetSection(id="travel", number=8, ja="旅費", en="Travel"),
    BudgetSection(id="consumption", number=10, ja="需用費", en="Supplies and utilities"),
    BudgetSection(id="services", number=11, ja="役務費", en="Postage, telephone, fees"),
    BudgetSection(id="outsourcing", number=12, ja="委託料", en="Outsourcing"),
    BudgetSection(id="rents", number=13, ja="使用料及び賃借料", en="Rents and charges"),
    BudgetSection(id="equipment", number=17, ja="備品購入費", en="Equipment"),
    BudgetSection(id="subsidies", number=18, ja="負担金、補助及び交付金", en="Contributions and subsidies"),
)
# fmt: on
SECTIONS = {one.id: one for one in DECLARED}

if TYPE_CHECKING:
    SectionId: TypeAlias = str
else:
    SectionId = Literal[tuple(SECTIONS)]
