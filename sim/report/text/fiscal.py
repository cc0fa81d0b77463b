"""Fiscal years by name, and amounts in thousand yen, as a budget writes them."""

from __future__ import annotations

from sim.words import say

ERAS = ((2019, "令和"), (1989, "平成"))  # the calendar year in which the first fiscal year begins


def fiscal_year(year: int, lang: str) -> str:
    """The name of the fiscal year that begins in April of `year`, such as 令和8年度 or FY2026."""
    if lang != "ja":
        return f"FY{year}"
    for first, era in ERAS:
        if year >= first:
            number = year - first + 1
            return f"{era}{'元' if number == 1 else number}年度"
    return f"{year}年度"


def fiscal_years(first: int, last: int, lang: str) -> str:
    """The name of several fiscal years in a row, such as 令和9～10年度 or FY2027-2028."""
    if first == last:
        return fiscal_year(first, lang)
    if lang != "ja":
        return f"FY{first}-{last}"
    names = fiscal_year(first, lang), fiscal_year(last, lang)
    same = names[0][:2] == names[1][:2]
    return f"{names[0].removesuffix('年度')}～{names[1][2:] if same else names[1]}"


def thousand(amount: float) -> str:
    """An amount in thousand yen; what is taken away with a triangle, as budgets write it."""
    whole = round(amount)
    return f"{whole:,}" if whole >= 0 else f"△{-whole:,}"


def with_unit(amount: float, lang: str) -> str:
    """An amount with its unit, such as 22,633千円."""
    return say("request.amount", lang, amount=thousand(amount))
