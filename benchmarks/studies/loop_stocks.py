"""The stock of each loop, by hand, and what it acts on: plain formulas over declared values.

A stock moves by x' = inflow x (top - x) - outflow x (x - bottom) a year; one that is not `filling`
by x' = inflow - outflow x (x - bottom). Each formula names the functions whose arithmetic it repeats.
`pushed`: whether the lever or the strain named in the row acts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.studies import quiet_town as town
from sim.declared import Parameters
from sim.model.processes.noticing import LEAST_KNOWN
from sim.model.processes.workforce import FAMILIARITY_KEPT
from sim.model.strain import mean_exhaustion

PAID_TRIALS = 6.0  # a year, as the study of the levers pays for
REVIEWS = 4 * 12 * 2 / 2.5  # a year: four conferences a month, two cases, 2.5 sittings
SESSIONS = 4 * 12.0  # hours a year of supervision and learning, as in the study of the levers
LATE = 12.0  # weeks that a household waits beyond its patience
LIFTED = 0.05  # of the acting residents, that coordinators lift in a year
MOVING = 0.05  # 1/year: commissioners who die or move (`sim.model.commissioners`)
POSTS = 6.0  # of participation support, as in the study of the levers


@dataclass(frozen=True)
class Stock:
    """A link variable: where it starts, what it moves by (1/year), and its bounds."""

    start: float
    inflow: float
    outflow: float
    bottom: float = 0.0
    top: float = 1.0
    filling: bool = True  # the inflow fills what is missing to the top
    delay: float = 0.0  # years before the inflow counts
    least: float = 0.0

    @property
    def equilibrium(self) -> float:
        """Where it settles."""
        speed = self.inflow + self.outflow if self.filling else self.outflow
        if speed <= 0:
            return self.start
        gained = self.inflow * self.top if self.filling else self.inflow
        settled = (gained + self.outflow * self.bottom) / speed
        return min(self.top, max(self.least, settled))

    @property
    def years(self) -> float:
        """Time constant; infinite where nothing moves it."""
        speed = self.inflow + self.outflow if self.filling else self.outflow
        return 1 / speed if speed > 0 else math.inf

    def after(self, years: float, begun: float) -> float:
        """Where it stands `years` after it left `begun`."""
        done = -math.expm1(-max(0.0, years - self.delay) / self.years)
        return begun + (self.equilibrium - begun) * done


def trials(p: Parameters, paid: float, reviews: float, load: float) -> float:
    """Trials a year, by the scarcest of permits, insight and hours: `resources._try`,
    `resources._learn`, `resources._keep_up`. Insight below one trial's worth fades.
    """
    r = p.resources
    permits = r.unpaid_trials * town.households(p) / 10_000 + paid
    insight = r.insight_case * town.closures(p) + r.insight_review * r.generalising_gain * reviews
    insight = max(0.0, insight - r.insight_fading * r.insight_per_trial / 2) / r.insight_per_trial
    upkeep = r.trial_success * r.life_years * r.upkeep_hours * 12
    hours = town.upstream_hours(p, load) / (r.hours_per_trial + upkeep)
    return min(permits, insight, hours)


def resources(
    p: Parameters, paid: float = 0.0, reviews: float = 0.0, load: float | None = None
) -> Stock:
    """Working resources over those of full effect: `resources._try`, `_mature`, `_keep_up`,
    `transitions.full_resources`.
    """
    r = p.resources
    at = p.workforce.reference_load if load is None else load
    full = max(2.0, r.full_resources * town.households(p) / 10_000)
    worked = trials(p, paid, reviews, at) * r.trial_success / full
    lead = r.lead_weeks / 52 if paid or reviews else 0.0
    return Stock(r.init_resources, worked, 1 / r.life_years, filling=False, delay=lead)


def paid_resources(p: Parameters, pushed: bool) -> Stock:
    """Trials are paid for: `resources._try`."""
    return resources(p, paid=PAID_TRIALS * pushed)


def insight_resources(p: Parameters, pushed: bool) -> Stock:
    """Conferences review cases with a generalising view, no trial is paid for: `resources._learn`."""
    return resources(p, reviews=REVIEWS * pushed)


def half_slack(p: Parameters, pushed: bool) -> Stock:
    """Half of what the reference load leaves is gone: `hours._end_of_week`, `resources._keep_up`."""
    load = p.workforce.reference_load
    return resources(p, load=load + (1 - load) / 2 * pushed)


def no_slack(p: Parameters, pushed: bool) -> Stock:
    """Nobody has an hour to spare: no trial begins, and without upkeep what there is ends three
    times as fast (`resources._keep_up`, UNKEPT).
    """
    return resources(p, load=1.0 if pushed else None)


def resolution(p: Parameters, x: float) -> float:
    """Resolution under support, ratio: `casework.aid`."""
    return 1 + (p.casework.resource_effect - 1) * x


def case_time(p: Parameters, x: float) -> float:
    """Hours of a case, ratio: `hours._ask`."""
    return 1 - p.resources.resource_relief * x


def gap_refused(p: Parameters, x: float) -> float:
    """Chance that a gap need is refused: `intake._rules`."""
    return p.intake.gap_refusal * (1 - p.intake.resource_refusal * x)


def places(p: Parameters, x: float) -> float:
    """Places, ratio to the start without resources: `community._added_places`, `balance._places`."""
    start = p.town.salon_uptake * town.households(p) / p.community.place_capacity
    start *= 1 + p.community.place_leaving / p.community.place_joining
    full = p.resources.full_resources * town.households(p) / 10_000
    return 1 + x * full * p.resources.place_each / start


def forgetting(p: Parameters) -> float:
    """Rate (1/year) at which familiarity goes, with time and with leavers of two agencies:
    `coordination._become_familiar`, `workforce._forget`.
    """
    leavers = 2 * (1 - FAMILIARITY_KEPT) * town.newcomers(p)
    return p.coordination.familiarity_fading + leavers


def joint_gain(p: Parameters, found: float) -> float:
    """Growth (1/year) of familiarity of a pair of desks by the households that both support:
    `coordination._become_familiar`. Needs of one household come to support one by one; `found` is
    the chance that support of one brings the other along.
    """
    seen = town.supported(p)
    joint = town.two_manifest(p) * seen * (seen + (1 - seen) * found)
    pairs, staff = town.DESKS * (town.DESKS - 1) / 2, max(1.0, town.posts() / town.DESKS)
    return p.coordination.familiarity_joint * joint / pairs / staff


def joint_familiarity(p: Parameters, pushed: bool) -> Stock:
    """Household assessment brings further needs to their desks: `intake._assess_others`,
    `coordination._joint_households`.
    """
    able = 0.5 + 0.5 * p.workforce.orientation_new
    found = p.intake.assessment_find * able * p.intake.referral_success_coord * pushed
    return Stock(p.coordination.familiarity_init, joint_gain(p, found), forgetting(p))


def met_familiarity(p: Parameters, pushed: bool) -> Stock:
    """Two conferences a month: `coordination._growth`."""
    growth = 12 / p.coordination.coord_setup_months * pushed
    return Stock(p.coordination.familiarity_init, joint_gain(p, 0.0) + growth, forgetting(p))


def friction(p: Parameters, x: float) -> float:
    """Hours of a case beside another one of the household elsewhere, ratio: `hours._ask`."""
    return 1 + p.casework.friction * (1 - x)


def arrives(p: Parameters, x: float) -> float:
    """Chance that a household arrives where a desk sends it: `intake.handon_success`."""
    plain = p.intake.referral_success_plain
    return plain + (p.intake.referral_success_coord - plain) * x


def sent_away(p: Parameters) -> float:
    """Trust lost at a first consultation, by hops and refusals: `intake._send_away`,
    `intake._to_the_own_desk`. A gap need comes to any desk, and its own is that of poverty.
    """
    gap = p.needs.share_gap
    strange = 1 - p.needs.share_poverty / (1 - gap)
    times = (1 - gap) * p.intake.wrong_desk_first + gap * (p.intake.gap_refusal + strange)
    return p.intake.trust_per_hop * times


def trust(p: Parameters, lost: float, all_close: bool = False) -> Stock:
    """Trust of households in manifest need that have no support. They ask at seek_manifest x trust
    over its start and lose `lost` each time; households new in need bring that of the start, and
    those whose need comes back after a good closure what they gained by it.
    """
    renewed = p.population.turnover + p.needs.recover_manifest
    mean, gained = p.town.trust_init, closed_well(p, all_close)
    top = min(1.0, mean + gained / renewed)
    return Stock(mean, renewed, p.asking.seek_manifest / mean * lost, top=top)


def closed_well(p: Parameters, all_close: bool) -> float:
    """Trust gained in a year by good closures, for each household without support: the closures
    whose need comes back, over the needs without a case (`casework._close`). Where `all_close`
    well, so do the cases that else lapse or end at the limit.
    """
    ending = p.casework.resolve_manifest
    if all_close:
        ending += p.casework.dropout_case * (1.5 - p.town.trust_init)
        ending += limit(p, p.workforce.orientation_init)
    helped = town.supported(p)
    back = ending * p.needs.relapse_12m * helped / max(1 - helped, 0.05)
    return p.casework.trust_per_closure * back


def trust_of_the_sent_away(p: Parameters, pushed: bool) -> Stock:
    """Any door: nobody is sent away or refused (`intake._through_any_door`)."""
    return trust(p, 0.0 if pushed else sent_away(p))


def trust_of_the_waiting(p: Parameters, pushed: bool) -> Stock:
    """Each consultation comes LATE weeks after patience has ended: `intake._wait`,
    `admission._still_waiting`.
    """
    return trust(p, sent_away(p) + LATE * p.intake.trust_waiting * pushed)


def trust_after_good_closures(p: Parameters, pushed: bool) -> Stock:
    """Every case closes well: none lapses or ends at the limit (`casework._close`)."""
    return trust(p, sent_away(p), all_close=pushed)


def asking(p: Parameters, x: float) -> float:
    """Asking, and consent to a joint case, ratio to the start: `asking.asks`,
    `bringing.consents`.
    """
    return x / p.town.trust_init


def breadth(p: Parameters, pushed: bool) -> Stock:
    """Breadth of staff; the hub takes all compounded and gap cases (pushed): `workforce._practise`,
    `coordination._take_over`. Newcomers bring breadth_new.
    """
    w = p.workforce
    practice = 0.0 if pushed else w.breadth_gain * town.hard_hours(p)
    new = town.newcomers(p)
    bottom = (w.breadth_loss * w.breadth_loss_value + new * w.breadth_new) / (w.breadth_loss + new)
    return Stock(w.breadth_init, practice, w.breadth_loss + new, bottom)


def match(p: Parameters, x: float) -> float:
    """Resolution of compounded and gap cases, ratio to a worker of full breadth: `casework.aid`."""
    return x


def orientation(p: Parameters, learning: float, peers: bool = True) -> Stock:
    """Mean orientation of staff: sessions raise it, newcomers bring orientation_new, of whom
    colleagues form part (`peers`), and what is above orientation_init is pulled back
    (`workforce._practise`).
    """
    w = p.workforce
    gain, new = w.orientation_gain * learning / 10, town.newcomers(p)
    lost = new * (1 - formed(p, gain) * peers)
    free = Stock(w.orientation_init, gain, lost, w.orientation_new)
    if free.equilibrium <= w.orientation_init:
        return free
    lost = new * (1 - formed(p, gain + w.orientation_pull) * peers)
    out = lost + w.orientation_pull
    bottom = (lost * w.orientation_new + w.orientation_pull * w.orientation_init) / out
    return Stock(w.orientation_init, gain, out, bottom)


def formed(p: Parameters, other: float) -> float:
    """Part of what newcomers take from a desk's orientation that its settled staff give back, where
    each worker moves by `other` (1/year) beside the colleagues. In a desk in balance a worker of
    tenure a is on the way from orientation_new at speed k = other + orientation_peers; colleagues
    count by practice, a / ramp up to 1 (`workforce._orientations`).
    """
    w, new = p.workforce, town.newcomers(p)
    k = other + w.orientation_peers
    if k <= 0:
        return 0.0
    behind = counted_by_practice(p, new + k) / counted_by_practice(p, new)
    ahead = (1 - behind) * (new + k) / k - 1  # of the settled over the mean, as part of its rise
    return min(1.0, w.orientation_peers * ahead / new)


def counted_by_practice(p: Parameters, rate: float) -> float:
    """Integral of practice x exp(-rate x tenure) over tenure in years (`workforce.practised`)."""
    ramp = p.workforce.ramp_months / 12
    return -math.expm1(-rate * ramp) / (rate * rate * ramp)


def learned_orientation(p: Parameters, pushed: bool) -> Stock:
    """Two hours of supervision and two of learning a month: `hours._meet`, `workforce._practise`."""
    return orientation(p, SESSIONS * pushed)


def peers_orientation(p: Parameters, pushed: bool) -> Stock:
    """The sessions in both: what colleagues add (pushed), who form newcomers."""
    return orientation(p, SESSIONS, peers=pushed)


def limit(p: Parameters, x: float) -> float:
    """Closing at the programme's limit, 1/year: `casework.limit_rate`."""
    return p.casework.programme_limit * (1 - x)


