"""Which loops can carry anything? `python -m benchmarks.studies.loops [--lang ja|en]`.

For each loop of the guidebook the arithmetic of its one link variable, by hand, from the declared
parameters alone (value, low, high): what flows in and out without policy and while the lever or
strain of the row acts, where the stock settles and how fast, and what that changes. The ends of the
ranges are those of the row's own parameters together that make the difference least and largest.
No town is simulated. Source: model 8.11.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

import numpy as np

from benchmarks.studies import loop_stocks as by_hand
from benchmarks.studies.loop_stocks import Stock
from sim.declared import Parameters, declared
from sim.declared.declare import Parameter
from sim.words import LANGUAGES, InBoth

HORIZON = 10.0  # years after which the effect of a lever is read
LEAST = 0.01  # relative difference below which a loop carries nothing
SWEEPS = 4  # over the parameters, in the search for the ends of the ranges
CORNERS, SEED = 64, 7  # from which it begins beside the declared values
Found = TypeVar("Found")
YES, AT_THE_ENDS, NOWHERE = (
    InBoth("働く", "yes"),
    InBoth("範囲の端でのみ", "at the ends only"),
    InBoth("どこでも働かない", "nowhere"),
)


@dataclass(frozen=True)
class Loop:
    """A loop: its link variable, what pushes it, what it acts on, and the parameters it rests on."""

    name: InBoth
    link: InBoth
    pushed: InBoth
    acts_on: InBoth
    stock: Callable[[Parameters, bool], Stock]
    effect: Callable[[Parameters, float], float]
    full: float
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What the link acts on, where the stock settles without policy and HORIZON years after the
    push, and with the stock full.
    """

    quiet: float
    pushed: float
    full: float

    @property
    def reach(self) -> float:
        """Relative difference that the push makes."""
        return abs(self.pushed - self.quiet) / max(abs(self.quiet), 1e-12)


@dataclass(frozen=True)
class Row:
    """A loop at the declared values, and its effect at the ends of its ranges."""

    loop: Loop
    quiet: Stock
    pushed: Stock
    effect: Effect
    least: Effect
    most: Effect

    @property
    def can_act(self) -> InBoth:
        """Whether the push changes anything, at the declared values or anywhere in the ranges."""
        if self.effect.reach >= LEAST:
            return YES
        return AT_THE_ENDS if self.most.reach >= LEAST else NOWHERE


_RESOURCES = (
    "resources.unpaid_trials",
    "resources.insight_case",
    "resources.insight_review",
    "resources.generalising_gain",
    "resources.insight_fading",
    "resources.insight_per_trial",
    "resources.hours_per_trial",
    "resources.trial_success",
    "resources.lead_weeks",
    "resources.life_years",
    "resources.upkeep_hours",
    "resources.full_resources",
)
_EFFECT = "casework.resource_effect"
_SLACK = (
    _EFFECT,
    "workforce.reference_load",
    "casework.available_share",
    "resources.unpaid_trials",
    "resources.insight_per_trial",
    "resources.hours_per_trial",
    "resources.trial_success",
    "resources.life_years",
    "resources.upkeep_hours",
    "resources.full_resources",
)
_FAMILIARITY = (
    "coordination.familiarity_joint",
    "coordination.familiarity_fading",
    "workforce.rotation_years",
    "workforce.contract_turnover",
    "workforce.leave_regular",
)
_STAFF = _FAMILIARITY[2:]
_TRUST = (
    "asking.seek_manifest",
    "intake.wrong_desk_first",
    "intake.trust_per_hop",
    "intake.gap_refusal",
    "needs.share_gap",
    "needs.recover_manifest",
    "population.turnover",
    "town.trust_init",
)
_CLOSURES = (
    "casework.trust_per_closure",
    "casework.resolve_manifest",
    "casework.dropout_case",
    "casework.programme_limit",
    "needs.relapse_12m",
)
_ORIENTATION = (
    "workforce.orientation_gain",
    "workforce.orientation_pull",
    "workforce.orientation_new",
    "workforce.orientation_init",
    "workforce.orientation_peers",
    "workforce.ramp_months",
    *_STAFF,
)
_STRAIN = (
    "workforce.exhaustion_gain",
    "workforce.exhaustion_recovery",
    "workforce.strain_from",
    "workforce.reference_load",
    "workforce.slack_relief",
    "workforce.exhaustion_new",
    "workforce.contract_turnover",
)
_NOTICE = (
    "noticing.notice_latent",
    "noticing.notice_manifest",
    "noticing.notice_severe",
    "noticing.notice_to_referral",
    "noticing.tell_person",
)
_WORRY = (
    *_NOTICE,
    "noticing.worry_per_watched",
    "noticing.worry_per_unanswered",
    "noticing.worry_fading",
    "noticing.worry_relief",
    "noticing.worry_limit",
)
_COMMISSIONER = (
    "community.commissioner_dropout",
    "community.overload_worries",
    "community.overload_visits",
    "community.overload_beat",
    "town.minsei_per_1000hh",
    "noticing.minsei_visits",
    "noticing.visits_of_a_tie",
)
_HELPERS = ("community.helper_dropout", "town.helper_share")
_CONTAGION = (
    *_HELPERS,
    "community.helper_contagion",
    "town.interested_share",
    "town.mean_neigh_ties",
)
_TIES = ("community.tie_fading", "town.dormant_ties")
_ISOLATION = (*_TIES, "needs.isolation_hazard_ratio", "town.share_no_neigh_ties")
_KNOWS = ("noticing.knows_gain", "noticing.knows_init", "town.low_perceived_need")

