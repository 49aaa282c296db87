"""The second factor: codes of an authenticator app, each good once, and recovery codes for when the phone is lost."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from io import BytesIO

import segno
from pyotp import TOTP
from sqlalchemy import delete, func, select, update

from server.parts import Parts
from server.tables import FactorRow, RecoveryRow

STEP_S = 30
DRIFT = 1
"""How many steps a phone's clock may be off, either way."""
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is read wrongly: no i, l, o, 0, 1."""


async def confirmed(parts: Parts, person: str) -> FactorRow | None:
    """The person's second factor, where one is set up."""
    return await _factor(parts, person, confirmed=True)


async def begun(parts: Parts, person: str) -> FactorRow | None:
    """A second factor that waits for its first code."""
    return await _factor(parts, person, confirmed=False)


async def _factor(parts: Parts, person: str, confirmed: bool) -> FactorRow | None:
    done = FactorRow.confirmed_at.is_not(None) if confirmed else FactorRow.confirmed_at.is_(None)
    wanted = select(FactorRow).where(FactorRow.person_id == person, FactorRow.kind == "totp", done)
    return await parts.database.read(lambda session: session.execute(wanted).scalars().first())


async def begin(parts: Parts, person: str) -> FactorRow:
    """Begin anew, with a secret of its own; nothing is asked for until its first code was given."""
    made = FactorRow(
        id=parts.random(12).hex(),
        person_id=person,
        kind="totp",
        secret=b32encode(parts.random(20)).decode(),
        detail={},
        step=-1,
        created_at=parts.now(),
        confirmed_at=None,
    )
    async with parts.database.session.begin() as session:
        await session.execute(
            delete(FactorRow).where(FactorRow.person_id == person, FactorRow.confirmed_at.is_(None))
        )
        session.add(made)
    return made


def picture(factor: FactorRow, email: str) -> bytes:
    """The QR code that an authenticator app reads, as SVG with its own light ground."""
    out = BytesIO()
    segno.make(uri(factor, email), error="m").save(
        out, kind="svg", scale=5, border=4, dark="#1c2421", light="#ffffff"
    )
    return out.getvalue()


def uri(factor: FactorRow, email: str) -> str:
    """What the QR code says."""
    return TOTP(factor.secret).provisioning_uri(name=email, issuer_name="Tenderbell")


async def take(parts: Parts, factor: FactorRow, code: str) -> bool:
    """Take a code of the app, once: a code that was taken, and any older one, is refused."""
    now = int(parts.now().timestamp()) // STEP_S
    given, app = "".join(code.split()), TOTP(factor.secret)
    fitting = [step for step in range(now - DRIFT, now + DRIFT + 1) if app.generate_otp(step) == given]
    if not fitting:
        return False
    taken = (
        update(FactorRow)
        .where(FactorRow.id == factor.id, FactorRow.step < fitting[-1])
        .values(step=fitting[-1])
        .returning(FactorRow.id)
    )
    async with parts.database.session.begin() as session:
        return (await session.execute(taken)).scalar_one_or_none() is not None


async def confirm(parts: Parts, factor: FactorRow) -> list[str]:
    """Put a second factor into force, in place of the one before, and return new recovery codes."""
    async with parts.database.session.begin() as session:
        await session.execute(
            delete(FactorRow).where(FactorRow.person_id == factor.person_id, FactorRow.id != factor.id)
        )
        await session.execute(
            update(FactorRow).where(FactorRow.id == factor.id).values(confirmed_at=parts.now())
        )
    return await new_codes(parts, factor.person_id)


async def remove(parts: Parts, person: str) -> None:
    """Do without a second factor."""
    async with parts.database.session.begin() as session:
        await session.execute(delete(FactorRow).where(FactorRow.person_id == person))
        await session.execute(delete(RecoveryRow).where(RecoveryRow.person_id == person))


# --- recovery codes --------------------------------------------------------------------------------------------------------


async def new_codes(parts: Parts, person: str) -> list[str]:
    """Make recovery codes in place of the old ones; they are kept as hashes alone."""
    made = [_code(parts) for _ in range(CODES)]
    async with parts.database.session.begin() as session:
        await session.execute(delete(RecoveryRow).where(RecoveryRow.person_id == person))
        session.add_all(RecoveryRow(code_hash=_hash(each), person_id=person, used_at=None) for each in made)
    return made


def _code(parts: Parts) -> str:
    """Ten letters, about fifty bits: too many to guess, and a person is given five guesses."""
    letters: list[str] = []
    while len(letters) < 10:
        letters += [ALPHABET[byte % 32] for byte in parts.random(16) if byte % 32 < len(ALPHABET)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:10])}"


def _hash(code: str) -> bytes:
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(b"recovery\0" + plain.encode()).digest()


async def take_recovery(parts: Parts, person: str, code: str) -> bool:
    """Take a recovery code, once."""
    taken = (
        update(RecoveryRow)
        .where(
            RecoveryRow.person_id == person,
            RecoveryRow.code_hash == _hash(code),
            RecoveryRow.used_at.is_(None),
        )
        .values(used_at=parts.now())
        .returning(RecoveryRow.person_id)
    )
    async with parts.database.session.begin() as session:
        return (await session.execute(taken)).scalar_one_or_none() is not None


async def codes_left(parts: Parts, person: str) -> int:
    """How many recovery codes are unused."""
    wanted = select(func.count()).where(RecoveryRow.person_id == person, RecoveryRow.used_at.is_(None))
    return await parts.database.read(lambda session: session.execute(wanted).scalar_one())
