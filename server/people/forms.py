"""What people write into the forms of accounts and organisations, read once; every fault beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from auction.terms.faults import Fault, Faulty
from server.people import password_rules

EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,190}\.[^\s@.<>\"(),:;\\\[\]]{2,60}")
LONGEST_NAME = 120


class Form:
    """One pass over a form; what is wrong is noted, and `finish` raises it all."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.faults: list[Fault] = []

    def text(self, name: str, most: int = LONGEST_NAME, required: bool = True) -> str:
        """Read one line, its blanks made single."""
        read = " ".join(str(self._given.get(name, "")).split())
        if not read and required:
            self.fault(name, "is missing")
        elif len(read) > most:
            self.fault(name, f"must have at most {most} characters")
        return "".join(each for each in read if each.isprintable())

    def lines(self, name: str, most: int) -> str:
        """Read several lines, which may be empty."""
        read = str(self._given.get(name, "")).replace("\r\n", "\n").strip()
        if len(read) > most:
            self.fault(name, f"must have at most {most:,} characters")
        return "".join(each for each in read if each.isprintable() or each == "\n")

    def email(self, name: str = "email") -> str:
        """Read an e-mail address."""
        read = str(self._given.get(name, "")).strip().lower()
        if not EMAIL.fullmatch(read):
            self.fault(name, "must be an e-mail address, such as ruth@coop.example")
        return read[:320]

    def password(self, own: Iterable[str], name: str = "password", again: str = "again") -> str:
        """Read a new password and its repetition."""
        read = self.secret(name)
        wrong = password_rules.fault(read, own)
        if wrong is not None:
            self.fault(name, wrong)
        elif self.secret(again) != read:
            self.fault(again, "must be the same password once more")
        return read

    def secret(self, name: str) -> str:
        """Read a password as it is."""
        return str(self._given.get(name, ""))[: password_rules.LONGEST + 1]

    def choice(self, name: str, among: Iterable[str]) -> str:
        """Read one of a list."""
        read = str(self._given.get(name, ""))
        if read not in set(among):
            self.fault(name, "must be chosen from the list")
        return read

    def whole(self, name: str, most: int, required: bool = False) -> int | None:
        """Read a whole number from 1 on, with or without separators."""
        read = str(self._given.get(name, "")).strip().replace(",", "")
        if not read and not required:
            return None
        if not re.fullmatch(r"\d{1,9}", read, re.ASCII) or not 1 <= int(read) <= most:
            self.fault(name, f"must be a whole number from 1 to {most:,}")
            return None
        return int(read)

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append(Fault(name, message))

    def finish(self) -> None:
        """Raise when anything was wrong."""
        if self.faults:
            raise Faulty(self.faults)