_SHARE_OF_FULL = InBoth("機能している地域資源（充実時＝1）", "working resources (share of full)")
_PAID = InBoth("年6件の試行の予算", "six trials paid for a year")
_KNOWN = InBoth("機関間の顔の見える関係（0～1）", "familiarity of two desks (0-1)")
_TRUST_OF = InBoth(
    "支援のない顕在世帯の信頼（0～1）", "trust of manifest households without support (0-1)"
)
_ASKS = InBoth("相談・同意（開始時との比）", "asking, consent (ratio to the start)")
_MEAN = InBoth("職員の志向の平均（0～1）", "mean orientation of staff (0-1)")
_TIRED = InBoth("疲弊（0～1、感受性が中央値の職員）", "exhaustion (0-1, median sensitivity)")
_BUSY = InBoth("負荷が0.2上がる", "load .2 higher")
_KNOWS_WHOM = "誰に伝えるかを知る度合い"
_TELLS = InBoth("気づきを伝える割合", "chance that who notices tells")
_LIVE = InBoth("顔見知りのうちつながりである割合", "acquaintances that are ties (share)")
_SEEN = InBoth("近隣の気づき（開始時との比）", "noticing by neighbours (ratio to the start)")
_ISOLATED = InBoth("孤立世帯（開始時＝1）", "isolated households (start = 1)")
_HAZARD = InBoth(
    "町の発生・悪化（孤立がないときとの比）",
    "onset and worsening in the town (ratio to no isolation)",
)
_BACKED = InBoth("後ろ盾（全員）", "full backing")

