"""What pyproject.toml cannot say: the files that ship stand in `scenarios/` and go into the built package as `sim/scenarios`,
the pages of `docs/` as `sim/docs`.
"""

from functools import partial
from pathlib import Path
from shutil import copytree, rmtree

from setuptools import setup
from setuptools.command.build_py import build_py

KINDS = {"scenarios": (".toml", ".json", ".csv"), "docs": (".md",)}  # of files that ship, by folder
LEFT_OUT = ("site",)  # the sources of the site


class WithFolders(build_py):
    """Builds the package with the folders that ship; an editable install finds them in the checkout."""

    def run(self) -> None:
        """Copy them anew, so that no file of an earlier build is left."""
        super().run()
        if self.editable_mode:
            return
        for folder, kinds in KINDS.items():
            inside = Path(self.build_lib, "sim", folder)
            rmtree(inside, ignore_errors=True)
            copytree(folder, inside, ignore=partial(left_out, kinds))


def left_out(kinds: tuple[str, ...], folder: str, names: list[str]) -> list[str]:
    """What does not ship of a folder: files of other kinds, and the folders that are left out."""
    paths = (Path(folder, name) for name in names)
    return [
        path.name
        for path in paths
        if path.name in LEFT_OUT or path.is_file() and path.suffix not in kinds
    ]


setup(cmdclass={"build_py": WithFolders})
