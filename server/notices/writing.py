"""Writing a notice: its subject and its text from the templates of its kind, with everything handed in taken as plain data.

A name may hold anything that somebody typed. In a subject and in a text it becomes one line, and what looks like an address
in it is made unclickable, so that nobody can have this house send a line or a link of their own making. Only what is
handed in as `link` is a link. Words of several lines are quoted by the filter `quoted`, as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateNotFound
from markupsafe import Markup

from server.presenting import clock, money, when

_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_LINES = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_MANY_LINES = re.compile(r"\n{3,}")
LONGEST_SUBJECT = 200


class Letter(msgspec.Struct, frozen=True):
    """A notice as it is read: one line of subject, a text, and HTML where the kind has it."""

    subject: str
    text: str
    html: str | None


class _Written(str):
    """Text of ours, or data made fit for a text, which is not changed again."""

    __slots__ = ()


def one_line(text: str) -> str:
    """Make whatever somebody typed one line, without control characters and without a link in it."""
    return _BLANKS.sub(" ", text).strip().replace("://", ": //")


def quoted(text: str) -> str:
    """Quote words of several lines, each line marked."""
    return _Written("\n".join(f"> {one_line(line)}".rstrip() for line in _LINES.split(text.strip())))


def _finalize(value: Any) -> Any:
    if isinstance(value, datetime):
        return when(value, "UTC")
    return one_line(value) if isinstance(value, str) and not isinstance(value, _Written | Markup) else value


class Writing:
    """The templates `<notice>/subject.txt`, `body.txt` and, where a kind has one, `body.html`."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._origin = origin
        self._plain = _environment(folder, escapes=False)
        self._rich = _environment(folder, escapes=True)
        self._without_html: set[str] = set()

    def letter(self, notice: str, context: Mapping[str, Any]) -> Letter:
        """Write a notice; raises `TemplateNotFound` for an unknown kind and `UndefinedError` for a word that is missing."""
        given = {"origin": _Written(self._origin), **context}
        if "link" in given:
            given["link"] = self._link(str(given["link"]))
        subject = self._plain.get_template(f"{notice}/subject.txt").render(given)
        text = self._plain.get_template(f"{notice}/body.txt").render(given)
        html = self._html(notice, given)
        return Letter(one_line(subject)[:LONGEST_SUBJECT], _MANY_LINES.sub("\n\n", text).strip() + "\n", html)

    def _html(self, notice: str, given: Mapping[str, Any]) -> str | None:
        if notice in self._without_html:
            return None
        try:
            return self._rich.get_template(f"{notice}/body.html").render(given)
        except TemplateNotFound:
            self._without_html.add(notice)
            return None

    def _link(self, given: str) -> str:
        """A link as mail needs it: whole, and to this house alone."""
        if given.startswith("/") and not given.startswith("//"):
            return _Written(self._origin + given)
        if not given.startswith(self._origin + "/") or _BLANKS.search(given):
            raise ValueError("a notice links to this house alone")
        return _Written(given)


def _environment(folder: Path, escapes: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=escapes,
        undefined=StrictUndefined,
        finalize=None if escapes else _finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(money=money, when=when, clock=clock, quoted=quoted)
    return made
