"""Names that are not declared are refused at once: columns of tables, parameters and subjects."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from sim.declared import SUBJECTS, declared
from sim.declared.tables import Agencies, Districts, Households, Needs, Residents, Ties, Workers
from tests.tiny import tiny_town

TABLES = (Households, Needs, Residents, Ties, Workers, Agencies, Districts)


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_has_what_its_class_declares_and_nothing_else(kind):
    table = kind(3)
    assert [name for name, _ in table.columns()] == list(kind.declarations()) != []
    for name, array in table.columns():
        declaration = kind.declarations()[name]
        assert array.shape == (3,) and array.dtype == declaration.dtype
        assert (array == declaration.initial).all()
    first = next(iter(kind.declarations()))
    with pytest.raises(AttributeError, match=f"no column '{first}x'; did you mean '{first}'"):
        setattr(table, f"{first}x", 1)
    with pytest.raises(AttributeError):
        getattr(table, f"{first}x")


def test_a_table_takes_a_further_column_once_and_survives_copies():
    table = Households(2)
    table.add("own", (float, 0.5, "-", "of a user's own process"))
    with pytest.raises(ValueError, match="'own' already"):
        table.add("own", (float, 0.5, "-", "again"))
    for other in (copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        other.own = other.own + 1
        assert other.own.tolist() == [1.5, 1.5] and table.own.tolist() == [0.5, 0.5]
        with pytest.raises(AttributeError):
            other.trsut = 1


@pytest.mark.parametrize("rows", [slice(1, 3), np.array([1, 2])])
def test_a_cleared_row_keeps_what_it_is_told_to_keep(rows):
    homes = Households(4)
    homes.ties[:], homes.readiness[:], homes.trust[:] = 7, 0.25, 0.25
    homes.clear(rows, frozenset({"ties"}))
    assert homes.ties.tolist() == [7] * 4
    assert homes.readiness.tolist() == homes.trust.tolist() == [0.25, 0.5, 0.5, 0.25]


def test_parameters_of_a_town_are_those_declared():
    p = tiny_town().state.p
    for name, parameter in declared().items():
        subject, _, last = name.partition(".")
        assert getattr(getattr(p, subject), last) == parameter.value
        assert getattr(SUBJECTS[subject], last) is parameter
    with pytest.raises(AttributeError, match="did you mean 'onset_latent'"):
        p.needs.onset_latnt = 0.1
    with pytest.raises(AttributeError):
        _ = p.needs.onset_latnt
