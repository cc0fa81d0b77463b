"""Roles, as people name posts, and what a post of each does with its hours: a mix of activities.

Activities are the mechanisms of the model; a role is a way to buy several of them at once. Source:
model 8.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sim.declared.settings import Settings, amount, choice
from sim.declared.vocabulary import PostKind
from sim.words.errors import Refusal, nearest

Activity = Literal[
    "desk_cases",
    "first_consultations",
    "visiting",
    "accompanying",
    "linking_desks",
    "community_organising",
    "participation",
    "coordination",
]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
AT_DESK: tuple[Activity, ...] = ("desk_cases", "first_consultations")
WITH_RESIDENTS: tuple[Activity, ...] = ("accompanying", "community_organising")
SHARE_RANGE = 0.15  # of every share of a declared mix, up and down; grade D
SUM_SLIP = 1e-6


def _shares(mix: dict[str, float]) -> dict[str, float]:
    """A mix of known activities whose shares sum to 1; none at all stands for that of the role."""
    for name in mix:
        if name not in ACTIVITIES:
            raise Refusal(
                "error.unknown_activity",
                allowed=", ".join(ACTIVITIES),
                near=nearest(name, ACTIVITIES),
            )
    total = sum(mix.values())
    if mix and (min(mix.values()) < 0 or abs(total - 1) > SUM_SLIP):
        raise Refusal("error.activity_shares", given=f"{total:.6g}", allowed=", ".join(ACTIVITIES))
    return mix


def _one_word_is_all(written: Any) -> Any:
    """`mix = "visiting"` means that all hours go there."""
    return {written: 1.0} if isinstance(written, str) else written


_SCHEMA = {
    "anyOf": [
        {
            "type": "object",
            "propertyNames": {"enum": [*ACTIVITIES]},
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
        },
        {"enum": [*ACTIVITIES]},
    ]
}
Mix = Annotated[
    dict[str, Annotated[float, Field(le=1)]],
    BeforeValidator(_one_word_is_all),
    AfterValidator(_shares),
    WithJsonSchema(_SCHEMA),
]


class RolePosts(Settings):
    """Posts of one role: how many, of which kind, and what they do with their hours."""

    fte: float = 0.0
    mix: Mix = choice({}, unit="share", en="share of the hours by activity (none given: as the role is declared)",
        ja="活動ごとの時間の割合（書かない場合は、その職の標準の割合）",
        cost=("nothing by itself; the hours are spent elsewhere", "それ自体の費用はない（時間の使いみちが変わる）"), needs=("fte",))  # fmt: skip


def _fte(en: str, ja: str) -> Any:
    return amount(0, unit="posts", high=10000, en=en, ja=ja,
        cost=("the posts; what they find, open and promise asks for hours of others", "人件費。見つけた世帯や開いた支援は、ほかの職員の時間も使う"))  # fmt: skip


def _kind(default: PostKind) -> Any:
    return choice(default, en="kind of the posts", ja="雇用形態",
        cost=("price of the kind of post; contract and outsourced staff leave more often, regular staff at a desk rotate",
              "雇用形態による単価の差。会計年度任用・委託は離職が多く、窓口の正規は異動がある"), needs=("fte",))  # fmt: skip


# One declaration a line or two, as a table.
# fmt: off
class Caseworker(RolePosts):
    """Further caseworkers, spread over the desks as the organisation's posts are."""

    ja: ClassVar[str] = "相談員"
    en: ClassVar[str] = "Caseworkers"
    fte: float = _fte("further caseworkers, spread over the desks as the posts are", "相談員の増員（分野配分は現状どおり）")
    kind: PostKind = _kind("contract")


class CommunitySocialWorker(RolePosts):
    """Community social workers: some of everything, most of it with residents."""

    ja: ClassVar[str] = "コミュニティソーシャルワーカー（CSW、地域福祉コーディネーター）"
    en: ClassVar[str] = "Community social workers (CSW)"
    fte: float = _fte("community social workers", "CSWの人数")
    kind: PostKind = _kind("outsourced")


class LivelihoodCoordinator(RolePosts):
    """Coordinators of support for daily life: they organise with residents."""

    ja: ClassVar[str] = "生活支援コーディネーター"
    en: ClassVar[str] = "Livelihood support coordinators"
    fte: float = _fte("livelihood support coordinators", "生活支援コーディネーターの人数")
    kind: PostKind = _kind("outsourced")


class OutreachWorker(RolePosts):
    """Workers who go and find, and stay with those they have found."""

    ja: ClassVar[str] = "アウトリーチ支援員"
    en: ClassVar[str] = "Outreach workers"
    fte: float = _fte("outreach workers", "アウトリーチ支援員の人数")
    kind: PostKind = _kind("outsourced")


