"""What a municipality can set: the practice of an organisation, and the policies that change it for
a time.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, field_validator

from sim.declared.roles import (
    AssistanceCaseworker,
    Caseworker,
    CommunitySocialWorker,
    InclusionPromoter,
    LivelihoodCoordinator,
    OutreachWorker,
    ParticipationWorker,
)
from sim.declared.settings import Posts, Settings, amount, choice
from sim.declared.vocabulary import PostKind
from sim.words import InBoth
from sim.words.errors import Refusal, nearest

LAST_WEEK = 10_400  # of any date that a file may name
TARGETS = ("untargeted", "list", "tips", "places")
Targeting = Annotated[
    dict[str, Annotated[float, Field(le=1)]],
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "propertyNames": {"enum": [*TARGETS]},
                    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
                },
                {"enum": [*TARGETS]},
            ]
        }
    ),
]


# One declaration a line or two, as a table.
# fmt: off
class Staffing(Settings):
    """Posts at agencies named one by one, beside those of the organisation."""

    ja: ClassVar[str] = "機関別の増員"
    en: ClassVar[str] = "Posts by agency"
    withdrawn: ClassVar[dict[str, str]] = {"caseworkers": "levers.caseworker.fte"}
    add: dict[str, Posts] = choice({}, unit="posts", en="further posts by agency", ja="機関別の増員",
        cost=("the posts", "人件費"))
    kind: PostKind = choice("contract", en="kind of the further posts",
        ja="増員の雇用形態",
        cost=("price of the kind of post; contract and outsourced staff leave more often, regular staff rotate", "雇用形態による単価の差。会計年度任用・委託は離職が多く、正規は異動がある"),
        needs=("add",))


class Intake(Settings):
    """The door and the assessment."""

    ja: ClassVar[str] = "受付とアセスメント"
    en: ClassVar[str] = "Intake and assessment"
    door: Literal["by_field", "any_door"] = choice("by_field", en="door rule", ja="受付の方式",
        cost=("{intake.hours_any_door} h more a contact; reorganising {ledger.merge_once} h a worker once", "相談1件につき{intake.hours_any_door}時間増。再編に職員1人あたり{ledger.merge_once}時間（一度）"))
    assessment: Literal["person", "household"] = choice("person", en="unit of assessment", ja="アセスメントの単位",
        cost=("{intake.hours_household_assessment} h more a contact; more needs found ask for more cases", "相談1件につき{intake.hours_household_assessment}時間増。把握する課題が増え、支援件数も増える"))
    briefing: bool = choice(False, en="staff briefed before any door opens", ja="断らない相談の開始前の説明",
        cost=("{ledger.briefing_hours} h a worker once", "職員1人あたり{ledger.briefing_hours}時間（一度）"),
        needs=("door",))


class Outreach(Settings):
    """How those who visit go and find."""

    ja: ClassVar[str] = "アウトリーチの進め方"
    en: ClassVar[str] = "Ways of outreach"
    withdrawn: ClassVar[dict[str, str]] = {"fte": "levers.outreach_worker.fte"}
    targeting: Targeting = choice({"untargeted": 1.0}, unit="share",
        en="mix of targeting", ja="訪問先の選び方",
        cost=("nothing by itself; the visits are spent elsewhere", "それ自体の費用はない（訪問先が変わる）"),
        activity="visiting")
    persistence: int = amount(6, unit="contacts", low=1, high=52, en="contacts before giving up",
        ja="働きかけの回数の上限",
        cost=("visits spent on households already met", "すでに会った世帯への再訪に訪問数を使う"), activity="visiting")
    go_between: bool = choice(False, en="a known go-between introduces", ja="橋渡し役の同行",
        cost=("{outreach.go_between_hours} unpaid hours of a resident, each visit to a household in need", "課題のある世帯への訪問1回につき、住民の無償の時間{outreach.go_between_hours}時間"),
        activity="visiting")

    @field_validator("targeting", mode="before")
    @classmethod
    def one_word_is_all(cls, value: Any) -> Any:
        """`targeting = "tips"` means all visits follow tips."""
        return {value: 1.0} if isinstance(value, str) else value

    @field_validator("targeting")
    @classmethod
    def shares_of_known_targets(cls, value: dict[str, float]) -> dict[str, float]:
        """Only known targets, shares that sum to 1."""
        for name in value:
            if name not in TARGETS:
                raise Refusal(
                    "error.unknown_choice", allowed=", ".join(TARGETS), near=nearest(name, TARGETS)
                )
        if not value or min(value.values()) < 0 or abs(sum(value.values()) - 1) > 1e-6:
            raise Refusal("error.targets", allowed=", ".join(TARGETS))
        return value


class Accompaniment(Settings):
    """Light contact for a set time instead of plain closure."""

    ja: ClassVar[str] = "伴走支援"
    en: ClassVar[str] = "Accompaniment"
    months: float = amount(0, unit="months", high=120, en="accompaniment after a need has ended",
        ja="終結後の伴走期間",
        cost=("hours of light contact after a need has ended", "課題の解消後も支援の時間を使う"))
    hours: float = amount(0.75, unit="h/month", high=10, en="hours of accompaniment", ja="伴走支援の時間",
        cost=("these hours, each accompanied case", "伴走1件ごとにこの時間"), needs=("months",))
    companion_months: float = amount(6, unit="months", low=1, high=120,
        en="accompaniment by posts that accompany, where no `months` are set for all",
        ja="伴走を担う職員による伴走の期間（全員への伴走期間を定めない場合）",
        cost=("hours of these posts, which hold as many as their hours allow", "伴走を担う職員の時間（時間の許す件数まで）"),
        activity="accompanying")
    who: Literal["caseworker", "community"] = choice("caseworker", en="who accompanies", ja="伴走の担い手",
        cost=("hours of caseworkers, or of community workers, who then have fewer for residents; posts that accompany come first", "相談員の時間。地域担当が担う場合は、住民と関わる時間が減る。伴走に時間を充てる職員がいれば、先にその時間を使う"),
        needs=("months",))


class Participation(Settings):
    """Participation support: isolated households gain ties step by step."""

    ja: ClassVar[str] = "参加支援"
    en: ClassVar[str] = "Participation support"
    withdrawn: ClassVar[dict[str, str]] = {"fte": "levers.participation_worker.fte"}
    places: float = amount(0, unit="places", high=10000, en="further places that take part in participation support",
        ja="参加支援の受け入れ先となる居場所の増設数",
        cost=("running each place (price book)", "居場所の運営費（価格表）"))
    stepwise: bool = choice(False, en="stepwise roles, from guest to role", ja="段階的な役割",
        cost=("fewer households: {community.participation_stepwise} of the number, two ties each", "届く世帯は{community.participation_stepwise}倍に減る（1世帯につながり2つ）"),
        activity="participation")


class Community(Settings):
    """How those who organise work with residents; places, and backing of neighbours."""

    ja: ClassVar[str] = "地域づくり"
    en: ClassVar[str] = "Community building"
    withdrawn: ClassVar[dict[str, str]] = {"coordinators": "levers.csw.fte"}
    approach: Literal["request", "interest_led"] = choice("interest_led", en="approach to residents",
        ja="住民への働きかけ方",
        cost=("nothing by itself; slower or sooner undone", "それ自体の費用はない（時間がかかるか、続きにくいかの違い）"),
        activity="community_organising")
    back_supporters: bool = choice(False, en="natural supporters have a contact point", ja="住民の支え手の後ろ盾",
        cost=("{community.backing_hours} h a month of coordinators for each acting resident, at most half of their hours", "活動する住民1人につき地域担当の時間を月{community.backing_hours}時間（地域担当の時間の半分まで）"))
    places: float = amount(0, unit="places", high=10000, en="further places", ja="居場所の増設数",
        cost=("running each place (price book)", "居場所の運営費（価格表）"))
    theme: Literal["requested", "wishes"] = choice("wishes", en="where the theme of a place comes from",
        ja="居場所のテーマの出どころ",
        cost=("nothing by itself; a requested place reaches {community.place_requested} of one from residents' wishes", "それ自体の費用はない（依頼型の届き方は住民発の{community.place_requested}倍）"),
        needs=("places",))
    upstream_share: float = amount(0.2, unit="share", high=1, en="coordinators' hours for resource work",
        ja="資源開発に充てる時間の割合",
        cost=("coordinators' hours taken from residents", "地域担当が住民と関わる時間が減る"),
        activity="community_organising")
    districts_per_worker: float = amount(0, unit="districts", high=500,
        en="districts that one coordinator covers (0: the whole town together)",
        ja="担当1人あたりの地区数（0は全域を共同で担当）",
        cost=("nothing by itself; districts that are not covered get no coordinator hours", "それ自体の費用はない（担当のない地区では地域担当が関わらない）"))
    tie_respecting: bool = choice(False, en="formal service keeps informal ties", ja="既存のつながりを尊重した支援",
        cost=("{intake.tie_respect_hours} h more at the start of each case", "支援開始1件につき{intake.tie_respect_hours}時間増"))


class Coordination(Settings):
    """Hub, conferences, mediation and authority."""

    ja: ClassVar[str] = "多機関協働"
    en: ClassVar[str] = "Multi-agency coordination"
    withdrawn: ClassVar[dict[str, str]] = {"hub_fte": "levers.inclusion_promoter.fte"}
    hub: Literal["backup", "gap_filler"] = choice("backup", en="what a hub does, wherever posts coordinate",
        ja="多機関協働の方式（担当の職員がいるとき）",
        cost=("nothing by itself; the posts that coordinate", "それ自体の費用はない（多機関協働に時間を使う職員の人件費）"),
        activity="coordination")
    mediator: bool = choice(False, en="a mediator between sections", ja="部署間の調整役",
        cost=("{coordination.hours_mediation} h a month at each desk agency", "相談機関ごとに月{coordination.hours_mediation}時間"))
    authority: bool = choice(False, en="authority to decide who takes a case", ja="担当を決める権限",
        cost=("{coordination.hours_authority} h a month at each desk agency", "相談機関ごとに月{coordination.hours_authority}時間"))
    conferences: float = amount(0, unit="per month", high=60, en="conferences", ja="会議の回数",
        cost=("conferences x cases x minutes x attendees, and {coordination.preparation:share} for preparation, shared by the desk agencies", "回数×件数×時間×出席者数に、準備の{coordination.preparation:share}を加えた時間（相談機関で分担）"))
    track: Literal["triage", "review"] = choice("review", en="what conferences do", ja="会議の種類",
        cost=("a review takes {coordination.review_sittings} sittings a case", "検討は1件につき{coordination.review_sittings}回の会議を要する"),
        needs=("conferences",))
    minutes: float = amount(60, unit="minutes", low=1, high=240, en="minutes per case", ja="1件あたりの時間",
        cost=("hours of all attendees", "出席者全員の時間"), needs=("conferences",))
    cases: float = amount(2, unit="cases", low=1, high=60, en="cases per conference", ja="1回あたりの件数",
        cost=("hours of all attendees", "出席者全員の時間"), needs=("conferences",))
    attendees: float = amount(8, unit="persons", low=2, high=60, en="attendees", ja="出席者数",
        cost=("their hours", "出席者の時間"), needs=("conferences",))
    generalising: bool = choice(False, en="generalising view", ja="普遍化の視点",
        cost=("{coordination.generalising_minutes:share} more conference time", "会議の時間が{coordination.generalising_minutes:share}増える"),
        needs=("conferences",))
    policy_staff: bool = choice(False, en="policy staff present", ja="政策担当者の同席",
        cost=("one more attendee", "出席者1人分の時間"), needs=("conferences",))


class Supporters(Settings):
    """Support for the supporters."""

    ja: ClassVar[str] = "支援者支援"
    en: ClassVar[str] = "Supporting the supporters"
    supervision: float = amount(0, unit="h/month", high=20, en="supervision of each worker",
        ja="スーパービジョン（職員1人あたり）", cost=("these hours of every worker", "職員全員のこの時間"))
    learning: float = amount(0, unit="h/month", high=20, en="learning sessions of each worker",
        ja="学び合い（職員1人あたり）", cost=("these hours of every worker", "職員全員のこの時間"))
    merged_meetings: bool = choice(False, en="duplicated meetings merged", ja="会議体の統合",
        cost=("reorganising {ledger.merge_once} h a worker once; then frees {casework.duplicated_meetings:share} of meeting hours", "再編に職員1人あたり{ledger.merge_once}時間（一度）。その後、会議時間の{casework.duplicated_meetings:share}が空く"))
    pairing: bool = choice(False, en="joint visits, nobody holds a case alone", ja="同行・複数担当",
        cost=("{casework.pairing_hours:share} more hours a case", "支援1件の時間が{casework.pairing_hours:share}増える"))
    protected_share: float = amount(0, unit="share", high=0.5, en="usable hours ring-fenced for upstream work",
        ja="予防・地域づくりに確保する時間の割合",
        cost=("these hours are not there for cases", "この時間は個別支援に使えない"))
    slack_share: float = amount(0.5, unit="share", high=1, en="slack that goes to upstream work",
        ja="余裕のうち予防・地域づくりに回す割合", cost=("slack that would be idle", "余裕として残る時間を使う"))


class Resources(Settings):
    """Trials of local resources."""

    ja: ClassVar[str] = "資源づくり"
    en: ClassVar[str] = "Local resources"
    trials: float = amount(0, unit="per year", high=200, en="trials paid for", ja="資源づくりの試行の予算数",
        cost=("money for trials (not in the price book yet); {resources.hours_per_trial} upstream hours each", "試行の予算（価格表にはまだない）。1件に予防・地域づくりの時間{resources.hours_per_trial}時間"))
    design: Literal["agile", "big"] = choice("agile", en="small trials or big designs", ja="小さな試行か大きな設計か",
        cost=("a big design takes {resources.big_design_cost} times the hours and insight, and twice the time", "大きな設計は時間と気づきが{resources.big_design_cost}倍、期間が2倍"),
        needs=("trials",))


class WorkforceSettings(Settings):
    """Personnel rules. 0 rotation years means the parameter's own value."""

    ja: ClassVar[str] = "人事の運用"
    en: ClassVar[str] = "Personnel rules"
    rotation_years: float = amount(0, unit="years", high=40, en="regular staff move desk every (0: as the parameter)",
        ja="人事異動の周期（0は標準値）",
        cost=("what rotation loses: practice, breadth, familiarity; {coordination.hours_personnel} h a month at each desk agency while set", "異動のたびに習熟・対応の幅・顔の見える関係が失われる。設定中は相談機関ごとに月{coordination.hours_personnel}時間"))
    staggered: bool = choice(True, en="moves staggered, not all at once", ja="異動の分散",
        cost=("nothing by itself", "それ自体の費用はない"))
    recruitment: float = amount(1, unit="ratio", low=0.1, high=4, en="length of vacancies against the usual",
        ja="欠員期間の比",
        cost=("{coordination.hours_personnel} h a month at each desk agency while it is not 1", "1以外では相談機関ごとに月{coordination.hours_personnel}時間"))
    specialist_share: float = amount(0, unit="share", high=1, en="regular posts that do not rotate",
        ja="異動しない専門職の割合",
        cost=("{coordination.hours_personnel} h a month at each desk agency", "相談機関ごとに月{coordination.hours_personnel}時間"))


