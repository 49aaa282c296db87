"""What imports have in common: taking a file from a form, and showing how far it is and what it came to."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from auction.terms.faults import Fault
from server.demand.jobs import Job
from server.imports.sheet_kinds import LARGEST
from server.pages.answering import Req, page

LARGEST_FORM = LARGEST + 64 * 1024
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AGAIN_S = 1
"""So often a page looks again how far a file is, where there are no scripts."""


async def file_of(request: Req) -> tuple[str, bytes] | None:
    """The form's file; None where none was chosen."""
    given = (await request.form()).get("sheet")
    if not isinstance(given, UploadFile) or not given.filename:
        return None
    return given.filename[:120], await given.read()


NO_FILE = (Fault("File", "none was chosen; choose a CSV or Excel file"),)


def progress(request: Req, job: Job, nav: str, **context: Any) -> Response[str]:
    """Show how far a file is, or what it came to."""
    answer = page(request, "demand/progress.html", nav=nav, job=job, **context)
    if job.step not in ("done", "faulty"):
        answer.headers["refresh"] = str(AGAIN_S)
    return answer


def workbook(body: bytes, name: str) -> Response[bytes]:
    """Send a workbook to be kept."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=SHEET, headers=headers)
