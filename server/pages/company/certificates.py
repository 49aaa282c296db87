"""A company's certificates, each with its file; those in whose events it takes part may read them."""

from __future__ import annotations

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.terms.faults import Fault, Faulty
from bidders import certificates
from bidders.certificates import Certificate
from bidders.registry import AddCertificate, RemoveCertificate
from server.companies import company, consortia, open_files
from server.files import LARGEST
from server.pages.answering import Req, plain
from server.pages.company.showing import carried_out, mine, show

FORM_AROUND = 64 * 1024


@post(
    "/company/certificates",
    opt={"may": "manage company"},
    status_code=200,
    request_max_body_size=LARGEST + FORM_AROUND,
)
async def add(request: Req) -> Response[str]:
    """Show a certificate."""
    parts, identity, _ = mine(request)
    form = await request.form()
    names = ("kind", "number", "issuer", "issued", "expires")
    said = {name: str(form.get(name, "")).strip()[:130] for name in names}
    given = Certificate(id=f"c-{parts.random(8).hex()}", **said)
    found, file = list(certificates.faults(given)), form.get("file")
    document = None
    if isinstance(file, UploadFile) and file.filename:
        try:
            document = await parts.files.keep(file.filename, await file.read())
        except Faulty as bad:
            found += [Fault("file", each.message) for each in bad.faults]
    else:
        found.append(Fault("file", "is needed: attach the certificate"))
    if found or document is None:
        return await show(request, form=said, part="certificates", faults=found)
    given = Certificate(id=given.id, **said, file=document.hash, file_name=document.name)
    order = AddCertificate(by=identity.person_id, certificate=given)
    answer = await carried_out(request, order, "The certificate is shown.", said, "certificates")
    vendor = identity.organisation_id
    await open_files(parts, vendor, await consortia(parts, vendor))
    return answer


@post("/company/certificates/{certificate_id:str}/remove", opt={"may": "manage company"}, status_code=200)
async def remove(request: Req, certificate_id: FromPath[str]) -> Response[str]:
    """Take a certificate out; that it was shown stays on record."""
    parts, identity, _ = mine(request)
    if certificate_id not in company(parts, identity.organisation_id).certificates:
        raise plain(404, "There is no such certificate.")
    order = RemoveCertificate(by=identity.person_id, certificate=certificate_id)
    return await carried_out(request, order, "The certificate is taken out.", {}, "certificates")


ROUTES = [add, remove]