def bringing(p: Parameters, x: float) -> float:
    """Compounded households in support brought to a known meeting, 1/year: `bringing.is_brought`."""
    return p.coordination.bring_rate * x * p.coordination.consent


def exhaustion(p: Parameters, pushed: bool) -> Stock:
    """Exhaustion of a worker of median sensitivity, at the reference load or .2 above:
    `strain.strain`, `strain.relief`; leavers are replaced (`workforce._appoint`).
    """
    w = p.workforce
    load = w.reference_load + 0.2 * pushed
    gain = 12 * w.exhaustion_gain * math.sqrt(max(0.0, load - w.strain_from))
    rest = 12 * w.exhaustion_recovery * (1 + w.slack_relief * max(0.0, 1 - load))
    new = town.leaving(p)
    return Stock(mean_exhaustion(w), gain, rest + new, new * w.exhaustion_new / (rest + new))


def worth(p: Parameters, x: float) -> float:
    """What an hour is worth, ratio to a fresh worker: `workforce._turn_up`."""
    return 1 - p.workforce.exhaustion_quality * x


def manned(p: Parameters, x: float) -> float:
    """Capacity of posts on contract, after vacancies and the practice of newcomers:
    `workforce.worn`, `shifted`, `_turn_up`.
    """
    w = p.workforce
    shift = (x - mean_exhaustion(w)) / w.exhaustion_sd * w.exhaustion_quit_beta
    rate = math.log1p(math.expm1(w.contract_turnover) * math.exp(shift))
    away = w.vacancy_months / 12 + (1 - w.new_productivity) * w.ramp_months / 24
    return 1 / (1 + rate * away)


