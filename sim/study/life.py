"""One household from the event log: its history in words or as bands, and where its histories in
two arms diverge.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.model.course import Course, start
from sim.model.event_log import COLUMNS, START
from sim.model.watches import QUIET
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario, digest
from sim.words import Phrase, named, say, words

NEEDS = ("need_begun", "need_back", "need_surfaced", "need_worsened", "need_eased")
CASES = {"at_door": "waiting", "queued": "waiting", "case_opened": "open", "accompanied": "light"}
CASE_ENDS = ("left_door", "left_queue", "case_closed", "case_lapsed")
DOOR = ("at_door", "left_door")
STATES = {
    "watched": ("watched", "unwatched"),
    "plan": ("plan_begun", "plan_ended"),
    "hub": ("hub_begun", "hub_ended"),
    "place": ("place_joined", "place_left"),
    "isolated": ("isolated", "first_tie"),
    "assistance": ("assistance_begun", "assistance_ended"),
    "empty": ("left_in_crisis", "moved_in"),
}
WITH_ITS_HOUSEHOLD = ("moved_out", "left_in_crisis")  # ends whatever else ends in the same breath
DETAILS = {"contact": "route", "crisis": "crisis", QUIET: "inner"}


class Band(NamedTuple):
    """From week `start` until week `end` the household is in `state`: a level of need in lane
    `field`, waiting, open or light in lane `support`, or the state that the lane is named after.
    """

    lane: str
    state: str
    start: int
    end: int


def life_line(events: pd.DataFrame, household: int) -> pd.DataFrame:
    """Returns the events of one household row (whoever lives there), one row per event in order of
    time; inner changes are left out.
    """
    mine = (events["household"] == household).to_numpy() & (events["kind"] != QUIET).to_numpy()
    return events[mine].reset_index(drop=True)


def fullest(events: pd.DataFrame) -> int:
    """Returns the household to whose occupants the most kinds of things happen; among equals the
    most events, then the least id.

    Raises ValueError where nothing was logged at all.
    """
    told = events[(events["kind"] != QUIET) & (events["process"] != START)]
    lives = told.groupby(["household", "occupant"])["kind"]
    count = lives.agg(["nunique", "size"]).reset_index()
    count = count.sort_values(["nunique", "size", "household"], ascending=[False, False, True])
    if count.empty:
        raise ValueError("the log holds no events")
    return int(count["household"].iloc[0])


def when(week: int, start_year: int, lang: str) -> str:
    """Returns a week in words: year, month, week of the month ("2027年6月 第2週")."""
    year, place = divmod(int(week), 52)
    day = date(start_year + year, 4, 1) + timedelta(days=7 * place)
    month = Phrase(f"month.{day.month}")
    return say("life.date", lang, year=day.year, month=month, nth=(day.day - 1) // 7 + 1)


def sentences(line: pd.DataFrame, scenario: Scenario, lang: str) -> Iterator[tuple[str, str]]:
    """Returns the date and sentence of every event of a life line that adds information."""
    ends = line[line["kind"].isin(WITH_ITS_HOUSEHOLD)]
    breaths = set(zip(ends["week"], ends["process"], ends["occupant"], strict=True))
    event: Any
    for event in _as_told(line).itertuples():
        if (event.week, event.process, event.occupant) in breaths and event.kind not in (
            *WITH_ITS_HOUSEHOLD,
            "crisis",
        ):
            continue
        at = when(event.week, scenario.start_year, lang)
        at = say("life.start", lang, date=at) if event.process == START else at
        yield at, sentence(event, scenario, lang)


def _as_told(line: pd.DataFrame) -> pd.DataFrame:
    """Returns what comes in one breath in the order of KINDS: the crisis before what follows from
    it.
    """
    breath = ["week", "process", "occupant"]
    number = line.groupby(breath, sort=False, observed=True).ngroup()
    return line.iloc[np.lexsort((line["kind"].cat.codes, number))]


def sentence(event: Any, scenario: Scenario, lang: str) -> str:
    """Returns one event in words."""
    own = (f"life.{event.kind}.{event.process}", f"life.{event.kind}")
    key = next(key for key in own if key in words(lang))
    return say(key, lang, field=named("field", event.field), detail=_detail(event, scenario, lang))


def _detail(event: Any, scenario: Scenario, lang: str) -> Phrase | str:
    agencies = {agency.id: getattr(agency.name, lang) for agency in scenario.organisation.agencies}
    if event.kind.startswith("need_"):
        return named("level", event.detail)
    if event.kind in DETAILS:
        return named(DETAILS[event.kind], event.detail)
    return agencies.get(event.detail) or (
        named("life", event.detail) if event.detail in ("hub", "community") else event.detail
    )


def life_line_page(
    line: pd.DataFrame, scenario: Scenario, household: int, seed: int, lang: str
) -> str:
    """Returns the life line as a page: a heading, then a list of dates, each with what happened
    then.
    """
    town = getattr(scenario.people.name, lang)
    head = f"# {say('life.title', lang, household=household, town=town, seed=seed)}\n\n{say('life.model', lang)}\n\n"
    told: dict[str, list[str]] = {}
    for at, text in sentences(line, scenario, lang):
        told.setdefault(at, []).append(text)
    items = [
        f"- **{at}** {say('life.list', lang).join(texts)}{say('life.stop', lang)}\n"
        for at, texts in told.items()
    ]
    return head + ("".join(items) or say("life.nothing", lang) + "\n")


def parting(ledger: pd.DataFrame, household: int, scenario: Scenario, lang: str) -> str:
    """When, by what and in which process the two histories of a household diverge, in words;
    `ledger` is that of `partings`.
    """
    mine = ledger[ledger["household"] == household]
    if mine.empty:
        return say("life.same", lang)
    event: Any = next(mine.itertuples())
    date_ = when(event.week, scenario.start_year, lang)
    return say(
        "life.parted",
        lang,
        date=date_,
        event=sentence(event, scenario, lang),
        process=named("group", event.process),
    )


class _Lanes:
    """The lanes of a life line while it is read: what each is in now, since when, and the bands
    that are over.
    """

    def __init__(self) -> None:
        self.found: list[Band] = []
        self._now: dict[str, tuple[str, int]] = {}
        self._cases: dict[str, str] = {}

    def turn(self, lane: str, state: str, week: int) -> None:
        """From `week` on the lane is in another state ("" none); a state of no week is left out."""
        before, since = self._now.get(lane, ("", 0))
        if state != before:
            if before and week > since:
                self.found.append(Band(lane, before, since, week))
            self._now[lane] = state, week

    def read(self, event: Any) -> None:
        """What one event changes."""
        if event.kind in (*NEEDS, "need_ended"):
            self.turn(event.field, event.detail if event.kind in NEEDS else "", event.week)
        elif event.kind in CASES or event.kind in CASE_ENDS:
            self._cases["door" if event.kind in DOOR else event.field] = CASES.get(event.kind, "")
            now = (state for state in ("open", "waiting", "light") if state in self._cases.values())
            self.turn("support", next(now, ""), event.week)
        if event.kind in WITH_ITS_HOUSEHOLD:
            self.turn("isolated", "", event.week)
        empty = self._now.get("empty", ("", 0))[0]
        for lane, (begins, ends) in STATES.items():
            if event.kind in (begins, ends) and not (lane == "isolated" and empty):
                self.turn(lane, lane if event.kind == begins else "", event.week)

    def end(self, week: int) -> None:
        """The line ends."""
        for lane in list(self._now):
            self.turn(lane, "", week)


def bands(line: pd.DataFrame, weeks: int) -> list[Band]:
    """Returns the states that a life line passes through, until week `weeks`; what lasts no week is
    left out.
    """
    lanes = _Lanes()
    for event in line.itertuples():
        lanes.read(event)
    lanes.end(weeks)
    return sorted(lanes.found, key=lambda band: (band.start, band.lane))


def partings(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Returns the households whose histories differ between two logs of the same town and seed, and
    what differed first.

    Columns: household, week, process, occupant, field, kind and detail of that event, and `arm`:
    "one" or "other" where only this log has it, "both" where both have something else at that
    place. Rows by household.
    """
    first, second = _alike(one, other)
    pairs = first.merge(
        second, on=["household", "place"], how="outer", suffixes=("", "_other"), sort=True
    )
    names = [name for name in COLUMNS if name != "household"]
    differs = np.any([(pairs[name] != pairs[f"{name}_other"]).to_numpy() for name in names], axis=0)
    pairs = pairs[differs].drop_duplicates("household")
    rank = [
        np.nan_to_num((pairs[f"week{arm}"] * 1000 + pairs[f"process{arm}"]).to_numpy(), nan=np.inf)
        for arm in ("", "_other")
    ]
    takes_other = rank[1] < rank[0]
    told = {
        name: np.where(takes_other, pairs[f"{name}_other"], pairs[name]).astype(int)
        for name in names
        if name != "value"
    }
    table = pd.DataFrame({"household": pairs["household"].to_numpy(), **told})
    for name in ("field", "kind", "detail", "process"):
        known = _categories(one, other, name)
        # The stubs know no categories but an Index.
        table[name] = pd.Categorical.from_codes(table[name], known)  # type: ignore[call-overload]
    table["arm"] = np.select([takes_other, rank[0] < rank[1]], ["other", "one"], "both")
    return table[
        ["household", "week", "process", "occupant", "field", "kind", "detail", "arm"]
    ].reset_index(drop=True)


