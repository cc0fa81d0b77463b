"""The tasks of this project: `nox -l` lists them, `nox -s types` runs one. CI runs `check` and the tests."""

import nox

nox.options.sessions = ["check", "tests"]
nox.options.reuse_existing_virtualenvs = True
PYTHONS = ["3.11", "3.13"]  # the oldest that the package allows, and the newest that is tried
CODE = (
    "sim",
    "tests",
    "benchmarks",
    "notebooks",
    "docs/site",
    "docs/__init__.py",
    "noxfile.py",
    "setup.py",
)


def install(session: nox.Session) -> None:
    """The package as its developers have it, at the versions of `constraints.txt`; with `--no-venv` as it is."""
    if session.virtualenv.is_sandboxed:
        session.install("-c", "constraints.txt", "-e", ".[dev]")


@nox.session(name="format")
def format_code(session: nox.Session) -> None:
    """Write the code in the one format; sort imports."""
    install(session)
    session.run("ruff", "check", "--fix", "--select", "I", *CODE)
    session.run("ruff", "format", *CODE)


@nox.session
def check(session: nox.Session) -> None:
    """What a pull request must pass before its tests: format, rules, types, the order of the rooms."""
    install(session)
    session.run("ruff", "format", "--check", *CODE)
    session.run("ruff", "check", *CODE)
    session.run("lint-imports")
    session.run("mypy")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The test suite on the oldest and the newest Python; arguments go to pytest (`nox -s tests-3.11 -- -k door`)."""
    install(session)
    session.run("python", "-m", "pytest", "-n", "2", *session.posargs)


@nox.session
def installed(session: nox.Session) -> None:
    """Build the package, install it in new environments, and do there what the pages tell; takes minutes and a network."""
    install(session)
    session.run("python", "-m", "pytest", "-m", "installed", *session.posargs)


@nox.session
def documents(session: nox.Session) -> None:
    """Write the pages that follow from the code into `docs/`; git keeps few of them."""
    install(session)
    session.run("python", "-m", "sim.cli.documents")


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation in both languages as a site: open `build/site/index.html`."""
    install(session)
    session.run("python", "-m", "docs.site", *session.posargs)