def once_round(p: Parameters, more: float = 0.1) -> float:
    """Load that comes back once round both loops of exhaustion, over the load (`more`) that came:
    hours asked are divided by what hours are worth (`hours._end_of_week`). All posts are taken to be
    on contract, whose holders leave more often. From 1 on the loops run away.
    """
    w = p.workforce
    rest = exhaustion(p, False)
    gain = 12 * w.exhaustion_gain * math.sqrt(max(0.0, w.reference_load + more - w.strain_from))
    tired = Stock(0.0, gain, rest.outflow, rest.bottom).equilibrium
    before, after = (worth(p, x) * manned(p, x) for x in (rest.equilibrium, tired))
    return (w.reference_load - town.meeting_part(p)) * (before / after - 1) / more


def _worry(p: Parameters, watched: float, told: float, pushed: bool) -> Stock:
    """Worry of one resident who watches over `watched` households and tells agencies of `told` a
    year: `noticing._keep_watching`, `_answer`, `_carry`; pushed: full backing.
    """
    n = p.noticing
    gain = n.worry_per_watched * watched
    gain += n.worry_per_unanswered * told * (1 - town.answered_share(p))
    fades = n.worry_fading + n.worry_relief * pushed
    return Stock(gain / n.worry_fading, gain, fades, top=math.inf, filling=False)


