"""From files to a checked comparison: one comparison file, one scenario beside its base, or several
scenarios.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sim.files.locator import located
from sim.files.refusals import checked_record
from sim.files.toml import OWN, Document, Folder, folder_of, read_toml
from sim.scenario.comparison import (
    ARM_ID,
    COMPARISON_KEYS,
    DEFAULT_SEEDS,
    MOST_ARMS,
    Arm,
    ArmLines,
    Combination,
    Comparison,
    ComparisonLines,
    allowed_arms,
)
from sim.scenario.layers import is_shortened, laid, lay_file
from sim.scenario.load import Loaded, checked_scenario
from sim.scenario.scenario import Claim, Scenario
from sim.scenario.scenario_file import ScenarioFile
from sim.scenario.variants import with_variants
from sim.towns.town import Label
from sim.words import LANGUAGES, say
from sim.words.errors import fault, short, together, unknown

LONGEST_NAME = 60  # characters of an arm's name in a mapping
GROUND = tuple(
    name
    for name in ScenarioFile.model_fields
    if name not in (*OWN, "organisation", "levers", "funding", "event_log")
)  # what a lone scenario shares with its base
SHARED = {
    "people": "error.arms_people",
    "start_year": "error.arms_start_year",
    "years": "error.arms_years",
    "run_in_weeks": "error.arms_run_in_weeks",
}  # what arms must have in common, and the word where they do not


def read_comparison(
    paths: Sequence[str | Path],
    *,
    overrides: dict[str, Any] | None = None,
    allow_outside: bool = False,
    allow_code: Sequence[str | Path] = (),
) -> Comparison:
    """The comparison of one comparison file, of one scenario with its base, or of several scenarios
    (the first is the reference).

    Raises ScenarioError as `load` does, and where arms differ in town, horizon or start.
    """
    files = [located(path) for path in paths]
    if len(files) > 1:
        return _of_scenarios(files, overrides or {}, allow_outside, allow_code)
    folder = folder_of(files[0], allow_outside, allow_code)
    document = laid(files[0], folder, overrides)
    if "arms" not in document.values:
        return _with_base(files[0], document, folder)
    return _of_arms(files[0], document, folder, overrides)


def load_comparison(
    source: str | Path | Sequence[str | Path],
    *,
    overrides: Mapping[str, Any] | None = None,
    allow_outside: bool = False,
    allow_code: Sequence[str | Path] = (),
) -> Comparison:
    """The checked comparison of a comparison file, of a scenario with its base, or of several
    scenarios (a list of files), whichever `source` is.

    Its arms, reference, seeds, measures and claims are attributes. `overrides` are values by dotted
    key, laid over the common ground; `allow_outside` and `allow_code` as in `load`. Raises
    ScenarioError as `load` does.
    """
    files = [source] if isinstance(source, (str, Path)) else list(source)
    return read_comparison(
        files,
        overrides=dict(overrides or {}),
        allow_outside=allow_outside,
        allow_code=allow_code,
    )


def is_comparison(path: str | Path, allow_outside: bool = True) -> bool:
    """Whether a file, by itself or by what it extends, holds arms."""
    path = located(path)
    return "arms" in laid(path, folder_of(path, allow_outside)).values


def _of_arms(
    path: Path, document: Document, folder: Folder, overrides: dict[str, Any] | None
) -> Comparison:
    """A comparison file: arms laid over its common ground."""
    lines = _lines(document)
    ground = deepcopy(document)
    own = ("claims", "name", "question", "guidebook", "packs", "search", "map")
    for name in (*COMPARISON_KEYS, *own):
        ground.values.pop(name, None)

    def arm_of(number: int) -> Arm:
        """An arm by its place in the file."""
        one, base = lines.arms[number], ground
        if one.scenario is not None:
            place = folder.find(one.scenario, path, f"arms.{number}.scenario")
            base = laid(place, folder, overrides)
            for name in ("claims", "seeds", "name", "question"):
                base.values.pop(name, None)
        return _arm(one, document.values["arms"][number], path, deepcopy(base), folder)

    arms = together(*(partial(arm_of, number) for number in range(len(lines.arms))))
    return _assembled(path.stem, lines, document, tuple(arms))


def _lines(document: Document) -> ComparisonLines:
    """What a file says of its comparison as a whole, checked."""
    own = {
        name: document.values[name]
        for name in ComparisonLines.model_fields
        if name in document.values
    }
    return checked_record(ComparisonLines, own, at="", source=document.source)


def _arm(
    lines: ArmLines, written: dict[str, Any], path: Path, base: Document, folder: Folder
) -> Arm:
    """One arm: its lines as written over the common ground, or over a scenario file of its own."""
    own = {name: value for name, value in written.items() if name not in ArmLines.model_fields}
    lay_file(base, own, f"{short(path)} arms.{lines.id}", path, folder)
    arm = _read(checked_scenario(base, lines.id, folder))
    return replace(arm, short=lines.short if lines.short and lines.short.ja else None)


def _read(loaded: Loaded) -> Arm:
    """A scenario as an arm of its own name."""
    return Arm(loaded.scenario.id, loaded.scenario.name, loaded.scenario, loaded)


def _with_base(path: Path, document: Document, folder: Folder) -> Comparison:
    """A lone scenario beside its base: the same town and years, without its levers, packs and
    organisation.
    """
    arm = _read(checked_scenario(document, path.stem, folder))
    chain = read_toml(path)
    base = (
        laid(folder.find(chain["extends"], path, "extends"), folder)
        if "extends" in chain
        else Document()
    )
    kept = {name: document.values[name] for name in GROUND if name in document.values}
    for name in ("levers", "funding", "name", "question", "claims", "guidebook"):
        base.values.pop(name, None)
    for name, value in kept.items():
        base.lay({name: value}, document.source(name), document.paths.get(name, path))
    loaded = checked_scenario(base, "base", folder)
    reference = Arm(
        "base",
        Label(**{lang: say("compare.base", lang) for lang in LANGUAGES}),
        loaded.scenario,
        loaded,
    )
    return _assembled(path.stem, _lines(document), document, (reference, arm))


def _of_scenarios(
    files: list[Path],
    overrides: dict[str, Any],
    allow_outside: bool,
    allow_code: Sequence[str | Path],
) -> Comparison:
    """Several scenario files; claims of each are about it."""
    arms: list[Arm] = []
    claims: list[Claim] = []
    seeds: dict[str, tuple[int, ...]] = {}
    for path in files:
        folder = folder_of(path, allow_outside, allow_code)
        document = laid(path, folder, overrides)
        if "arms" in document.values:
            raise fault("error.not_alone", file=short(path))
        arm = _read(checked_scenario(document, path.stem, folder))
        if any(other.id == arm.id for other in arms):
            raise fault("error.arm_twice", at=arm.id, file=short(path))
        arms.append(arm)
        claims += [
            claim.model_copy(update={"arm": claim.arm or arm.id}) for claim in arm.scenario.claims
        ]
        if "seeds" in document.values:
            seeds[short(path)] = arm.scenario.seeds
    if len(set(seeds.values())) > 1:
        raise fault("error.arms_seeds", file=", ".join(seeds), allowed="--seeds")
    comparison = _beside(tuple(arms))
    if seeds:
        chosen = next(iter(seeds.values()))
        comparison = replace(comparison, seeds=chosen, seeds_given=True)
    return _claimed(replace(comparison, claims=tuple(claims)), files[0], "years" in overrides)


def _beside(arms: tuple[Arm, ...]) -> Comparison:
    """Arms side by side, named after them all; the first is the reference."""
    _refuse_unlike(arms)
    names = {lang: " / ".join(getattr(arm.name, lang) for arm in arms) for lang in LANGUAGES}
    plain = all(re.fullmatch(ARM_ID, arm.id) for arm in arms)
    id = "-".join(arm.id for arm in arms)[:80] if plain else "arms"  # the name of a folder
    seeds = tuple(range(1, DEFAULT_SEEDS + 1))
    return Comparison(id, Label(**names), None, arms, arms[0].id, seeds, seeds_given=False)


def side_by_side(scenarios: Mapping[str, Scenario]) -> Comparison:
    """The comparison of scenarios in memory, the first the reference. An arm is called as the
    mapping calls it: any text.

    It is shown by that name too, unless the name is a plain id and the scenarios name themselves
    apart. Raises ScenarioError where fewer than two are given or where they differ in town, horizon
    or start.
    """
    if not 1 < len(scenarios) <= MOST_ARMS:
        raise fault("error.arms", at="arms", allowed=allowed_arms())
    for id in scenarios:
        if (
            not isinstance(id, str)
            or not 0 < len(id.strip()) <= LONGEST_NAME
            or not id.isprintable()
        ):
            raise fault("error.arm_name", at="arms", given=id)
    apart = len({(one.name.ja, one.name.en) for one in scenarios.values()}) == len(scenarios)
    arms = tuple(
        Arm(
            id,
            scenario.name if apart and re.fullmatch(ARM_ID, id) else Label(ja=id, en=id),
            scenario,
        )
        for id, scenario in scenarios.items()
    )
    return _beside(arms)


def _assembled(
    id: str, lines: ComparisonLines, document: Document, arms: tuple[Arm, ...]
) -> Comparison:
    """The checked comparison of arms and the other lines of its file."""
    names = [arm.id for arm in arms]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise fault(
                "error.arm_twice", at=f"arms.{number}.id", file=document.source("arms"), given=name
            )
    reference = _known(lines.reference or names[0], names, "reference", document)
    for group in lines.same_cost:
        for name in group:
            _known(name, names, "same_cost", document)
    _check_combinations(lines.combinations, names, document)
    _refuse_unlike(arms)
    given = "seeds" in lines.model_fields_set
    comparison = Comparison(
        id,
        lines.name or Label(ja=id, en=id),
        lines.question,
        arms,
        reference,
        tuple(sorted(lines.seeds)) if given else tuple(range(1, DEFAULT_SEEDS + 1)),
        given,
        lines.measures,
        lines.claims,
        lines.combinations,
        lines.same_cost,
        lines.until_decided,
        lines.precision,
        lines.worlds,
        json.loads(json.dumps(document.values.get("guidebook", {}), default=str)),
    )
    claimed = _claimed(
        _precise(comparison, document), document.source("claims"), is_shortened(document)
    )
    for name in lines.variants:
        _known(name, [arm.id for arm in comparison.others], "variants", document)
    return with_variants(claimed, lines.variants)


def _known(name: str, names: list[str], at: str, document: Document) -> str:
    """The name of an arm that there is."""
    if name not in names:
        raise unknown("error.unknown_arm", name, names, at=at, file=document.source(at))
    return name


def _check_combinations(
    combinations: tuple[Combination, ...], names: list[str], document: Document
) -> None:
    """Combinations name arms, each arm once."""
    for number, one in enumerate(combinations):
        at = f"combinations.{number}"
        for name in (one.arm, *one.parts):
            _known(name, names, at, document)
        if any(other.arm == one.arm for other in combinations[:number]):
            file = document.source("combinations")
            raise fault("error.combination_twice", at=f"{at}.arm", file=file, given=one.arm)


def _precise(comparison: Comparison, document: Document) -> Comparison:
    """The comparison with a precision about an arm and a year that it has; without it where the
    caller has cut that year off.
    """
    wanted, years, file = comparison.precision, comparison.base.years, document.source("precision")
    if wanted is None:
        return comparison
    others = [arm.id for arm in comparison.others]
    if wanted.arm:
        _known(wanted.arm, others, "precision.arm", document)
    if "year" not in wanted.model_fields_set:
        return replace(
            comparison, precision=wanted.model_copy(update={"year": min(wanted.year, years)})
        )
    if wanted.year > years and not is_shortened(document):
        raise fault(
            "error.range", at="precision.year", file=file, given=wanted.year, allowed=f"1-{years}"
        )
    return (
        comparison
        if wanted.year <= years
        else replace(comparison, precision=None, late=("precision",))
    )


def _claimed(comparison: Comparison, source: Any, cut: bool) -> Comparison:
    """The comparison with every claim's arm and opponent filled in; refuses unknown ones, and years
    beyond the run.

    cut: the caller has shortened the run, so that claims about later years are left out.
    """
    names, file = (
        [arm.id for arm in comparison.arms],
        source if isinstance(source, str) else short(source),
    )
    claims, late = (
        [],
        [
            *comparison.late,
            *(f"{arm.id}: {key}" for arm in comparison.arms for key in arm.reading.late),
        ],
    )
    for number, claim in enumerate(comparison.claims):
        at, arm, against = f"claims.{number}", claim.arm, claim.against or comparison.reference
        if not arm:
            if len(comparison.others) != 1:
                raise fault("error.claim_arm", at=f"{at}.arm", file=file, allowed=", ".join(names))
            arm = comparison.others[0].id
        for key, name in (("arm", arm), ("against", against)):
            if name not in names:
                raise unknown("error.unknown_arm", name, names, at=f"{at}.{key}", file=file)
        if claim.by_year > comparison.base.years and cut:
            late.append(at)
            continue
        if claim.by_year > comparison.base.years:
            raise fault(
                "error.range",
                at=f"{at}.by_year",
                file=file,
                given=claim.by_year,
                allowed=f"1-{comparison.base.years}",
            )
        claims.append(claim.model_copy(update={"arm": arm, "against": against}))
    return replace(comparison, claims=tuple(claims), late=tuple(late))


def _refuse_unlike(arms: tuple[Arm, ...]) -> None:
    """Arms of different towns, starts or lengths cannot be compared."""
    first: Scenario = arms[0].scenario
    for arm in arms[1:]:
        for name, reason in SHARED.items():
            one, other = getattr(first, name), getattr(arm.scenario, name)
            if one != other:
                shown = (one.id, other.id) if name == "people" else (one, other)
                raise fault(
                    reason, at=arm.id, given=str(shown[1]), allowed=f"{shown[0]} ({arms[0].id})"
                )
