"""Signing in: who is asking. A session is a random token in a cookie, kept here as a hash, and can be ended at any time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.database import Database
from server.fresh import Fresh
from server.tables import EPOCH, DistrictMember, Membership, Organisation, Person, SessionRow

log = logging.getLogger("tenderbell")
COOKIE = "tenderbell_session"
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a session was last used."""
HASHERS = 2
"""How many passwords are checked at once; each takes 64 MiB."""
LONGEST_AGENT = 300
STILL_MEMBER = and_(
    Membership.person_id == SessionRow.person_id,
    Membership.organisation_id == SessionRow.organisation_id,
)
WHO_HOLDS = (
    select(
        SessionRow.expires_at,
        SessionRow.last_seen_at,
        SessionRow.person_id,
        Person.name,
        Organisation.id,
        Organisation.name,
        Organisation.kind,
        Membership.role,
    )
    .join(Person, Person.id == SessionRow.person_id)
    .join(Organisation, Organisation.id == SessionRow.organisation_id)
    .join(Membership, STILL_MEMBER)
    .where(SessionRow.token_hash == bindparam("held"))
    .where(SessionRow.revoked_at.is_(None), SessionRow.expires_at > bindparam("at"))
)
"""Asked again and again, so it is made once."""
CONSORTIA = (
    select(DistrictMember.consortium_id)
    .where(DistrictMember.district_id == bindparam("district"))
    .order_by(DistrictMember.consortium_id)
)


class Identity(msgspec.Struct, frozen=True):
    """Who is signed in: a person in an organisation; a vendor's `organisation_id` is its id in the engine.

    `kind` is the organisation's; `consortia` are those whose internal matters concern it: a consortium's own id, those that
    a district belongs to, none for a vendor.
    """

    person_id: str
    person_name: str
    organisation_id: str
    organisation_name: str
    role: str
    kind: str = ""
    consortia: tuple[str, ...] = ()


class SignedIn(msgspec.Struct, frozen=True):
    """A session found: its token's hash, and who it belongs to."""

    session: bytes
    identity: Identity


class Held(msgspec.Struct, frozen=True):
    """A session as it was read: until when it goes, when it was last used, and whose it is."""

    expires: datetime
    seen: datetime
    found: SignedIn


def token_hash(token: str) -> bytes:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).digest()


class Passwords:
    """Checks passwords with argon2id, in a thread, taking as long for an unknown e-mail as for a known one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")
        self._room = asyncio.Semaphore(HASHERS)

    def hash(self, password: str) -> str:
        """Hash a password to be kept."""
        return self._hasher.hash(password)

    async def hashed(self, password: str) -> str:
        """Hash a password in a thread."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the kept one; without a kept one it is checked against nobody's, and is not."""
        async with self._room:
            fits = await asyncio.to_thread(self._verify, kept or self._nobody, password)
        return fits and kept is not None

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