def told(p: Parameters, noticed: float) -> float:
    """Worries told to an agency, of so many `noticed`: `noticing._tell`, at knows_init."""
    return noticed * p.noticing.notice_to_referral * (1 - p.noticing.tell_person)


def watched_by_a_helper(p: Parameters) -> float:
    """Households that one acting resident watches over: `noticing._notice`."""
    share = town.watched_share(p, town.acting_ties(p), p.community.helper_dropout)
    return share / p.town.helper_share


def helper_told(p: Parameters) -> float:
    """Worries that one acting resident tells an agency in a year."""
    return told(p, town.noticed_share(p, town.acting_ties(p)) / p.town.helper_share)


def helper_worry(p: Parameters, pushed: bool) -> Stock:
    """Worry of an acting resident."""
    return _worry(p, watched_by_a_helper(p), helper_told(p), pushed)


def still_acting(p: Parameters, x: float) -> float:
    """Acting residents whose worry is below the limit, share; households watched over are Poisson:
    `noticing._carry`.
    """
    mean = watched_by_a_helper(p)
    most = int(mean * p.noticing.worry_limit / max(x, 1e-12)) if mean > 0 else 1
    term, total = math.exp(-mean), 0.0
    for count in range(min(most, 200) + 1):
        total += term
        term *= mean / (count + 1)
    return min(1.0, total)


