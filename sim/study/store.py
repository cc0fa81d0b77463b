"""Files of results: finished cells wait in a folder beside the output; the output itself appears
whole or not at all.

While a run lasts, `results/kaga.part/cells/<key>/<seed>/` fills up. When all is done, the output is
written inside that folder and moved to `results/kaga` by renaming. A run that was ended in between,
however it was, goes on from the cells.

A cell is its tables and, written last, `cell.json`, which names them with their hashes, the cell's
key and its seed. A folder of which that is not all true is no cell: it is computed again. What else
lies in a folder of results is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.words.errors import ScenarioError, fault, refuse_unwritable_name, short

LOCK = ".lock"
FORMER_WORLD = "draw"  # how older folders call a plausible world


class Lock:
    """The right to write into a folder, held by this process from `take` to `release`."""

    def __init__(self, folder: Path):
        self._open: IO[bytes] | None = None
        self.file = folder / LOCK

    def take(self, out: Path) -> None:
        """Acquire the lock; raises, naming `out`, where another process holds it."""
        if self._open is not None:
            return
        stream = open(self.file, "ab")  # noqa: SIM115  closed by `release`, or by the end of the process
        try:
            _seize(stream)
        except OSError:
            stream.close()
            raise fault("error.out_busy", file=short(out)) from None
        self._open = stream

    def __del__(self) -> None:
        """Release the lock with the last reference, if `release` was not called."""
        self.release()

    def release(self) -> None:
        """Release the lock; nothing happens where it is not held."""
        if self._open is not None:
            self._open.close()
            self._open = None


def _seize(stream: IO[bytes]) -> None:
    """Lock a file for this process alone, without waiting; raises OSError where another process
    holds it.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


MADE_BY = "municipal-support-sim"
MANIFEST = "manifest.json"
CELLS, RECORD = "cells", "cell.json"
TABLES = ("town", "field", "district", "agency")
WHOLE, OLD = "whole", "old"
OPTIONS = {"compression": "zstd", "write_page_checksum": True, "write_statistics": False}
CORRUPT = (OSError, pa.ArrowException, EOFError)


class Results:
    """An output folder and the place beside it where the cells of unfinished runs wait; `tables` are
    those that every cell has.
    """

    def __init__(self, out: Path, id: str, tables: tuple[str, ...] = TABLES):
        self.out, self.id, self.tables = Path(os.path.abspath(out)), id, tables
        self.part = self.out.with_name(self.out.name + ".part")
        self._lock = Lock(self.part)
        self._sound: dict[Path, bool] = {}
        self.damaged: tuple[Path, ...] = ()  # cells found that could not be read

    def prepare(self) -> None:
        """Refuse a folder that is not ours, cannot be written or is being written by another run;
        mend what an interrupted renaming left behind.
        """
        refuse_unwritable_name(self.out)
        for folder in (self.out, self.part):
            _refuse_strangers(folder, self.id)
        with _refusing(self.part):
            self.part.mkdir(parents=True, exist_ok=True)
            self._lock.take(self.out)
            if (self.part / OLD).exists() and not self.out.exists():
                (self.part / OLD).rename(self.out)
            write_json(
                self.part / MANIFEST,
                {"made_by": MADE_BY, "scenario_id": self.id, "finished": False},
            )
            _hand_over(self.part / OLD, self.out)
            for left in (self.part / OLD, *self.part.glob(f"{WHOLE}*")):
                shutil.rmtree(left, ignore_errors=True)

    def forsake(self) -> None:
        """Remove the waiting folder where nothing waits in it."""
        self._lock.release()
        if not any((self.part / CELLS).glob("*/[0-9]*")):
            shutil.rmtree(self.part, ignore_errors=True)

    def new(self, key: str, seed: int) -> Path:
        """Returns where a cell yet to be computed goes."""
        return self.part / CELLS / key / str(seed)

    def find(self, key: str, seed: int) -> Path | None:
        """Returns the folder of a finished cell, None where there is none that is sound; each is
        read to its end once.
        """
        for folder in (root / CELLS / key / str(seed) for root in (self.part, self.out)):
            if folder not in self._sound and folder.is_dir():
                self._sound[folder] = sound(folder, key, seed, self.tables)
                self.damaged += () if self._sound[folder] or folder in self.damaged else (folder,)
            if self._sound.get(folder):
                return folder
            self._sound.pop(folder, None)
        return None

    def publish(self, write: Callable[[Path], None], code: str) -> None:
        """Let `write` fill a new folder, add the cells of this version of the model (its `code`; ""
        for all), and put it in the old one's place.
        """
        whole = self.part / f"{WHOLE}.{os.getpid()}"
        try:
            with _refusing(self.out):
                whole.mkdir()
                write(whole)
                self._copy_cells(whole, code[:8])
                self._swap(whole)
        finally:
            shutil.rmtree(whole, ignore_errors=True)
        self._lock.release()
        if _hand_over(self.part / OLD, self.out):
            shutil.rmtree(self.part, ignore_errors=True)

    def _copy_cells(self, whole: Path, code: str) -> None:
        """Cells of both places; those waiting replace those there. Damaged ones and what is no cell
        are left behind.
        """
        for root in (self.out, self.part):
            for cell in sorted((root / CELLS).glob(f"{code}*/[0-9]*")):
                tables = record_of(cell).get("tables")
                if isinstance(tables, dict):
                    target = whole / CELLS / cell.parent.name / cell.name
                    target.mkdir(parents=True, exist_ok=True)
                    for name in (*(f"{table}.parquet" for table in tables), RECORD):
                        with suppress(FileNotFoundError):
                            _link(cell / name, target / name)

    def _swap(self, whole: Path) -> None:
        if self.out.exists():
            self.out.rename(self.part / OLD)
        try:
            whole.rename(self.out)
        except OSError:
            with suppress(OSError):
                (self.part / OLD).rename(self.out)
            raise