class InclusionPromoter(RolePosts):
    """Promoters of multi-agency work: the hub's staff."""

    ja: ClassVar[str] = "相談支援包括化推進員"
    en: ClassVar[str] = "Inclusion promoters (multi-agency hub)"
    fte: float = _fte("inclusion promoters", "相談支援包括化推進員の人数")
    kind: PostKind = _kind("regular")


class ParticipationWorker(RolePosts):
    """Workers who bring isolated people into places and roles."""

    ja: ClassVar[str] = "参加支援員"
    en: ClassVar[str] = "Participation workers"
    fte: float = _fte("participation workers", "参加支援員の人数")
    kind: PostKind = _kind("outsourced")


class AssistanceCaseworker(RolePosts):
    """Further caseworkers of public assistance, beside those of its office."""

    ja: ClassVar[str] = "生活保護ケースワーカー"
    en: ClassVar[str] = "Public assistance caseworkers"
    fte: float = _fte("further caseworkers of public assistance", "生活保護ケースワーカーの増員")
    kind: PostKind = _kind("regular")
# fmt: on


@dataclass(frozen=True)
class Role:
    """A role: the lever that buys posts of it, and the share of their usable hours by activity.

    home: where hours at a desk are spent. `at_desk` says that, unless somebody writes a mix, the
    small shares beside desk cases and first consultations lie within the hours of the desk itself:
    its workers visit, accompany and link in the course of their cases.
    """

    lever: type[RolePosts]
    mix: Mapping[str, float]
    home: Literal["desks", "assistance"] = "desks"
    at_desk: bool = False


def _row(*shares: float) -> dict[str, float]:
    return {name: share for name, share in zip(ACTIVITIES, shares, strict=True) if share > 0}


ROLES: dict[str, Role] = {  # model 8.10; grade D, +-SHARE_RANGE
    "caseworker": Role(Caseworker, _row(0.75, 0.15, 0.02, 0.03, 0.05, 0, 0, 0), at_desk=True),
    "csw": Role(CommunitySocialWorker, _row(0.10, 0.05, 0.20, 0.20, 0.10, 0.30, 0.05, 0)),
    "livelihood_coordinator": Role(LivelihoodCoordinator, _row(0, 0, 0.05, 0, 0.10, 0.75, 0.10, 0)),
    "outreach_worker": Role(OutreachWorker, _row(0.05, 0.05, 0.60, 0.25, 0.05, 0, 0, 0)),
    "inclusion_promoter": Role(InclusionPromoter, _row(0.05, 0.05, 0, 0.05, 0.25, 0, 0, 0.60)),
    "participation_worker": Role(ParticipationWorker, _row(0, 0, 0.10, 0.20, 0.05, 0.05, 0.60, 0)),
    "assistance_caseworker": Role(
        AssistanceCaseworker,
        _row(0.80, 0.10, 0.05, 0, 0.05, 0, 0, 0),
        home="assistance",
        at_desk=True,
    ),
}
if TYPE_CHECKING:
    RoleName: TypeAlias = str
else:
    RoleName = Literal[tuple(ROLES)]
ALL_AT_DESK = {"desk_cases": 1.0}


def lived_mix(
    role: str, own: Mapping[str, float], towns: Mapping[str, Mapping[str, float]]
) -> Mapping[str, float]:
    """What posts of `role` do with their hours: as the lever says (`own`), else as the town says
    (`towns`, by role), else as the role is declared; caseworkers without a mix that somebody wrote
    are at their desk all week.
    """
    written = own or towns.get(role)
    if written:
        return written
    return ALL_AT_DESK if ROLES[role].at_desk else ROLES[role].mix


def posts_by_activity(
    practice: Any, towns: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Posts that the levers of a practice buy, by role and activity: fte x share, zeros left out.
    `towns`: the mixes that the town writes, by role.
    """
    found: dict[str, dict[str, float]] = {}
    for role in ROLES:
        lever: RolePosts = getattr(practice, role)
        if lever.fte > 0:
            mix = lived_mix(role, lever.mix, towns)
            found[role] = {name: lever.fte * share for name, share in mix.items() if share > 0}
    return found


def roles_of(activity: str) -> list[str]:
    """The roles whose declared mix has the activity, those with most of it first."""
    having = [role for role, one in ROLES.items() if one.mix.get(activity, 0.0) > 0]
    return sorted(having, key=lambda role: -ROLES[role].mix[activity])