def _categories(one: pd.DataFrame, other: pd.DataFrame, name: str) -> list[str]:
    return list(dict.fromkeys([*one[name].cat.categories, *other[name].cat.categories]))


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Both logs in numbers that mean the same, with the place of each event in its household's
    life.
    """
    words = {name: _categories(one, other, name) for name in ("field", "kind", "detail", "process")}
    for log in (one, other):
        coded = {
            name: log[name].cat.set_categories(words[name]).cat.codes
            if name in words
            else log[name]
            for name in COLUMNS
        }
        numbers = pd.DataFrame(coded).assign(value=log["value"].fillna(-1e300))
        yield numbers.assign(place=numbers.groupby("household").cumcount())


KEYS = ["process", "kind"]


def _logged(scenario: Scenario, seed: int, packed: bytes | None = None) -> pd.DataFrame:
    """Returns the event log of one town (columns of `sim.model.event_log`); `packed` is its start,
    if the run-in is already simulated.
    """
    scenario = scenario.model_copy(update={"event_log": True})
    town = Course(scenario, seed, state=None if packed is None else pickle.loads(packed))
    town.run()
    return town.events


def _ledger(comparison: Comparison, seed: int) -> pd.DataFrame:
    """(arm, household, week, process, occupant, field, kind, detail, only_in): the first event at
    which a household's history diverges from its history in the reference.

    `only_in` is "arm", "reference" or "both" (something else at that place). One log is read at a
    time.
    """
    starts: dict[str, bytes] = {}
    reference = _logged(comparison.base, seed, _start(comparison.base, seed, starts))
    parts = []
    for arm in comparison.others:
        part = partings(_logged(arm.scenario, seed, _start(arm.scenario, seed, starts)), reference)
        only_in = part["arm"].map({"one": "arm", "other": "reference", "both": "both"})
        part = part.drop(columns="arm").assign(only_in=only_in)
        part.insert(0, "arm", arm.id)
        parts.append(part.astype(dict.fromkeys(("process", "field", "kind", "detail"), str)))
    return pd.concat(parts, ignore_index=True)


def _start(scenario: Scenario, seed: int, starts: dict[str, bytes]) -> bytes:
    """Returns the pickled start of a scenario, simulated once for all that share it."""
    key = digest(scenario.before_policies())
    if key not in starts:
        starts[key] = start(scenario, seed)
    return starts[key]


def _counts(ledger: pd.DataFrame) -> pd.DataFrame:
    """(arm, process, kind, households, first_week): how many households diverge by which process
    and kind of event, most first.
    """
    groups = ledger.groupby(["arm", *KEYS], sort=False)
    table = groups.agg(households=("household", "size"), first_week=("week", "min")).reset_index()
    order = {arm: at for at, arm in enumerate(ledger["arm"].unique())}
    return table.sort_values(
        ["arm", "households", *KEYS],
        key=lambda column: (
            column.map(order)
            if column.name == "arm"
            else -column
            if column.name == "households"
            else column
        ),
        kind="stable",
    ).reset_index(drop=True)


def ledger_tables(comparison: Comparison, seed: int) -> dict[str, pd.DataFrame]:
    """Returns the ledger of one seed and its counts, as tables of the results."""
    found = _ledger(comparison, seed)
    found.insert(1, "seed", seed)
    return {"ledger": found, "ledger_counts": _counts(found)}