class LinkedDesks(Settings):
    """Other departments' windows pass households on."""

    ja: ClassVar[str] = "他部署の窓口との連携"
    en: ClassVar[str] = "Linked desks"
    on: bool = choice(False, en="other desks are linked", ja="他部署の窓口との連携",
        cost=("the hours below", "下の時間"))
    hours: float = amount(4, unit="h/month", high=100, en="hours of keeping the link, each agency",
        ja="連携の維持に要する時間（機関ごと）",
        cost=("these hours a month at each desk agency", "相談機関ごとに月あたりこの時間"), needs=("on",))


class Fidelity(Settings):
    """How far what is on paper is done."""

    ja: ClassVar[str] = "実施の忠実度"
    en: ClassVar[str] = "Fidelity"
    value: float = amount(1, unit="0-1", high=1, en="fidelity", ja="実施の忠実度（形骸化の逆）",
        cost=("nothing; what is on paper costs its hours whether done or not", "それ自体の費用はない。実施されなくても、書類上の施策の時間はかかる"))
# fmt: on


class Practice(BaseModel):
    """All levers at one moment, complete. An organisation's standing practice is one; a week of a
    run is another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    staffing: Staffing = Staffing()
    caseworker: Caseworker = Caseworker()
    csw: CommunitySocialWorker = CommunitySocialWorker()
    livelihood_coordinator: LivelihoodCoordinator = LivelihoodCoordinator()
    outreach_worker: OutreachWorker = OutreachWorker()
    inclusion_promoter: InclusionPromoter = InclusionPromoter()
    participation_worker: ParticipationWorker = ParticipationWorker()
    assistance_caseworker: AssistanceCaseworker = AssistanceCaseworker()
    intake: Intake = Intake()
    outreach: Outreach = Outreach()
    accompaniment: Accompaniment = Accompaniment()
    participation: Participation = Participation()
    community: Community = Community()
    coordination: Coordination = Coordination()
    supporters: Supporters = Supporters()
    resources: Resources = Resources()
    workforce: WorkforceSettings = WorkforceSettings()
    linked_desks: LinkedDesks = LinkedDesks()
    fidelity: Fidelity = Fidelity()


LEVERS: dict[str, type[Settings]] = {  # every lever by name, as a practice holds them
    name: cast(type[Settings], field.annotation) for name, field in Practice.model_fields.items()
}


def lever_name(lever: str) -> InBoth:
    """The name of a lever."""
    return InBoth(LEVERS[lever].ja, LEVERS[lever].en)


def setting_declaration(lever: str, name: str) -> dict[str, Any]:
    """What a setting of a lever is declared with: "unit", labels ("en", "ja") and "cost" (en,
    ja).
    """
    return cast(dict[str, Any], LEVERS[lever].model_fields[name].json_schema_extra)


class Step(BaseModel):
    """A change of one lever's settings from `start_week` on, reached over `ramp_weeks` (weeks after
    1 April of the start year).
    """

    model_config = ConfigDict(frozen=True)

    lever: str
    start_week: int = Field(ge=0, le=LAST_WEEK)
    ramp_weeks: float = Field(0.0, ge=0, le=LAST_WEEK)
    settings: dict[str, Any]


def practice_at(standing: Practice, steps: tuple[Step, ...], week: int) -> Practice:
    """The practice in `week`: numbers move linearly over the ramp, words and yes/no switch at the
    start.

    `steps` are applied in order of start week; an ended policy is a step back to the standing
    settings.
    """
    values = standing.model_dump()
    for step in sorted(steps, key=lambda s: s.start_week):
        if week < step.start_week:
            continue
        done = (
            1.0
            if step.ramp_weeks <= 0
            else min(1.0, (week - step.start_week + 1) / step.ramp_weeks)
        )
        current = values[step.lever]
        for name, target in step.settings.items():
            ramps = isinstance(target, float) or (
                isinstance(target, int) and not isinstance(target, bool) and name != "persistence"
            )
            current[name] = (
                current[name] + (target - current[name]) * done if ramps and done < 1.0 else target
            )
    return Practice.model_validate(values)
