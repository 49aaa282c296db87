"""The nearest spelling: a word that no price line holds, with one letter wrong, missing, too many or swapped."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

SHORTEST, LONGEST = 4, 24
"""Between these lengths a word is respelled."""
LETTERS = string.ascii_lowercase


def variants(word: str) -> set[str]:
    """Every word that is one slip of the finger away."""
    return {each for each in _variants(word) if each != word}


def _variants(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def respelled(session: Session, words: Sequence[str]) -> list[str] | None:
    """The words with each unknown one in the place of its commonest near spelling; None where none was changed."""
    better = [_better(session, word.lower()) for word in words]
    return better if better != [word.lower() for word in words] else None


def _better(session: Session, word: str) -> str:
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()) or _begins(session, word):
        return word
    near = sorted(variants(word))
    named = {f"w{place}": each for place, each in enumerate(near)}
    marks = ", ".join(f":{name}" for name in named)
    found = session.execute(
        text(f"SELECT term FROM price_vocabulary WHERE term IN ({marks}) ORDER BY doc DESC, term LIMIT 1"),
        named,
    ).scalar()
    return str(found) if found is not None else word


def _begins(session: Session, word: str) -> bool:
    """Tell whether some known word begins so."""
    asked = text("SELECT 1 FROM price_vocabulary WHERE term >= :word AND term < :after LIMIT 1")
    return session.execute(asked, {"word": word, "after": word + "\U0010ffff"}).first() is not None