def beat(p: Parameters) -> float:
    """Households of a commissioner's beat: `commissioners.lay_out`."""
    return 1000 / p.town.minsei_per_1000hh


def visits_as_ties(p: Parameters) -> float:
    """Acting ties that a commissioner counts for: `noticing._visits_as_ties`."""
    return p.noticing.minsei_visits / p.noticing.visits_of_a_tie


def commissioner_told(p: Parameters) -> float:
    """Worries that a commissioner tells an agency in a year."""
    return told(p, beat(p) * town.noticed_share(p, visits_as_ties(p)))


def commissioner_worry(p: Parameters, pushed: bool) -> Stock:
    """Worry of a commissioner, who watches over nobody more at the limit: `noticing._notice`. Of
    households that several see each watches over its part.
    """
    seen = visits_as_ties(p)
    both = seen + town.acting_ties(p)
    watched = beat(p) * town.watched_share(p, both, p.community.commissioner_dropout) * seen / both
    stock = _worry(p, watched, commissioner_told(p), pushed)
    most = p.noticing.worry_limit
    return Stock(min(most, stock.start), stock.inflow, stock.outflow, top=most, filling=False)


def giving_up(p: Parameters, x: float) -> float:
    """Rate (1/year) at which a commissioner leaves: `commissioners.giving_up`, moves and deaths."""
    c = p.community
    load = c.overload_worries * x + c.overload_visits * p.noticing.minsei_visits / 100
    return MOVING + c.commissioner_dropout + load + c.overload_beat * beat(p) / 100


def seats_filled(p: Parameters, x: float) -> float:
    """Seats that are filled, share: `commissioners.refill`."""
    return p.community.seat_refill / (p.community.seat_refill + giving_up(p, x))


def contagion_part(p: Parameters) -> float:
    """Part of those who start acting that do so by contact with a helper: `community.acting_rate`,
    `balance._natural_steps`.
    """
    needed = p.community.helper_dropout * p.town.helper_share / p.town.interested_share
    return min(1.0, town.monthly(p.community.helper_contagion) * town.acting_ties(p) / needed)


def acting(p: Parameters, pushed: bool) -> Stock:
    """Acting residents over those of the start; coordinators lift LIFTED of them a year: `community
    ._lift`. Contact gives back its part of what is lost, so that the loop slows the return.
    """
    back = p.community.helper_dropout * (1 - contagion_part(p))
    return Stock(1.0, LIFTED * pushed, back, bottom=1.0, top=math.inf, filling=False)


def lifted_without_contagion(p: Parameters, pushed: bool) -> Stock:
    """Lifting in both: what contagion alone adds (pushed) to what LIFTED of them a year leave."""
    part = contagion_part(p) if pushed else 0.0
    back = p.community.helper_dropout * (1 - part)
    return Stock(1.0, LIFTED, back, bottom=1.0, top=math.inf, filling=False)


def noticing(p: Parameters, x: float) -> float:
    """Noticing by neighbours, ratio to the start: `noticing._is_noticed`."""
    return x


