"""Figures of its own that a town may know of last year, each declared once: unit, words, what of the
model it is held against, how surely people count it, and where they find it.

The model counts a case for each need of a household; a town that counts households should say so by
a larger error. Errors of observation are assumptions of this project (grade D).
"""

from __future__ import annotations

from typing import NamedTuple

from sim.declared.vocabulary import FIELDS
from sim.words import say


class OwnFigure(NamedTuple):
    """One figure. `measure` is a yearly measure, else `columns` are weekly columns of the town that
    are added up (the sum over the year of a flow, the mean of a stock), else `posts` names the
    fields whose posts the organisation has.

    error: standard deviation of what people count, as a share of it; floor: the least of it, in
    the figure's unit.
    """

    unit: str
    en: str
    ja: str
    error: float
    found_en: str
    found_ja: str
    measure: str = ""
    columns: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    floor: float = 0.0

    def label(self, lang: str) -> str:
        """Returns what it is called."""
        return self.ja if lang == "ja" else self.en

    def found(self, lang: str) -> str:
        """Returns where people find it."""
        return self.found_ja if lang == "ja" else self.found_en


def _consultations(field: str) -> OwnFigure:
    en, ja = (say(f"field.{field}", lang) for lang in ("en", "ja"))
    return OwnFigure(
        "contacts a year",
        f"New consultations: {en}",
        f"新規相談：{ja}",
        0.2,
        f"register of consultations of the desks for {en}",
        f"{ja}の窓口の相談受付簿、事業の実績報告",
        columns=(f"consultations_new_{field}",),
    )


def _staff(field: str) -> OwnFigure:
    en, ja = (say(f"field.{field}", lang) for lang in ("en", "ja"))
    return OwnFigure(
        "posts",
        f"Staff of the desks: {en}",
        f"窓口の職員：{ja}",
        0.05,
        "list of posts of the personnel section, full-time equivalents",
        "職員配置表（常勤換算。人事担当課、委託先の実績報告）",
        posts=(field,),
        floor=0.1,
    )


# One declaration a line or two, as a table.
# fmt: off
OWN_FIGURES: dict[str, OwnFigure] = {
    "consultations": OwnFigure("contacts a year", "New consultations", "新規相談の件数", 0.1,
        "registers of the desks; reports of the support of people in poverty, of the support centres for older people, of consultation for people with disabilities",
        "各窓口の相談受付簿、生活困窮者自立支援の支援状況調査、地域包括支援センター・障害者相談支援の実績報告",
        columns=tuple(f"consultations_new_{field}" for field in FIELDS)),
    **{f"consultations_{field}": _consultations(field) for field in FIELDS},
    "open_cases": OwnFigure("cases", "Continuing cases, mean over the year", "継続して支援している件数（年平均）", 0.1,
        "case registers of the desks at the end of a month", "各窓口の支援台帳（月末の継続件数）", columns=("open_cases",)),
    "closed_cases": OwnFigure("cases a year", "Cases closed", "支援を終結した件数", 0.15,
        "case registers of the desks: cases that ended for whatever reason", "各窓口の支援台帳（解消、中断、期限による終結の計）",
        columns=("closed", "lapsed", "closed_unmet")),
    "wait_first": OwnFigure("weeks", "Wait for a first consultation", "初回相談までの待ち", 0.25,
        "registers of the desks: from the request to the first consultation", "各窓口の相談受付簿（申込みから初回相談まで）",
        measure="door_wait", floor=0.5),
    "wait_support": OwnFigure("weeks", "Wait for the start of support", "支援開始までの待ち", 0.25,
        "case registers: from the first consultation to the start of support", "各窓口の支援台帳（初回相談から支援開始まで）",
        measure="wait", floor=1.0),
    "overtime": OwnFigure("h a month per post", "Overtime for each post", "時間外勤務（職員1人あたり月平均）", 0.25,
        "attendance records of the personnel section", "時間外勤務命令簿、人事担当課の集計", measure="overtime_per_post", floor=2.0),
    "sick_leave": OwnFigure("posts", "Staff on sick leave, mean over the year", "休職中の職員（年平均）", 0.2,
        "personnel section: desks of consultation alone", "人事担当課の集計（相談の窓口の職員に限る）", columns=("on_sick_leave",), floor=0.5),
    "leavers": OwnFigure("posts a year", "Staff who left", "離職した職員", 0.1,
        "personnel section: desks of consultation alone, transfers not among them", "人事担当課の集計（相談の窓口の職員に限り、異動を除く）",
        columns=("leavers",), floor=0.5),
    "staff": OwnFigure("posts", "Staff of all desks", "窓口の職員の計", 0.05,
        "list of posts of the personnel section, full-time equivalents", "職員配置表（常勤換算。人事担当課、委託先の実績報告）",
        posts=FIELDS, floor=0.1),
    **{f"staff_{field}": _staff(field) for field in FIELDS if field != "gap"},
    "assistance_households": OwnFigure("households", "Households on public assistance, mean over the year", "生活保護を受けている世帯（年平均）", 0.03,
        "survey of public assistance (monthly)", "被保護者調査（月次）", columns=("assistance_weeks",)),
    "assistance_starts": OwnFigure("households a year", "Starts of public assistance", "生活保護の開始", 0.05,
        "survey of public assistance (monthly)", "被保護者調査（月次）", columns=("assistance_entries",)),
    "commissioners": OwnFigure("residents", "Commissioners in office", "在任中の民生委員", 0.02,
        "report of welfare administration", "福祉行政報告例", columns=("commissioners",), floor=0.5),
    "new_commissioners": OwnFigure("residents a year", "New commissioners a year, mean of a term", "新たに就いた民生委員（3年の任期の年平均）", 0.1,
        "report of welfare administration: a third of those of a term of three years", "福祉行政報告例（3年の任期に新たに就いた人数の3分の1）",
        columns=("commissioners_seated",), floor=0.5),
}
# fmt: on