LOOPS: dict[str, Loop] = {
    "resources": Loop(
        InBoth("地域資源→支援の効果", "resources -> resolution"), _SHARE_OF_FULL, _PAID,
        InBoth("支援による解決（比）", "resolution under support (ratio)"),
        by_hand.paid_resources, by_hand.resolution, 1.0, (*_RESOURCES, _EFFECT)),
    "relief": Loop(
        InBoth("地域資源→支援時間", "resources -> hours of a case"), _SHARE_OF_FULL, _PAID,
        InBoth("1件の支援時間（比）", "hours of a case (ratio)"),
        by_hand.paid_resources, by_hand.case_time, 1.0, (*_RESOURCES, "resources.resource_relief")),
    "gap": Loop(
        InBoth("地域資源→狭間の受け止め", "resources -> gap needs taken"), _SHARE_OF_FULL, _PAID,
        InBoth("狭間の課題が断られる割合", "chance that a gap need is refused"),
        by_hand.paid_resources, by_hand.gap_refused, 1.0, (*_RESOURCES, "intake.resource_refusal")),
    "places": Loop(
        InBoth("地域資源→居場所", "resources -> places"), _SHARE_OF_FULL, _PAID,
        InBoth("居場所の数（比）", "places (ratio)"),
        by_hand.paid_resources, by_hand.places, 1.0,
        (*_RESOURCES, "resources.place_each", "town.salon_uptake", "community.place_capacity")),
    "insight": Loop(
        InBoth("気づき→試行→地域資源（予算なし）", "insight -> trials -> resources (no budget)"), _SHARE_OF_FULL,
        InBoth("月4回の会議、普遍化の視点", "four conferences a month, generalising view"),
        InBoth("支援による解決（比）", "resolution under support (ratio)"),
        by_hand.insight_resources, by_hand.resolution, 1.0, (*_RESOURCES, _EFFECT)),
    "slack_half": Loop(
        InBoth("余裕→地域づくりの時間→地域資源（余裕が半減）", "slack -> upstream hours -> resources (half of it gone)"),
        _SHARE_OF_FULL, InBoth("余裕が半分になる", "half of the slack gone"),
        InBoth("支援による解決（比）", "resolution under support (ratio)"),
        by_hand.half_slack, by_hand.resolution, 1.0, _SLACK),
    "slack_all": Loop(
        InBoth("余裕→地域づくりの時間→地域資源（余裕なし）", "slack -> upstream hours -> resources (all of it gone)"),
        _SHARE_OF_FULL, InBoth("余裕がなくなる", "no slack at all"),
        InBoth("支援による解決（比）", "resolution under support (ratio)"),
        by_hand.no_slack, by_hand.resolution, 1.0, _SLACK),
    "joint_cases": Loop(
        InBoth("共に支える世帯→顔の見える関係→手間", "joint households -> familiarity -> friction"), _KNOWN,
        InBoth("世帯全体のアセスメント", "household assessment"),
        InBoth("他機関の支援がある1件の時間（比）", "hours of a case beside one elsewhere (ratio)"),
        by_hand.joint_familiarity, by_hand.friction, 1.0,
        (*_FAMILIARITY, "casework.friction", "intake.assessment_find", "town.init_compounded")),
    "met": Loop(
        InBoth("会議→顔の見える関係→つなぎ", "conferences -> familiarity -> hand-ons"), _KNOWN,
        InBoth("月2回の会議", "two conferences a month"),
        InBoth("紹介がつながる割合", "chance that a hand-on arrives"),
        by_hand.met_familiarity, by_hand.arrives, 1.0,
        (*_FAMILIARITY, "coordination.coord_setup_months", "intake.referral_success_plain", "intake.referral_success_coord")),
    "sent_away": Loop(
        InBoth("たらいまわし・拒否→信頼→相談", "hops, refusals -> trust -> asking"), _TRUST_OF,
        InBoth("断らない相談（たらいまわし・拒否なし）", "any door: no hop, no refusal"), _ASKS,
        by_hand.trust_of_the_sent_away, by_hand.asking, 1.0, _TRUST),
    "waits": Loop(
        InBoth("待ち→信頼→相談", "waits -> trust -> asking"), _TRUST_OF,
        InBoth("限度を12週超えて待つ", "each waits 12 weeks beyond patience"), _ASKS,
        by_hand.trust_of_the_waiting, by_hand.asking, 1.0, (*_TRUST, "intake.trust_waiting")),
    "good_closures": Loop(
        InBoth("よい終結→信頼→相談", "good closures -> trust -> asking"), _TRUST_OF,
        InBoth("全ての支援がよい形で終わる", "every case closes well"), _ASKS,
        by_hand.trust_after_good_closures, by_hand.asking, 1.0, (*_TRUST, *_CLOSURES)),
    "breadth": Loop(
        InBoth("複合ケースの実践→対応の幅", "compounded cases -> breadth -> match"),
        InBoth("対応の幅（0～1）", "breadth of staff (0-1)"),
        InBoth("ハブが複合・狭間を全て引き取る", "a hub takes all compounded and gap cases"),
        InBoth("複合・狭間の解決（幅1との比）", "resolution of hard cases (ratio to breadth 1)"),
        by_hand.breadth, by_hand.match, 1.0,
        ("workforce.breadth_gain", "workforce.breadth_loss", "workforce.breadth_loss_value", "workforce.breadth_new", *_STAFF)),
    "learning": Loop(
        InBoth("学び合い→志向→制度の期限", "learning -> orientation -> programme limit"), _MEAN,
        InBoth("学び合い・助言 月4時間", "four hours of sessions a month"),
        InBoth("期限による終結（件/年）", "closing at the limit (1/year)"),
        by_hand.learned_orientation, by_hand.limit, 1.0, (*_ORIENTATION, "casework.programme_limit")),
    "bringing": Loop(
        InBoth("学び合い→志向→つなぐ", "learning -> orientation -> bringing"), _MEAN,
        InBoth("学び合い・助言 月4時間", "four hours of sessions a month"),
        InBoth("複合世帯がつながれる率（件/年）", "compounded households brought (1/year)"),
        by_hand.learned_orientation, by_hand.bringing, 1.0,
        (*_ORIENTATION, "coordination.bring_rate", "coordination.consent")),
    "peers": Loop(
        InBoth("同僚→志向（組織文化）", "peers -> orientation (culture)"), _MEAN,
        InBoth("同じ学び合いに、同僚の影響が働く", "the same sessions, and colleagues act"),
        InBoth("期限による終結（件/年）", "closing at the limit (1/year)"),
        by_hand.peers_orientation, by_hand.limit, 1.0, (*_ORIENTATION, "casework.programme_limit")),
    "tired": Loop(
        InBoth("負荷→疲弊→質→負荷", "load -> exhaustion -> quality -> load"), _TIRED, _BUSY,
        InBoth("1時間の値打ち（疲弊なしとの比）", "worth of an hour (ratio to none tired)"),
        by_hand.exhaustion, by_hand.worth, 1.0, (*_STRAIN, "workforce.exhaustion_quality")),
    "quitting": Loop(
        InBoth("負荷→疲弊→離職→負荷", "load -> exhaustion -> leaving -> load"), _TIRED, _BUSY,
        InBoth("会計年度任用・委託の職の稼働（欠員・習熟後）", "capacity of contract posts after vacancies and practice"),
        by_hand.exhaustion, by_hand.manned, 1.0,
        (*_STRAIN, "workforce.exhaustion_quit_beta", "workforce.exhaustion_sd", "workforce.vacancy_months",
         "workforce.new_productivity", "workforce.ramp_months")),
    "helpers": Loop(
        InBoth("支え手の気がかり→活動", "worry of helpers -> acting"),
        InBoth("支え手1人の気がかり", "worries of an acting resident"), _BACKED,
        InBoth("気がかりが限度内の支え手（割合）", "helpers below their limit (share)"),
        by_hand.helper_worry, by_hand.still_acting, 2.5, (*_WORRY, *_HELPERS)),
    "commissioners": Loop(
        InBoth("民生委員の気がかり→退任→欠員", "worry of commissioners -> giving up -> seats"),
        InBoth("民生委員1人の気がかり", "worries of a commissioner"), _BACKED,
        InBoth("充足率", "seats that are filled (share)"),
        by_hand.commissioner_worry, by_hand.seats_filled, 2.5, (*_WORRY, *_COMMISSIONER, "community.seat_refill")),
    "lifting": Loop(
        InBoth("地域担当→支え手→気づき", "coordinators -> helpers -> noticing"),
        InBoth("支え手（開始時＝1）", "acting residents (start = 1)"),
        InBoth("毎年5％を地域担当が増やす", "coordinators lift 5 % a year"), _SEEN,
        by_hand.acting, by_hand.noticing, 2.0, _CONTAGION),
    "contagion": Loop(
        InBoth("支え手→支え手（接触）", "helpers -> helpers (contact)"),
        InBoth("支え手（開始時＝1）", "acting residents (start = 1)"),
        InBoth("同じく5％増やし、接触が働く", "the same 5 %, and contact acts"), _SEEN,
        by_hand.lifted_without_contagion, by_hand.noticing, 2.0, _CONTAGION),
    "withdrawal": Loop(
        InBoth("深刻化→つながり→気づき", "severe need -> ties -> noticing"), _LIVE,
        InBoth("深刻な課題がある", "the household is in severe need"), _SEEN,
        by_hand.withdrawn_ties, by_hand.noticed_by_ties, 1.0, (*_TIES, "community.tie_withdrawal")),
    "service": Loop(
        InBoth("制度サービス→つながり→気づき", "formal service -> ties -> noticing"), _LIVE,
        InBoth("支援の開始でつながりが減る", "service cuts ties at its start"), _SEEN,
        by_hand.serviced_ties, by_hand.noticed_by_ties, 1.0,
        (*_TIES, "casework.tie_loss_at_service", "asking.seek_manifest", "workforce.orientation_new")),
    "place_ties": Loop(
        InBoth("居場所→つながり→孤立", "places -> ties -> isolation"), _ISOLATED,
        InBoth("居場所が2倍", "twice as many places"), _HAZARD,
        by_hand.isolation_at_places, by_hand.hazard, 0.0,
        (*_ISOLATION, "town.salon_uptake", "community.place_leaving", "community.place_tie")),
    "participation": Loop(
        InBoth("参加支援→つながり→孤立", "participation -> ties -> isolation"), _ISOLATED,
        InBoth("参加支援6人", "six posts of participation support"), _HAZARD,
        by_hand.isolation_in_participation, by_hand.hazard, 0.0,
        (*_ISOLATION, "community.participation_isolates_fte")),
    "helpers_know": Loop(
        InBoth("応答→伝え先を知る（支え手）", "answers -> knows whom to tell (helpers)"),
        InBoth(f"支え手が{_KNOWS_WHOM}", "how well helpers know (0-1)"),
        InBoth("全てに応答がある", "every worry told is answered"), _TELLS,
        by_hand.helper_knows, by_hand.telling, 1.0, (*_KNOWS, *_NOTICE, *_HELPERS)),
    "commissioners_know": Loop(
        InBoth("応答→伝え先を知る（民生委員）", "answers -> knows whom to tell (commissioners)"),
        InBoth(f"民生委員が{_KNOWS_WHOM}", "how well commissioners know (0-1)"),
        InBoth("全てに応答がある", "every worry told is answered"), _TELLS,
        by_hand.commissioner_knows, by_hand.telling, 1.0, (*_KNOWS, *_NOTICE, *_COMMISSIONER)),
    "backing": Loop(
        InBoth("後ろ盾→伝え先を知る", "backing -> knows whom to tell"),
        InBoth(f"住民が{_KNOWS_WHOM}", "how well residents know (0-1)"), _BACKED, _TELLS,
        by_hand.backed_knows, by_hand.telling, 1.0,
        ("noticing.knows_backing", "noticing.knows_init", "noticing.notice_to_referral", "population.turnover")),
}  # fmt: skip


