"""Every parameter of the model, one file a process; `declared()` gives them by dotted name."""

from __future__ import annotations

from types import ModuleType

from sim.declared import (
    asking,
    casework,
    community,
    coordination,
    crises,
    intake,
    ledger,
    needs,
    noticing,
    outreach,
    population,
    resources,
    town,
    workforce,
)
from sim.declared.declare import Parameter

MODULES: dict[str, ModuleType] = {
    "town": town,
    "population": population,
    "needs": needs,
    "crises": crises,
    "noticing": noticing,
    "asking": asking,
    "outreach": outreach,
    "intake": intake,
    "coordination": coordination,
    "casework": casework,
    "community": community,
    "resources": resources,
    "workforce": workforce,
    "ledger": ledger,
}


def declared(extra: tuple[ModuleType, ...] = ()) -> dict[str, Parameter]:
    """All declared parameters by dotted name ("needs.onset_latent"), a user's own processes
    (`extra`) last.
    """
    found = {
        f"{group}.{name}": value
        for group, module in MODULES.items()
        for name, value in vars(module).items()
        if isinstance(value, Parameter)
    }
    for module in extra:
        group = module.__name__.rsplit(".", 1)[-1]
        if any(name.startswith(f"{group}.") for name in found):
            raise ValueError(
                f"{module.__name__}: {group!r} has parameters already; give the file another name"
            )
        found.update(
            {f"{group}.{name}": value for name, value in getattr(module, "PARAMETERS", {}).items()}
        )
    return found
