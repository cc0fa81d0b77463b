"""Parameters of earlier versions that there are no longer, and what stands in their place."""

from __future__ import annotations

WITHDRAWN = {  # the new name; the catalogue says why (withdrawn.*)
    "workforce.high_burnout_init": "workforce.reference_load",
    "workforce.sensitivity_spread": "workforce.strain_sd",
    "crises.init_assistance": "assistance.init_assistance",
    "crises.assistance_entry": "assistance.entry_severe",
    "crises.assistance_exit": "assistance.exit_long",
}