@cache
def known() -> dict[str, Parameter]:
    """All declared parameters by dotted name."""
    return declared()


@cache
def declared_town() -> Parameters:
    """All declared values; `read_at` changes them for the time of one reading."""
    return Parameters({name: one.value for name, one in known().items()})


def read_at(read: Callable[[Parameters], Found], values: dict[str, float]) -> Found:
    """What `read` gives at the declared values and these `values` (by dotted name)."""
    p = declared_town()

    def put(new: dict[str, float]) -> None:
        for dotted, value in new.items():
            subject, name = dotted.split(".")
            setattr(getattr(p, subject), name, value)

    put(values)
    try:
        return read(p)
    finally:
        put({name: known()[name].value for name in values})


def end_of_ranges(
    measure: Callable[[Parameters], float], ranges: tuple[str, ...], corners: int = CORNERS
) -> dict[str, float]:
    """Low, declared or high values of `ranges` (dotted names), together, at which `measure` is
    largest: from the declared values and from `corners` by lot, one parameter after the other, until
    nothing more is gained.
    """
    lots = np.random.default_rng(SEED).integers(0, 3, size=(corners, len(ranges)))
    ends = [_ends(name) for name in ranges]
    starts = [{name: known()[name].value for name in ranges}]
    for lot in lots:
        corner = [end[at] for end, at in zip(ends, lot, strict=True)]
        starts.append(dict(zip(ranges, corner, strict=True)))
    reached = [_climb(measure, start) for start in starts]
    return max(reached, key=lambda one: one[1])[0]


