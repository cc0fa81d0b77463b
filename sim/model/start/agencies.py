"""Agencies, posts and the workers who hold them at the beginning of the run-in."""

from __future__ import annotations

import numpy as np

from sim.declared.levers import practice_at
from sim.declared.tables import Agencies, Workers
from sim.declared.vocabulary import AGENCY_FIELDS, ASSISTANCE_WORKER, CASEWORKER
from sim.model import posts
from sim.model.links import nothing_held
from sim.model.state import State
from sim.model.strain import sensitivities, settled


def agencies(town: State) -> None:
    """Make agencies (the organisation's, then those of `posts.OWN_AGENCIES`), desks and
    familiarity.
    """
    listed = town.scenario.organisation.agencies
    town.agencies = Agencies(len(listed) + len(posts.OWN_AGENCIES))
    for row, agency in enumerate(listed):
        town.agencies.key[row] = posts.key_of(agency.id)
        town.agencies.field[row] = AGENCY_FIELDS.index(agency.field)
        town.agencies.prefecture[row] = agency.owner == "prefecture"
    own = np.arange(len(listed), town.agencies.rows)
    town.hub_row, town.community_row, town.assistance_row = own.tolist()
    town.agencies.key[own] = [posts.key_of(name) for name in posts.OWN_AGENCIES]
    office = town.scenario.organisation.assistance
    town.agencies.prefecture[town.assistance_row] = office.owner == "prefecture"
    town.desk = _desks(town)
    town.familiarity = np.full((town.agencies.rows,) * 2, town.p.coordination.familiarity_init)
    np.fill_diagonal(town.familiarity, 1.0)
    places = max(town.agencies.rows, len(town.scenario.people.districts))
    town.held = nothing_held(places)


def _desks(town: State) -> np.ndarray:
    """Agency row by field, district and lot: agencies that serve a district share its households by
    posts for each area.
    """
    organisation, people = town.scenario.organisation, town.scenario.people
    desk = np.full((len(AGENCY_FIELDS), len(people.districts), posts.LOTS), -1, dtype=np.int64)
    for d, district in enumerate(people.districts):
        for f, field in enumerate(AGENCY_FIELDS):
            serving = [
                (row, agency)
                for row, agency in enumerate(organisation.agencies)
                if agency.field == field
                and (not agency.districts or district.id in agency.districts)
            ]
            posts_of = [
                sum(organisation.posts_of(agency, people.population).values())
                for _row, agency in serving
            ]
            size = [
                posts_here / (len(agency.districts) or len(people.districts))
                for posts_here, (_row, agency) in zip(posts_of, serving, strict=True)
            ]
            edge = np.cumsum(size) / max(1e-12, sum(size))
            lots = np.searchsorted(edge, (np.arange(posts.LOTS) + 0.5) / posts.LOTS)
            desk[f, d] = np.array([row for row, _agency in serving])[
                np.minimum(lots, len(serving) - 1)
            ]
    return desk


def workers(town: State) -> None:
    """Make a row for every post that the organisation has, and seat the workers of the first
    week.
    """
    town.assistance_posts = posts.assistance_posts(town)
    town.wanted = posts.wanted_posts(town.scenario, town.practice, town.assistance_posts)
    town.group_duty = np.array([group.duty for group in posts.post_groups(town.scenario)])
    _make(town, np.ceil(town.wanted - 1e-9).astype(int))
    _seat(town)


def reserve(town: State) -> None:
    """Give every post that the scenario ever wants a row of its own, empty so far; workers who are
    there keep all they have.
    """
    if not town.scenario.steps and town.scenario.trend.staff <= 0:
        return
    before = town.workers
    had = np.bincount(before.group, minlength=town.wanted.size)
    most = np.maximum(had, np.ceil(_most_posts(town) - 1e-9).astype(int))
    if np.array_equal(most, had):
        return
    _make(town, most)
    _seat(town)
    row = (np.cumsum(most) - most)[before.group] + before.slot  # the new row of each old one
    for name, declared in before.declared.items():
        if name not in town.workers.declared:
            town.workers.add(name, declared)
        getattr(town.workers, name)[row] = getattr(before, name)
    held = town.needs.worker >= 0
    town.needs.worker[held] = row[town.needs.worker[held]]


def _make(town: State, most: np.ndarray) -> None:
    """The table of workers with `most` (G,) posts of each group."""
    listed = posts.post_groups(town.scenario)
    group = np.repeat(np.arange(len(listed)), most)
    town.workers = Workers(group.size)
    table = town.workers
    table.group = group.astype(np.int32)
    table.slot = (np.arange(group.size) - np.repeat(np.cumsum(most) - most, most)).astype(np.int32)
    for name in ("agency", "duty", "kind"):
        getattr(table, name)[:] = np.array([getattr(g, name) for g in listed])[group]
    table.id = (
        (town.agencies.key[table.agency] * 8 + table.duty) * 4 + table.kind
    ) * 10_000 + table.slot
    town.worker_start = np.searchsorted(table.agency, np.arange(town.agencies.rows + 1))


def _most_posts(town: State) -> np.ndarray:
    """The most posts by group at any week of the scenario, the trend of supply counted."""
    standing, steps = town.scenario.organisation.practice, town.scenario.steps
    weeks = {
        w
        for step in steps
        for w in (step.start_week - 1, step.start_week, int(step.start_week + step.ramp_weeks) + 1)
    }
    moments = [standing, *(practice_at(standing, steps, week) for week in weeks)]
    growth = (1.0 + max(0.0, town.scenario.trend.staff)) ** town.scenario.years
    wanted = [
        posts.wanted_posts(town.scenario, practice, town.assistance_posts) for practice in moments
    ]
    return np.max(wanted, axis=0) * growth


def _seat(town: State) -> None:
    """Workers of the beginning: settled, as exhausted as the reference load leaves each of them in
    the long run, of mean breadth and orientation.
    """
    p, table = town.p.workforce, town.workers
    u = {
        name: town.streams.uniform(f"build.{name}", 0, table.id)
        for name in ("sensitivity", "since")
    }
    table.sensitivity = sensitivities(p, u["sensitivity"])
    table.exhaustion = settled(p, table.sensitivity, p.reference_load)
    table.breadth[:], table.orientation[:] = p.breadth_init, p.orientation_init
    table.post = np.clip(town.wanted[table.group] - table.slot, 0.0, 1.0)
    held = table.post > 0
    tenure = p.ramp_months * 52 / 12 + u["since"] * p.rotation_years * 52
    table.since[held] = (town.week - tenure[held]).astype(np.int32)
    table.present = table.post.copy()
    table.effective = table.present * (1 - p.exhaustion_quality * table.exhaustion)
    c = town.p.casework
    table.available = c.hours_year / 52 * table.present * c.available_share
    table.usable = np.maximum(
        0.0, table.available - c.hours_year / 52 * table.present * c.meeting_share
    )
    table.asked = np.where(
        np.isin(table.duty, (CASEWORKER, ASSISTANCE_WORKER)), 0.8 * table.usable, 0.0
    )  # the run-in replaces this within a week