def _link(source: Path, target: Path) -> None:
    """The same file under another name, without copying where the disk can do that; files of cells
    are never changed.
    """
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class _refusing:
    """Turns an error of the disk into a message with its place."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, OSError):
            raise disk_fault(self.path, error) from None


def disk_fault(path: Path, error: OSError) -> ScenarioError:
    """Returns an error of the disk as a message."""
    return fault("error.unwritable_folder", file=short(path), detail=error.strerror or str(error))


def _refuse_strangers(folder: Path, id: str) -> None:
    """Raise if `folder` is a file, holds foreign files, or belongs to another scenario."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise fault("error.out_file", file=short(folder))
    if not any(folder.iterdir()):
        return
    manifest = read_manifest(folder)
    if not manifest and all(entry.name in (CELLS, LOCK) for entry in folder.iterdir()):
        return  # nothing but our cells, as after a copy that was ended
    if manifest.get("made_by") != MADE_BY:
        raise fault("error.out_foreign", file=short(folder))
    if manifest.get("scenario_id") != id:
        raise fault(
            "error.out_other", file=short(folder), other=manifest.get("scenario_id"), mine=id
        )


def _hand_over(old: Path, new: Path) -> bool:
    """Move what a user has put into the `old` folder on into the `new` one; whether nothing of
    theirs is left behind.

    Moved by renaming, so that links, and whatever else a folder can hold, stay what they are.
    """
    if not old.is_dir() or not new.is_dir():
        return True
    ours = set(read_manifest(old).get("files", ())) | {MANIFEST, CELLS, LOCK}
    left = False
    for entry in old.iterdir():
        if entry.name in ours or os.path.lexists(new / entry.name):
            continue
        try:
            entry.rename(new / entry.name)
        except OSError:
            left = True
    return not left


def read_manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a folder; empty where there is none that can be read."""
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
    part.write_text(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n"
    )
    part.replace(file)


def parquet_bytes(frames: dict[str, pd.DataFrame]) -> dict[str, bytes]:
    """Returns the tables as the content of Parquet files."""
    found = {}
    for name, frame in frames.items():
        sink = pa.BufferOutputStream()
        pq.write_table(as_arrow(frame), sink, **OPTIONS)
        found[name] = sink.getvalue().to_pybytes()
    return found


def write_cell(folder: Path, tables: dict[str, bytes], key: str, seed: int) -> None:
    """Packed tables of a cell and, last, its record; the folder appears whole under its name and
    replaces what stands there.
    """
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    _remove(part)
    try:
        part.mkdir(parents=True)
        for name, content in tables.items():
            (part / f"{name}.parquet").write_bytes(content)
        known = {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()}
        (part / RECORD).write_text(
            json.dumps({"key": key, "seed": seed, "tables": known}, indent=1) + "\n",
            encoding="utf-8",
        )
        _remove(folder)
        part.rename(folder)
    finally:
        _remove(part)


def _remove(path: Path) -> None:
    """Remove a folder, a file or a link (never what it points to), if there is one."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def write_table(file: Path, frame: pd.DataFrame) -> None:
    """A table as a Parquet file."""
    pq.write_table(as_arrow(frame), file, **OPTIONS)


def read_cell(folder: Path, name: str) -> pa.Table:
    """Returns a table of a cell, its checksums tested; read by one thread, since a machine short of
    memory grants no others.
    """
    return pq.read_table(
        folder / f"{name}.parquet",
        page_checksum_verification=True,
        use_threads=False,
        pre_buffer=False,
    )


def record_of(folder: Path) -> dict[str, Any]:
    """Returns the record of a cell; empty where there is none that can be read."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


def sound(folder: Path, key: str, seed: int, needed: tuple[str, ...] = TABLES) -> bool:
    """Returns whether a folder is the whole cell of this key and seed: its record says so, and
    every table is the one it names, those `needed` among them.
    """
    record = record_of(folder)
    tables = record.get("tables")
    if (
        (record.get("key"), record.get("seed")) != (key, seed)
        or not isinstance(tables, dict)
        or not {*needed} <= {*tables}
    ):
        return False
    try:
        return all(hash_of(folder / f"{name}.parquet") == known for name, known in tables.items())
    except (OSError, ValueError):
        return False


def as_arrow(frame: pd.DataFrame) -> pa.Table:
    """Returns a table without anything that depends on the machine or on the version of pandas."""
    return pa.table({name: _as_array(column) for name, column in frame.items()})


def _as_array(column: pd.Series) -> pa.Array:
    return (
        pa.array(column.to_numpy())
        if pd.api.types.is_numeric_dtype(column)
        else pa.array(column.tolist(), pa.string())
    )


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
    """Returns a table of each cell, one at a time."""
    return (read_cell(folder, name).to_pandas() for folder in folders)


def stored_table(file: Path) -> pd.DataFrame:
    """Returns a table of a folder of results, its columns by the names of now."""
    return pd.read_parquet(file).rename(columns={FORMER_WORLD: "world"})
