"""Settings: the environment's `TENDERBELL_…` variables, read once into one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import msgspec

PREFIX = "TENDERBELL_"
CONSOLE = "officers.localhost"
"""The host name of the officers' console on a machine of one's own."""


class BadSettings(ValueError):
    """The environment holds something that cannot be used; the message names the variable."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation may choose; the docs repeat the sentence under each."""

    database: Path = Path("tenderbell.db")
    """The database file; its folder must be writable, because a log and a lock lie beside it."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8080
    """The port to listen on; 0 takes any free one."""
    public_origin: str = ""
    """What browsers use to reach the server, such as `https://bids.example`; empty means `http://HOST:PORT`."""
    officers_origin: str = ""
    """The officers' console's own origin, on another host name; empty means `officers.localhost` where the server is local."""
    secure_cookies: bool = False
    """`true` where browsers come by HTTPS: the cookie is then sent over HTTPS alone, and browsers are told to stay there."""
    session_hours: int = 12
    """How many hours after signing in somebody has to sign in again."""
    bids_per_second: int = 10
    """How many bids a second are taken in from one vendor, all of its windows together."""
    bids_burst: int = 20
    """How many bids one vendor may send at once before that rate holds."""
    log_tick_seconds: int = 60
    """How often the public log grows while sealed bids are out, in seconds that divide an hour; else it is once an hour."""
    log_origin: str = ""
    """The public log's name, given at the first start, such as `bids.example/log/1`; empty makes it from the public origin."""
    log_key: str = ""
    """The file with the public log's secret key; empty means beside the database."""
    log_checkpoint: str = ""
    """The file with the last published checkpoint, best on another disk than the database's; empty means beside it."""
    backup_to: str = ""
    """The public line of the key that backups are sealed to, from `tenderbell backup-key`; without it none is taken."""
    smtp_host: str = ""
    """The mail server that notices are handed to; empty means that they stay in the outbox."""
    smtp_port: int = 25
    """The mail server's port."""
    smtp_user: str = ""
    """The name to sign in to the mail server with; empty means that it is not asked for one."""
    smtp_password: str = ""
    """The password that belongs to that name."""
    smtp_security: Literal["", "none", "starttls", "tls"] = ""
    """How the line there is kept private: `starttls`, `tls` or `none`; empty is `none` on this machine, else `starttls`."""
    smtp_elsewhere: bool = False
    """`true` lets notices leave for a mail server on another machine; without it only one on this machine is used."""
    mail_from: str = ""
    """Whom notices come from, as `Bids <bids@lake.example>`; empty means `no-reply` at the public origin's host."""

    def beside(self, chosen: str, end: str) -> Path:
        """A file that was chosen, or else the one beside the database whose name ends so."""
        return Path(chosen) if chosen else self.database.with_name(f"{self.database.name}-{end}")

    @property
    def origin(self) -> str:
        """The origin that browsers send: scheme, host and port."""
        if self.public_origin:
            return self.public_origin.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}" + (f":{self.port}" if self.port != 80 else "")

    @property
    def officers(self) -> str:
        """The origin of the officers' console; empty where the server is public and none is set, and then there is no console."""
        if self.officers_origin:
            return self.officers_origin.rstrip("/")
        scheme, _, authority = self.origin.partition("://")
        if not is_loopback(host_of(authority)):
            return ""
        port = authority.rpartition("]")[2].partition(":")[2]
        return f"{scheme}://{CONSOLE}" + (f":{port}" if port else "")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address, without a port, means this machine alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def host_of(authority: str) -> str:
    """Take the port off a `Host` header: `[::1]:8080` is `::1`."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def at_console(settings: Settings, authority: str) -> bool:
    """Tell whether a `Host` header is that of the officers' console."""
    return bool(settings.officers) and authority.lower() == settings.officers.partition("://")[2].lower()


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises `BadSettings`."""
    given: dict[str, object] = {}
    fields = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for variable, text in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name in fields:
            try:
                given[name] = (
                    Path(text) if fields[name] is Path else msgspec.convert(text, fields[name], strict=False)
                )
            except msgspec.ValidationError as error:
                raise BadSettings(f"{variable}={text!r}: {error}") from error
    settings = Settings(**given)  # type: ignore[arg-type]
    if settings.smtp_host and not settings.smtp_elsewhere and not is_loopback(settings.smtp_host):
        raise BadSettings(
            f"{PREFIX}SMTP_HOST={settings.smtp_host!r} is another machine; set {PREFIX}SMTP_ELSEWHERE=true to send there"
        )
    if settings.log_tick_seconds < 1 or 3600 % settings.log_tick_seconds:
        raise BadSettings(
            f"{PREFIX}LOG_TICK_SECONDS={settings.log_tick_seconds} does not divide an hour; take 60, or another that does"
        )
    if settings.officers_origin and host_of(settings.officers.partition("://")[2]) == host_of(
        settings.origin.partition("://")[2]
    ):
        raise BadSettings(
            f"{PREFIX}OFFICERS_ORIGIN={settings.officers_origin!r} has the public origin's host; it needs a host name of its own"
        )
    return settings
