"""What pyproject.toml cannot say: the files that ship stand in `scenarios/` and go into the built package as `sim/scenarios`."""

from pathlib import Path
from shutil import copytree, rmtree

from setuptools import setup
from setuptools.command.build_py import build_py


class WithScenarios(build_py):
    """Builds the package with the files that ship; an editable install finds them in the checkout."""

    def run(self) -> None:
        """Copy them anew, so that no file of an earlier build is left."""
        super().run()
        if self.editable_mode:
            return
        inside = Path(self.build_lib, "sim", "scenarios")
        rmtree(inside, ignore_errors=True)
        copytree(
            "scenarios",
            inside,
            ignore=lambda folder, names: [name for name in names if not kept(Path(folder, name))],
        )


def kept(path: Path) -> bool:
    """Whether a path belongs to what ships: a folder, a TOML file, or the schema of one."""
    return path.is_dir() or path.suffix in (".toml", ".json")


setup(cmdclass={"build_py": WithScenarios})