def live_share(p: Parameters) -> float:
    """Acquaintances that are ties, share: `start.ties`."""
    return 1 / (1 + p.town.dormant_ties)


def forming(p: Parameters) -> float:
    """Rate (1/year) at which a dormant tie forms: `community._bond`, `community.odds`."""
    live = live_share(p)
    return p.community.tie_fading * live / max(1 - live, 0.05)


def withdrawn_ties(p: Parameters, pushed: bool) -> Stock:
    """Ties of a household in severe need: `community.fading`."""
    fades = p.community.tie_fading * (p.community.tie_withdrawal if pushed else 1.0)
    return Stock(live_share(p), forming(p), fades)


def serviced_ties(p: Parameters, pushed: bool) -> Stock:
    """Ties of a household in manifest need that comes to support again and again, at the rate of
    asking: `admission._lose_ties`.
    """
    opened = p.asking.seek_manifest * town.opened_share(p)
    cut = opened * p.casework.tie_loss_at_service * (1 - p.workforce.orientation_new)
    return Stock(live_share(p), forming(p), p.community.tie_fading + cut * pushed)


def noticed_by_ties(p: Parameters, x: float) -> float:
    """Noticing of the household by neighbours, ratio to the start: `noticing._is_noticed`."""
    return x / live_share(p)


def isolation(p: Parameters, found: float) -> Stock:
    """Isolated households over those of the start. They find a tie at `found` (1/year) beside the
    two acquaintances that each has at the least (`start.ties`), and as many become isolated as left
    isolation at the start.
    """
    natural = 2 * forming(p)
    return Stock(1.0, natural, natural + found, filling=False, top=math.inf)


def isolation_at_places(p: Parameters, pushed: bool) -> Stock:
    """As many places again: members who leave are replaced by households by lot, and some of them
    make a tie: `community._join`, `community._places`.
    """
    c = p.community
    joining = p.town.salon_uptake * c.place_leaving
    return isolation(p, joining * c.place_tie * pushed)


def isolation_in_participation(p: Parameters, pushed: bool) -> Stock:
    """POSTS of participation support: `community._take_part`."""
    isolated = p.town.share_no_neigh_ties * town.households(p)
    return isolation(p, POSTS * p.community.participation_isolates_fte / isolated * pushed)


def hazard(p: Parameters, x: float) -> float:
    """Onset and worsening of the town, ratio to one without isolation; at the most all households
    without neighbours are isolated: `needs.isolation`.
    """
    return 1 + (p.needs.isolation_hazard_ratio - 1) * p.town.share_no_neigh_ties * min(x, 2.0)


def _knowing(p: Parameters, tellings: float, renewed: float, answered: float) -> Stock:
    """How well residents know whom to tell who tell `tellings` a year at knows_init, of which the
    share `answered` is: `noticing._learn`, `noticing._answer`. Others follow at `renewed`.
    """
    n = p.noticing
    drift = n.knows_gain * tellings * (2 * answered - 1)
    bottom = n.knows_init
    if drift >= 0:
        return Stock(bottom, drift, renewed, bottom)
    return Stock(bottom, renewed, -drift / bottom, top=bottom, least=LEAST_KNOWN)


def helper_knows(p: Parameters, pushed: bool) -> Stock:
    """Each worry that an acting resident tells is answered."""
    answered = 1.0 if pushed else town.answered_share(p)
    return _knowing(p, helper_told(p), p.community.helper_dropout, answered)


def commissioner_knows(p: Parameters, pushed: bool) -> Stock:
    """Each worry that a commissioner tells is answered."""
    worry = commissioner_worry(p, False).equilibrium
    answered = 1.0 if pushed else town.answered_share(p)
    return _knowing(p, commissioner_told(p), giving_up(p, worry), answered)


def backed_knows(p: Parameters, pushed: bool) -> Stock:
    """Full backing teaches all residents: `noticing._carry`; those who move in know knows_init."""
    n = p.noticing
    return Stock(n.knows_init, n.knows_backing * pushed, p.population.turnover, n.knows_init)


def telling(p: Parameters, x: float) -> float:
    """Chance that who notices tells: `noticing._tell`."""
    return min(1.0, p.noticing.notice_to_referral * x / p.noticing.knows_init)
