"""Files of results: finished cells wait in a folder beside the output; the output itself appears whole or not at all.

While a run lasts, `results/kaga.part/cells/<key>/<seed>/` fills up. When all is done, the output is written inside that folder
and moved to `results/kaga` by renaming. A run that was ended in between, however it was, goes on from the cells.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..scenario.errors import ScenarioError, fault, short

MADE_BY = "municipal-support-sim"
MANIFEST = "manifest.json"
CELLS = "cells"
WHOLE, OLD = "whole", "old"
OPTIONS = {"compression": "zstd", "write_page_checksum": True, "write_statistics": False}
CORRUPT = (OSError, pa.ArrowException, EOFError)


class Results:
    """An output folder and the place beside it where the cells of unfinished runs wait."""

    def __init__(self, out: Path, id: str):
        self.out, self.id = Path(os.path.abspath(out)), id
        self.part = self.out.with_name(self.out.name + ".part")
        self._sound: dict[Path, bool] = {}
        self.damaged: tuple[Path, ...] = ()  # cells found that could not be read

    def prepare(self) -> None:
        """Refuse a folder that is not ours or cannot be written; mend what an interrupted renaming left behind."""
        for folder in (self.out, self.part):
            _refuse_strangers(folder, self.id)
        with refusing(self.part):
            self.part.mkdir(parents=True, exist_ok=True)
            if (self.part / OLD).exists() and not self.out.exists():
                (self.part / OLD).rename(self.out)
            write_json(self.part / MANIFEST, {"made_by": MADE_BY, "scenario_id": self.id, "finished": False})
            for left in (self.part / OLD, *self.part.glob(f"{WHOLE}*")):
                shutil.rmtree(left, ignore_errors=True)

    def forsake(self) -> None:
        """Drop the waiting place where nothing waits in it."""
        if not any((self.part / CELLS).glob("*/[0-9]*")):
            shutil.rmtree(self.part, ignore_errors=True)

    def new(self, key: str, seed: int) -> Path:
        """Where a cell yet to be computed goes."""
        return self.part / CELLS / key / str(seed)

    def find(self, key: str, seed: int) -> Path | None:
        """The folder of a finished cell, None where there is none that can be read; each is read to its end once."""
        for folder in (root / CELLS / key / str(seed) for root in (self.part, self.out)):
            if folder not in self._sound and folder.is_dir():
                self._sound[folder] = readable(folder)
                self.damaged += () if self._sound[folder] or folder in self.damaged else (folder,)
            if self._sound.get(folder):
                return folder
            self._sound.pop(folder, None)
        return None

    def publish(self, write: Callable[[Path], None], code: str) -> None:
        """Let `write` fill a new folder, add the cells of this version of the model (its `code`; "" for all), and put it in the
        old one's place.
        """
        whole = self.part / f"{WHOLE}.{os.getpid()}"
        try:
            with refusing(self.out):
                whole.mkdir()
                write(whole)
                self._copy_cells(whole, code[:8])
                _keep_strangers(self.out, whole)
                self._swap(whole)
        finally:
            shutil.rmtree(whole, ignore_errors=True)
        shutil.rmtree(self.part, ignore_errors=True)

    def _copy_cells(self, whole: Path, code: str) -> None:
        for root in (self.out, self.part):
            for cells in sorted((root / CELLS).glob(f"{code}*")):
                shutil.copytree(cells, whole / CELLS / cells.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"),
                                copy_function=_link)

    def _swap(self, whole: Path) -> None:
        if self.out.exists():
            self.out.rename(self.part / OLD)
        try:
            whole.rename(self.out)
        except OSError:
            with suppress(OSError):
                (self.part / OLD).rename(self.out)
            raise


def _link(source: str, target: str) -> None:
    """The same file under another name, without copying where the disk can do that; files of cells are never changed."""
    Path(target).unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class refusing:
    """Turns an error of the disk into a message with its place."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, OSError):
            raise disk_fault(self.path, error) from None


def disk_fault(path: Path, error: OSError) -> ScenarioError:
    """An error of the disk as a message."""
    return fault("error.unwritable_folder", file=short(path), detail=error.strerror or str(error))


def _refuse_strangers(folder: Path, id: str) -> None:
    """A file, a folder with things that are not ours, or the results of another scenario are left alone."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise fault("error.out_file", file=short(folder))
    if not any(folder.iterdir()):
        return
    manifest = read_manifest(folder)
    if manifest.get("made_by") != MADE_BY:
        raise fault("error.out_foreign", file=short(folder))
    if manifest.get("scenario_id") != id:
        raise fault("error.out_other", file=short(folder), other=manifest.get("scenario_id"), mine=id)


def _keep_strangers(old: Path, whole: Path) -> None:
    """What a user has put into the old folder moves on into the new one."""
    ours = set(read_manifest(old).get("files", ())) | {MANIFEST, CELLS}
    for entry in old.iterdir() if old.is_dir() else ():
        if entry.name not in ours and not (whole / entry.name).exists():
            (shutil.copytree if entry.is_dir() else shutil.copy2)(entry, whole / entry.name)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; empty where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def hash_of(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_json(file: Path, content: dict[str, Any]) -> None:
    """A JSON file, whole."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    part.replace(file)


def packed(frames: dict[str, pd.DataFrame]) -> dict[str, bytes]:
    """Tables as the content of Parquet files."""
    found = {}
    for name, frame in frames.items():
        sink = pa.BufferOutputStream()
        pq.write_table(as_arrow(frame), sink, **OPTIONS)
        found[name] = sink.getvalue().to_pybytes()
    return found


def write_cell(folder: Path, tables: dict[str, bytes]) -> None:
    """Packed tables of a cell, the folder appearing whole under its name."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        for name, content in tables.items():
            (part / f"{name}.parquet").write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_table(file: Path, frame: pd.DataFrame) -> None:
    """A table as a Parquet file."""
    pq.write_table(as_arrow(frame), file, **OPTIONS)


def read_cell(folder: Path, name: str) -> pa.Table:
    """A table of a cell, its checksums tested."""
    return pq.read_table(folder / f"{name}.parquet", page_checksum_verification=True)


def readable(folder: Path) -> bool:
    """Whether a cell is there and sound; one that is not will be computed again."""
    try:
        return folder.is_dir() and all(read_cell(folder, file.stem) is not None for file in sorted(folder.glob("*.parquet"))) \
            and any(folder.iterdir())
    except CORRUPT:
        return False


def as_arrow(frame: pd.DataFrame) -> pa.Table:
    """A table without anything that depends on the machine or on the version of pandas."""
    return pa.table({name: _as_array(column) for name, column in frame.items()})


def _as_array(column: pd.Series) -> pa.Array:
    return pa.array(column.to_numpy()) if pd.api.types.is_numeric_dtype(column) else pa.array(column.tolist(), pa.string())


def join_cells(folders: Iterable[Path], name: str, file: Path) -> None:
    """One table of all cells in the order given, a row group each; only one is in memory."""
    writer = None
    try:
        for table in (read_cell(folder, name) for folder in folders):
            writer = writer or pq.ParquetWriter(file, table.schema, **OPTIONS)
            writer.write_table(table, row_group_size=max(1, table.num_rows))
    finally:
        if writer:
            writer.close()


def frames_of(folders: Iterable[Path], name: str) -> Iterator[pd.DataFrame]:
    """A table of each cell, one at a time."""
    return (read_cell(folder, name).to_pandas() for folder in folders)
