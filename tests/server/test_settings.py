"""Settings: read once and strictly; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.settings import BadSettings, Settings, host_of, is_loopback, read
from tests.server.away import command


def test_without_any_variable_everything_has_its_default() -> None:
    assert read({"PATH": "/bin"}) == Settings()
    assert Settings().origin == "http://127.0.0.1:8080"


def test_every_variable_is_read_in_its_own_type() -> None:
    given = read(
        {
            "TENDERBELL_DATABASE": "/var/lib/tenderbell.db",
            "TENDERBELL_PORT": "443",
            "TENDERBELL_SECURE_COOKIES": "true",
            "TENDERBELL_PUBLIC_ORIGIN": "https://bids.example.org/",
        }
    )
    assert given.database == Path("/var/lib/tenderbell.db")
    assert (given.port, given.secure_cookies, given.origin) == (443, True, "https://bids.example.org")


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("TENDERBELL_PORT", "many"),
        ("TENDERBELL_PORT", "80.5"),
        ("TENDERBELL_SECURE_COOKIES", "perhaps"),
        ("TENDERBELL_BIDS_BURST", ""),
        ("TENDERBELL_LOG_TICK_SECONDS", "7"),
        ("TENDERBELL_LOG_TICK_SECONDS", "0"),
        ("TENDERBELL_LOG_TICK_SECONDS", "7200"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(variable: str, text: str) -> None:
    with pytest.raises(BadSettings, match=variable):
        read({variable: text})


async def test_a_server_does_not_start_on_bad_settings(tmp_path: Path) -> None:
    process = await command("serve", "--database", str(tmp_path / "house.db"), TENDERBELL_PORT="many")
    said, complained = await process.communicate()
    assert (process.returncode, said) == (2, b"")
    assert complained.decode().startswith("TENDERBELL_PORT='many':")
    assert not (tmp_path / "house.db").exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1"])
def test_this_machine_s_own_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.evil.example", "10.0.0.1", "0.0.0.0", "evil", "127.0.0.1.evil"]
)
def test_other_machines_names(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("authority", "host"),
    [("localhost:80", "localhost"), ("[::1]:80", "::1"), ("127.0.0.1", "127.0.0.1"), ("", "")],
)
def test_a_host_without_its_port(authority: str, host: str) -> None:
    assert host_of(authority) == host
