"""The roles that people have, and in which kind of organisation each is held."""

from __future__ import annotations

KINDS = ("consortium", "district", "vendor")
ROLES = {
    "admin": "consortium",
    "lead": "consortium",
    "second": "consortium",
    "evaluator": "consortium",
    "auditor": "consortium",
    "buyer": "district",
    "owner": "vendor",
    "signer": "vendor",
    "preparer": "vendor",
}
"""Each role with the kind of organisation that it is held in."""
NAMES = {
    "admin": "Administrator",
    "lead": "Procurement lead",
    "second": "Second lead",
    "evaluator": "Evaluator",
    "auditor": "Auditor",
    "buyer": "District buyer",
    "owner": "Owner",
    "signer": "Signer",
    "preparer": "Preparer",
}
"""Each role as people say it."""