def _ends(name: str) -> tuple[float, float, float]:
    one = known()[name]
    return one.low, one.value, one.high


def _climb(
    measure: Callable[[Parameters], float], start: dict[str, float]
) -> tuple[dict[str, float], float]:
    """The ends that `measure` climbs to from `start`, and what it is there."""
    values, best = start, read_at(measure, start)
    for _ in range(SWEEPS):
        before = best
        for name in start:
            for value in _ends(name):
                reached = read_at(measure, values | {name: value})
                if reached > best + 1e-12:
                    best, values = reached, values | {name: value}
        if best == before:
            break
    return values, best


def effect_of(loop: Loop, p: Parameters) -> Effect:
    """What the loop acts on at `p`."""
    quiet = loop.stock(p, False).equilibrium
    pushed = loop.stock(p, True).after(HORIZON, quiet)
    return Effect(loop.effect(p, quiet), loop.effect(p, pushed), loop.effect(p, loop.full))


def at_the_end(loop: Loop, sign: int) -> Effect:
    """Effect at the ends of the loop's ranges at which the push makes the largest difference (`sign`
    1) or the least (-1).
    """
    corners = CORNERS if sign > 0 else 0
    values = end_of_ranges(lambda p: sign * effect_of(loop, p).reach, loop.ranges, corners)
    return read_at(partial(effect_of, loop), values)


