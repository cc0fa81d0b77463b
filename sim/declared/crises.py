"""Crisis events of manifest and severe needs, what they take and where they lead (model section 2.3).

KINDS maps a field to its kinds of crisis; the ids are those of the price book. For each kind: its share among the
field's crises, the stay in an institution it begins when it ends the need (weeks; `stay_id` is the ledger's quantity),
and whether the person is gone for good. All shares are grade D,
assumptions of this project, except the stay of a placed child (several years: recalled, unverified).
"""

from typing import NamedTuple

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class CrisesParameters(Subject):
    """Parameters: crisis events of manifest and severe needs, what they take and where they lead."""

    crisis_rate_manifest: float = par(0.01, unit="1/year", low=0.003, high=0.03, grade="D",
        en="crises of a manifest need", ja="顕在化した課題からの危機の発生率")
    crisis_rate_severe: float = par(0.12, unit="1/year", low=0.05, high=0.25, grade="D",
        en="crises of a severe need", ja="深刻な課題からの危機の発生率")
    crisis_end: float = par(0.35, unit="prob", low=0.20, high=0.50, grade="D",
        en="crisis ends the need by institution or death", ja="危機が施設入所・死亡で終わる割合")
    crisis_hours: float = par(20, unit="h", low=8, high=60, grade="D",
        en="worker hours a crisis takes at once", ja="危機対応に直ちに要する職員時間")
    rr_crisis_supported: float = par(0.85, unit="ratio", low=0.6, high=1.0, grade="D", null=1.0,
        en="crises while supported at full dose", ja="支援中の危機の比（十分な支援量のとき）")
    stay_child_placement: float = par(156, unit="weeks", low=52, high=300, grade="C", source="recalled, unverified",
        en="stay of a placed child", ja="子どもの措置期間")
    stay_nursing_home: float = par(182, unit="weeks", low=104, high=260, grade="C", source="recalled, unverified",
        en="stay in a special nursing home", ja="特別養護老人ホームの入所期間")


class Crisis(NamedTuple):
    """A kind of crisis: id of the price book, share in its field, stay id, gone for good."""

    id: str
    share: float
    stay: str | None
    gone: bool


KINDS = {
    "elderly": (
        Crisis("crisis_hospital", 0.55, "nursing_home", True),
        Crisis("crisis_isolated_death", 0.10, None, True),
        Crisis("crisis_abuse_adult", 0.20, "nursing_home", True),
        Crisis("crisis_psychiatric", 0.15, "nursing_home", True),
    ),
    "disability": (
        Crisis("crisis_psychiatric", 0.65, None, False),
        Crisis("crisis_hospital", 0.20, None, True),
        Crisis("crisis_abuse_adult", 0.15, None, True),
    ),
    "child": (
        Crisis("crisis_abuse_child", 0.70, "child_placement", True),
        Crisis("crisis_child_placement", 0.30, "child_placement", True),
    ),
    "poverty": (
        Crisis("crisis_eviction", 0.50, None, True),
        Crisis("crisis_hospital", 0.50, None, True),
    ),
    "gap": (
        Crisis("crisis_isolated_death", 0.25, None, True),
        Crisis("crisis_psychiatric", 0.35, None, False),
        Crisis("crisis_eviction", 0.20, None, True),
        Crisis("crisis_hospital", 0.20, None, True),
    ),
}
