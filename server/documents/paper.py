"""Papers: tagged PDFs that a screen reader reads in order (PDF/UA-1), set by Typst from a template and data.

Data reaches a template as values, never as markup: nothing that somebody wrote is ever read as an instruction. Nothing is
fetched, and the same data at the same time gives the same bytes. A letter that the font does not have would be a blank, which
such a paper may not hold: it is written by its number in Unicode, as [U+65E5].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import typst

MEDIA = "application/pdf"
MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
HAS = (
    (0x0, 0x24F),
    (0x370, 0x484),
    (0x48A, 0x4FF),
    (0x5D0, 0x5EA),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2040),
    (0x20A0, 0x20BF),
)
"""Where the font has nearly every letter: Latin, Greek, Cyrillic and Hebrew, punctuation and money."""
TRIES = 50


class NotSet(Exception):
    """A paper could not be set; a fault of the template, never of what somebody wrote."""


def pdf(template: Path, data: Mapping[str, object], at: datetime) -> bytes:
    """Set a paper; `at` is the time that it is dated with. It takes some tenths of a second: call it in a thread."""
    source, given = template.read_bytes(), msgspec.json.encode(data).decode()
    for turn in range(TRIES):
        try:
            return _set(source, given, at)
        except typst.TypstError as error:
            missing = MISSING.search(str(error))
            if missing is None:
                raise NotSet(f"{template.name}: {error}") from error
            given = _spelled(given, _rare if turn == 0 else missing.group(1).__contains__)
    return _set(source, _spelled(given, lambda letter: not letter.isascii()), at)


def _set(source: bytes, data: str, at: datetime) -> bytes:
    made = typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _rare(letter: str) -> bool:
    return not any(first <= ord(letter) <= last for first, last in HAS)


def _spelled(text: str, lacks: Callable[[str], bool]) -> str:
    return "".join(f"[U+{ord(each):04X}]" if lacks(each) else each for each in text)