@cache
def row_of(name: str) -> Row:
    """The row of the loop `name`."""
    loop, p = LOOPS[name], declared_town()
    quiet, pushed = loop.stock(p, False), loop.stock(p, True)
    return Row(loop, quiet, pushed, effect_of(loop, p), at_the_end(loop, -1), at_the_end(loop, 1))


def round_of_exhaustion() -> tuple[float, float]:
    """Once round the loops of exhaustion at the declared values, and at the ends of the ranges at
    which most comes back.
    """
    ranges = tuple(dict.fromkeys((*LOOPS["tired"].ranges, *LOOPS["quitting"].ranges)))
    ends = end_of_ranges(by_hand.once_round, ranges)
    return by_hand.once_round(declared_town()), read_at(by_hand.once_round, ends)


HEADINGS = {
    "ja": ("ループ", "結び目の変数", "開始時", "施策なし：流入／流出（年）", "落ち着く値", "時定数（年）", "動かすもの",
           "そのとき：流入／流出（年）", "落ち着く値", "時定数（年）", "働く相手", "施策なし→10年後", "最大のとき",
           "範囲の弱い端", "範囲の強い端", "働くか"),
    "en": ("Loop", "Link variable", "Start", "No policy: in / out (1/year)", "Settles at", "Time constant (years)", "Pushed by",
           "Then: in / out (1/year)", "Settles at", "Time constant (years)", "Acts on", "No policy -> after 10 years", "At full",
           "Weak ends", "Strong ends", "Can act"),
}  # fmt: skip


def number(value: float) -> str:
    """A number in three digits at the most."""
    return f"{value:.2g}" if abs(value) < 0.1 else f"{value:.3g}"


def cells(row: Row, lang: str) -> Iterator[str]:
    """What stands in the columns of a row, in `lang`."""
    loop = row.loop
    yield from (loop.name.say(lang), loop.link.say(lang), number(row.quiet.start))
    for stock, before in ((row.quiet, None), (row.pushed, loop.pushed)):
        if before:
            yield before.say(lang)
        yield f"{number(stock.inflow)} / {number(stock.outflow)}"
        yield from (number(stock.equilibrium), number(stock.years))
    yield loop.acts_on.say(lang)
    yield _change(row.effect)
    yield number(row.effect.full)
    yield from (_change(row.least), _change(row.most), row.can_act.say(lang))


def _change(effect: Effect) -> str:
    return f"{number(effect.quiet)} → {number(effect.pushed)}"


def table(lang: str) -> str:
    """The table of all loops in `lang`, as Markdown."""
    lines = [" | ".join(HEADINGS[lang]), " | ".join("---" for _ in HEADINGS[lang])]
    lines += [" | ".join(cells(row_of(name), lang)) for name in LOOPS]
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Print the table in the language asked for, or in both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES, nargs="+", default=list(LANGUAGES))
    for lang in parser.parse_args().lang:
        print(table(lang), end="\n\n")
    print(
        "once round exhaustion: {:.3f} declared, {:.2f} at the ends".format(*round_of_exhaustion())
    )


if __name__ == "__main__":
    main()
