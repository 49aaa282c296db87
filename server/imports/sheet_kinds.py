"""What kind of file was given, whatever its name says, and a text file's bytes as text."""

from __future__ import annotations

import io
import zipfile

from server.imports.sheet_words import refuse

LARGEST = 50 * 1024 * 1024
"""Bytes that a spreadsheet may weigh."""
SAVE_AS = "save it as an Excel workbook (.xlsx) or as CSV UTF-8"
BEGINNINGS: dict[bytes, str] = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an Excel file of the old kind (.xls) or one with a password",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a packed file (gzip)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"Rar!": "a packed file (RAR)",
    b"{\\rtf": "a text document (RTF)",
}
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml")
WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def is_workbook(name: str, body: bytes) -> bool:
    """Tell a workbook from a text file; raises `Faulty` for anything else, and where name and content do not agree."""
    if len(body) > LARGEST:
        refuse(name, f"is larger than {LARGEST // 1024 // 1024} MB; split it into several files")
    if not body.strip(b" \t\r\n\0"):
        refuse(name, "is empty; save or export it again")
    for begins, kind in BEGINNINGS.items():
        if body.startswith(begins):
            refuse(name, f"is {kind}; {SAVE_AS}")
    if body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        refuse(name, f"is a web page or XML, whatever its name says; open it and {SAVE_AS}")
    packed, ending = body.startswith(b"PK"), name.lower().rpartition(".")[2]
    if packed:
        _a_workbook(name, body)
        if ending in ("csv", "txt", "tsv"):
            refuse(name, f"is called .{ending} but is an Excel workbook; give it the ending .xlsx")
    elif ending in ("xlsx", "xlsm", "xls", "ods"):
        refuse(name, f"is called .{ending} but is a text file; give it the ending .csv, or {SAVE_AS}")
    return packed


def _a_workbook(name: str, body: bytes) -> None:
    """Look into a packed file for what it is."""
    try:
        inside = set(zipfile.ZipFile(io.BytesIO(body)).namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        refuse(name, "is damaged: it cannot be unpacked; save or download it again")
    if "xl/vbaProject.bin" in inside:
        refuse(name, "holds macros (.xlsm); save it as an Excel workbook without macros (.xlsx)")
    if "xl/workbook.xml" not in inside:
        kind = "a text document" if "word/document.xml" in inside else "a packed file of another kind"
        kind = "an OpenDocument file" if "mimetype" in inside else kind
        kind = "a binary Excel workbook (.xlsb)" if "xl/workbook.bin" in inside else kind
        refuse(name, f"is {kind}; {SAVE_AS}")


def decoded(name: str, body: bytes) -> tuple[str, str]:
    """Read bytes as text and name the encoding found; raises `Faulty` where there is none that fits."""
    if body.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        refuse(name, "is UTF-32; save it as CSV UTF-8")
    wide = WIDE.get(body[:2]) or _unmarked(body)
    if wide is not None:
        return _strictly(name, body, wide).removeprefix("\ufeff"), "UTF-16"
    if b"\0" in body:
        refuse(name, f"is not a text file (it holds null bytes); {SAVE_AS}")
    try:
        return body.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _strictly(name, body, "cp1252"), "Windows-1252"


def _unmarked(body: bytes) -> str | None:
    """UTF-16 without its mark shows itself by every second byte being null."""
    head = body[: 2 * (min(len(body), 400) // 2)]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > len(head) * 0.4:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) * 0.4 else None


def _strictly(name: str, body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        refuse(name, f"is in an encoding that cannot be told (line {line:,}); save it as CSV UTF-8")