class Login:
    """The door: people with their passwords, and the sessions that they opened."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        length: timedelta,
    ) -> None:
        self._database, self._passwords = database, passwords
        self._now, self._random, self._length = now, random, length
        self._fresh = Fresh(database.version, now)

    async def check(self, email: str, password: str) -> Person | None:
        """Find the person with this e-mail and password; None if either is wrong."""
        async with self._database.session() as session:
            wanted = select(Person).where(Person.email == email.strip().lower())
            person = (await session.execute(wanted)).scalar_one_or_none()
        kept = person.password_hash if person is not None else None
        return person if await self._passwords.fits(kept, password) else None

    async def hashed(self, password: str) -> str:
        """Hash a password to be kept."""
        return await self._passwords.hashed(password)

    async def membership(self, person: str, organisation: str | None = None) -> Membership | None:
        """What a person is in an organisation; else where it was last signed in, or in the first that it belongs to."""
        wanted = select(Membership).where(Membership.person_id == person)
        if organisation is not None:
            wanted = wanted.where(Membership.organisation_id == organisation)
        last = (
            select(func.max(SessionRow.created_at))
            .where(
                SessionRow.person_id == Membership.person_id,
                SessionRow.organisation_id == Membership.organisation_id,
            )
            .scalar_subquery()
        )
        wanted = wanted.order_by(func.coalesce(last, EPOCH).desc(), Membership.organisation_id)
        async with self._database.session() as session:
            return (await session.execute(wanted)).scalars().first()

    async def open(self, membership: Membership, agent: str = "") -> str:
        """Open a new session and return its token; whatever token the browser had before is not used."""
        token = urlsafe_b64encode(self._random(32)).rstrip(b"=").decode()
        now = self._now()
        row = SessionRow(
            token_hash=token_hash(token),
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            role=membership.role,
            created_at=now,
            last_seen_at=now,
            expires_at=now + self._length,
            agent=agent[:LONGEST_AGENT],
        )
        async with self._database.session.begin() as session:
            session.add(row)
        return token

    async def find(self, token: str | None) -> SignedIn | None:
        """Find who holds this token; None when there is no such session, it is over, or was ended."""
        return await self.alive(token_hash(token)) if token else None

    async def alive(self, session_hash: bytes) -> SignedIn | None:
        """Look a session up by its token's hash; it ends with the membership, and its role is what that says now.

        What was read is held only until anything is committed, so that no way of ending a session has to say so here.
        """
        now = self._now()
        held = await self._fresh.take(
            session_hash, lambda: self._database.read(lambda session: _look(session, session_hash, now))
        )
        if held is None or now >= held.expires:
            return None
        if now - held.seen > SEEN_EVERY:
            await self._seen(session_hash, now)
        return held.found

    async def over(self, session_hashes: Collection[bytes]) -> set[bytes]:
        """Which of these sessions are over or were ended; asked again and again for long-lived sockets."""
        going = (
            select(SessionRow.token_hash)
            .join(Membership, STILL_MEMBER)
            .where(
                SessionRow.token_hash.in_(session_hashes),
                SessionRow.revoked_at.is_(None),
                SessionRow.expires_at > self._now(),
            )
        )
        async with self._database.session() as session:
            return set(session_hashes) - set((await session.execute(going)).scalars())

    async def _seen(self, session_hash: bytes, now: datetime) -> None:
        """Note that a session is used; a full disk must not shut anybody out."""
        try:
            await self._set(session_hash, last_seen_at=now)
        except SQLAlchemyError as error:
            log.error("It could not be kept when a session was last used: %s", error)

    async def end(self, session_hash: bytes) -> None:
        """End a session, now and everywhere."""
        await self._set(session_hash, revoked_at=self._now())

    async def _set(self, session_hash: bytes, **values: datetime) -> None:
        async with self._database.session.begin() as session:
            await session.execute(
                update(SessionRow).where(SessionRow.token_hash == session_hash).values(**values)
            )

    async def memberships(self) -> Sequence[tuple[Membership, str, Organisation]]:
        """Everybody who could sign in, with their name and organisation; for a demonstration's door."""
        wanted = (
            select(Membership, Person.name, Organisation)
            .join(Person, Person.id == Membership.person_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .order_by(Organisation.name, Person.name)
        )
        async with self._database.session() as session:
            return [(row[0], row[1], row[2]) for row in await session.execute(wanted)]


def _look(session: Session, session_hash: bytes, now: datetime) -> Held | None:
    """Read a session that goes on; None where there is none."""
    row = session.execute(WHO_HOLDS, {"held": session_hash, "at": now}).one_or_none()
    if row is None:
        return None
    expires, seen, person, name, organisation, called, kind, role = row
    consortia = _consortia(session, organisation, kind)
    whose = Identity(person, name, organisation, called, role, kind, consortia)
    return Held(expires, seen, SignedIn(session_hash, whose))


def _consortia(session: Session, organisation: str, kind: str) -> tuple[str, ...]:
    """The consortia whose internal matters concern an organisation."""
    if kind != "district":
        return (organisation,) if kind == "consortium" else ()
    return tuple(session.execute(CONSORTIA, {"district": organisation}).scalars())


class Attempts:
    """Slows down guessing: so many failures per key in a window, then nothing is checked until the window has passed."""

    def __init__(self, most: int, window: timedelta, keys: int = 10_000) -> None:
        self._most, self._window, self._keys = most, window, keys
        self._failed: dict[str, list[datetime]] = {}

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """How long this key has to wait; None if it may try."""
        recent = [at for at in self._failed.get(key, ()) if now - at < self._window]
        return None if len(recent) < self._most else recent[-self._most] + self._window - now

    def failed(self, key: str, now: datetime) -> None:
        """Count a failure."""
        recent = [at for at in self._failed.pop(key, ()) if now - at < self._window]
        self._failed[key] = [*recent, now][-self._most :]
        while len(self._failed) > self._keys:
            del self._failed[next(iter(self._failed))]

    def forget(self, key: str) -> None:
        """Forget the failures of somebody who got in."""
        self._failed.pop(key, None)
