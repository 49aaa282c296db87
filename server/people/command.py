"""`tenderbell people`: register organisations and people from a file, and set passwords."""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.app import open_database
from server.filling import People, faults, fill
from server.login import Passwords
from server.settings import BadSettings, read
from server.tables import Person
from server.terminal import complain

SHORTEST_PASSWORD = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("file", type=Path, nargs="?", help="organisations and people, JSON")
    parser.add_argument("--password", metavar="EMAIL", help="set this person's password; it is asked for")
    parser.add_argument("--database", type=Path, help="the database file (TENDERBELL_DATABASE)")


def run(args: argparse.Namespace) -> int:
    """Carry it out; 2 with every fault when something cannot be used, and then nothing is changed."""
    if (args.file is None) == (args.password is None):
        return complain(["give a file, or --password EMAIL"])
    try:
        database = args.database or read(os.environ).database
    except BadSettings as error:
        return complain([str(error)])
    return _register(database, args.file) if args.file is not None else _password(database, args.password)


def _register(database: Path, file: Path) -> int:
    try:
        given = msgspec.json.decode(file.read_bytes(), type=People)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return complain([f"{file}: {error}"])
    found = faults(given)
    if found:
        return complain([f"{fault.path}: {fault.message}" for fault in found])
    open_database(database, lambda session: fill(session, given, Passwords().hash))
    print(f"{len(given.organisations)} organisations and {len(given.people)} people are registered.")
    return 0


def _password(database: Path, email: str) -> int:
    password = (
        getpass(f"New password for {email}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    )
    if len(password) < SHORTEST_PASSWORD:
        return complain([f"a password needs at least {SHORTEST_PASSWORD} characters"])
    found: list[str] = []

    def change(session: Session) -> None:
        person = session.execute(
            select(Person).where(Person.email == email.strip().lower())
        ).scalar_one_or_none()
        if person is not None:
            person.password_hash = Passwords().hash(password)
            found.append(person.name)

    open_database(database, change)
    if not found:
        return complain([f"nobody here has the e-mail address {email}"])
    print(f"{found[0]} has a new password.")
    return 0
