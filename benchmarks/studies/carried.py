"""What each loop carries of some arms of `scenarios/spirals.toml`, in a reduced town: `python -m
benchmarks.studies.carried --arms comprehensive found`.

`sim ledger` does the same in the whole town, for some four times as long.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.studies.arms import parser
from sim import loop_ledger, smaller
from sim.report.text.loop_ledger import ledger_heading, ledger_notes, ledger_sections
from sim.scenario.arms import read_comparison


def main() -> None:
    """Live the arms with each loop held in turn and print the ledger."""
    asked = parser(__doc__)
    asked.add_argument("--arms", nargs="+", default=["comprehensive", "found"])
    asked.add_argument("--out", type=Path, help="folder in which finished cells are kept")
    given = asked.parse_args()
    spirals = smaller(read_comparison(["scenarios/spirals.toml"]), given.residents)
    found = loop_ledger(
        spirals, arms=given.arms, worlds=given.worlds, workers=given.workers, out=given.out
    )
    print("\n".join(ledger_heading(found, "en")))
    for section in ledger_sections(found, "en"):
        print(f"\n{section.title}\n{' | '.join(section.columns)}")
        print("\n".join(" | ".join(row) for row in section.rows))
    print("\n".join(ledger_notes(found, "en")))


if __name__ == "__main__":
    main()
