"""Who pays. A payer is declared here and nowhere else; shares in price files, tables, figures and the
workbook follow, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.words import say


@dataclass(frozen=True, kw_only=True)
class Payer:
    """A payer: id in price files, name, name of its burden as a measure, whether it is public money."""

    id: str
    ja: str
    en: str
    burden_ja: str
    burden_en: str
    public: bool


# One declaration a line or two, as a table.
# fmt: off
DECLARED = (
    Payer(id="municipality", ja="市町村", en="Municipality", burden_ja="市町村の負担",
        burden_en="Cost to the municipality", public=True),
    Payer(id="prefecture", ja="都道府県", en="Prefecture", burden_ja="都道府県の負担",
        burden_en="Cost to the prefecture", public=True),
    Payer(id="nation", ja="国", en="Nation", burden_ja="国の負担", burden_en="Cost to the nation", public=True),
    Payer(id="insurance", ja="保険料（医療・介護）", en="Insurance premiums (health, care)",
        burden_ja="社会保険の負担", burden_en="Cost to social insurance", public=True),
    Payer(id="household", ja="世帯・民間", en="Households and private", burden_ja="世帯の負担",
        burden_en="Cost to households", public=False),
)
# fmt: on


PAYERS = tuple(one.id for one in DECLARED)
PUBLIC_PAYERS = tuple(one.id for one in DECLARED if one.public)
NAMES = {one.id: {"ja": one.ja, "en": one.en} for one in DECLARED}


def payer_name(account: str, lang: str) -> str:
    """The name of a payer, or of an account that takes several together or none (`public`, `unpaid`)."""
    return NAMES[account][lang] if account in NAMES else say(f"payer.{account}", lang)
