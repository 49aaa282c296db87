"""What a password must be: long enough, and none of those that everybody tries first."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST, LONGEST = 12, 1024
LOOKALIKES = str.maketrans("@4831!|05$7+", "aabeiilosstt")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890", "1qaz2wsx3edc4rfv")
WORDS = """
    password passwort passphrase passcode pass word login admin administrator root user guest welcome hello hi letme
    letmein enter open sesame opensesame secret changeme change default test testing temp temporary qwerty azerty qwertz
    iloveyou ilove love you lovely princess dragon monkey football baseball basketball soccer hockey sunshine
    superman batman pokemon starwars master shadow michael jordan jennifer jessica ashley charlie thomas daniel george
    andrew joshua hunter ranger buster ginger pepper cookie summer winter spring autumn fall january february march april
    may june july august september october november december monday tuesday wednesday thursday friday saturday sunday
    computer internet google facebook apple samsung windows microsoft chocolate cheese flower freedom whatever trustno
    trustnoone nothing mustang corvette yankees dallas cowboys eagles steelers america usa school district teacher student
    bus bid bidding bids vendor buyer auction tender tenderbell bell consortium cooperative purchasing the a my is and me i
    correcthorsebatterystaple correct horse battery staple new old good best great happy baby angel god jesus christ blessed
    black blue red green white money cash business company office work please thank thanks one two three abc xyz qaz wsx
"""
COMMON = frozenset(WORDS.split())
LONGEST_WORD = max(map(len, COMMON))


def fault(password: str, own: Iterable[str] = ()) -> str | None:
    """Say what keeps a password from being taken, to follow the field's name; `own` is what others know of its owner."""
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters; a few words in a row are easy to remember"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST:,} characters"
    if too_common(password, own):
        return "is among the first that others would try; choose a few words that have nothing to do with each other"
    return None


def too_common(password: str, own: Iterable[str] = ()) -> bool:
    """Tell whether a password is nothing but common words, rows of keys, repetitions, years and its owner's own names."""
    plain = password.casefold()
    known = COMMON | {part for text in own for part in re.findall(r"[^\W\d_]{3,}", text.casefold())}
    if len(set(plain)) < 5 or _repeats(plain):
        return True
    return any(not _left(text, known) for text in (plain, plain.translate(LOOKALIKES)))


def _repeats(text: str) -> bool:
    """The same piece again and again, such as `abc123abc123`; a long piece may stand twice."""
    half = len(text) // 2
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(half, 7) + 1))


def _left(text: str, known: Iterable[str]) -> str:
    """What is left of a password without what anybody would guess."""
    words = frozenset(known)
    letters = re.findall(r"[^\W\d_]+", text)
    return "".join(each for each in letters if not (_made_of(each, words) or _row(each)))


def _row(text: str) -> bool:
    """Keys beside each other, or letters in their order, either way round."""
    return any(text in row or text in row[::-1] for row in ROWS) or len(set(text)) == 1


def _made_of(text: str, words: frozenset[str]) -> bool:
    """Tell whether a run of letters is put together from these words and rows alone."""
    longest = max(LONGEST_WORD, *map(len, words))
    reached = {0}
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            piece = text[start:end]
            if start in reached and (piece in words or (len(piece) >= 3 and _row(piece))):
                reached.add(end)
                break
    return len(text) in reached
