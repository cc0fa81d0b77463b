"""How many draws of the parameters were used, why the others were not, and what to do where none is
left.
"""

from __future__ import annotations

from collections import Counter

from sim.study.result import Compared
from sim.words import say


def lines(compared: Compared, lang: str) -> list[str]:
    """Says what became of the draws; nothing where none were requested."""
    if not compared.asked:
        return []
    percent = f"{100 * len(compared.kept) / compared.asked:.0f}"
    said = [
        say("compare.draws", lang, asked=compared.asked, kept=len(compared.kept), percent=percent)
    ]
    why = Counter(reason for reasons in compared.dropped.values() for reason in reasons)
    if compared.dropped:
        reasons = say("run.comma", lang).join(
            say("draws.times", lang, why=say(f"draws.{reason}", lang), number=number)
            for reason, number in why.most_common()
        )
        said.append(say("draws.dropped", lang, number=len(compared.dropped), reasons=reasons))
    return said if compared.kept else [*said, *none_left(compared, lang)]


def none_left(compared: Compared, lang: str) -> list[str]:
    """Says that nothing can be said of the assumptions, and what to do; nothing where a draw was
    used, or none was requested.
    """
    if not compared.asked or compared.kept:
        return []
    given = compared.comparison.base.organisation.posts_per_100k is None
    return [say("draws.none", lang), say("draws.do_given" if given else "draws.do_more", lang)]
