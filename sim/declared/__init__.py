"""What there is, each thing declared once. `declared()` gives all parameters by dotted name."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import get_type_hints

from sim.declared.asking import AskingParameters
from sim.declared.assistance import AssistanceParameters
from sim.declared.casework import CaseworkParameters
from sim.declared.community import CommunityParameters
from sim.declared.coordination import CoordinationParameters
from sim.declared.crises import CrisesParameters
from sim.declared.declare import Parameter, Subject
from sim.declared.intake import IntakeParameters
from sim.declared.ledger import LedgerParameters
from sim.declared.needs import NeedsParameters
from sim.declared.noticing import NoticingParameters
from sim.declared.outreach import OutreachParameters
from sim.declared.population import PopulationParameters
from sim.declared.resources import ResourcesParameters
from sim.declared.town import TownParameters
from sim.declared.workforce import WorkforceParameters


class Parameters:
    """The values of all parameters by subject: `p.needs.onset_latent`.

    A user's own processes bring subjects of their own, named after their files.
    """

    town: TownParameters
    population: PopulationParameters
    needs: NeedsParameters
    crises: CrisesParameters
    assistance: AssistanceParameters
    noticing: NoticingParameters
    asking: AskingParameters
    outreach: OutreachParameters
    intake: IntakeParameters
    coordination: CoordinationParameters
    casework: CaseworkParameters
    community: CommunityParameters
    resources: ResourcesParameters
    workforce: WorkforceParameters
    ledger: LedgerParameters

    def __init__(self, values: Mapping[str, float]):
        """`values` by dotted name ("needs.onset_latent")."""
        groups: dict[str, dict[str, float]] = {}
        for dotted, value in values.items():
            subject, name = dotted.split(".")
            groups.setdefault(subject, {})[name] = value
        for subject, group in groups.items():
            kind = SUBJECTS.get(subject)
            self.__dict__[subject] = kind(group) if kind else SimpleNamespace(**group)


SUBJECTS: dict[str, type[Subject]] = get_type_hints(Parameters)


def declared(extra: tuple[ModuleType, ...] = ()) -> dict[str, Parameter]:
    """Returns all declared parameters by dotted name; those of a user's own processes, the modules
    `extra`, come last.

    Raises ValueError where a module of `extra` has the name of a subject that has parameters.

    >>> declared()["needs.onset_latent"].unit
    '1/year'
    """
    found = {
        f"{subject}.{name}": parameter
        for subject, kind in SUBJECTS.items()
        for name, parameter in kind.declarations().items()
    }
    for module in extra:
        group = module.__name__.rsplit(".", 1)[-1]
        if any(name.startswith(f"{group}.") for name in found):
            raise ValueError(
                f"{module.__name__}: {group!r} has parameters already; give the file another name"
            )
        own = getattr(module, "PARAMETERS", {})
        found.update({f"{group}.{name}": parameter for name, parameter in own.items()})
    return found
