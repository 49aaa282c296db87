"""What a member of a tender is, in plain words, for the list of what could not be mapped."""

from __future__ import annotations

import re

from server.imports.reading import Number

WORDS = {
    "additionalClassifications": "further classifications",
    "address": "an address",
    "amendments": "amendments to the tender",
    "auctionPeriod": "when the auction was held; the times are chosen when the event is published",
    "auctionUrl": "the address of the auction there",
    "auctions": "the auctions held there",
    "awardCriteria": "how the award was decided there; the draft ranks by price",
    "awardCriteriaDetails": "how the award was decided there, in words",
    "awardPeriod": "when the award was to be made",
    "awards": "awards that were made",
    "bid_id": "which bid it was",
    "bids": "bids that were made there",
    "bidOpening": "when and where the bids were opened",
    "cancellations": "cancellations",
    "classification": "a classification",
    "complaintPeriod": "when complaints could be made",
    "complaints": "complaints that were made",
    "contactPoint": "whom to ask",
    "contractID": "the number of a contract",
    "contractPeriod": "how long the contract was to run",
    "contracts": "contracts that were signed; of them only unit prices are taken, as baselines",
    "criteria": "criteria for bidders; qualification is decided by the lead",
    "code": "a code",
    "date": "when this was made or last changed there",
    "dateCreated": "when this was made there",
    "dateModified": "when this was last changed there",
    "deliveryAddress": "where to deliver",
    "deliveryDate": "when to deliver",
    "deliveryLocation": "where to deliver",
    "description": "a description",
    "documents": "attached documents",
    "enquiryPeriod": "when questions could be asked",
    "extensions": "the extensions of the standard that the publisher uses",
    "features": "features that were weighed beside the price; the draft ranks by price",
    "guarantee": "a guarantee that bidders had to give",
    "hasEnquiries": "whether questions were asked",
    "id": "its id there",
    "identifier": "an official identifier",
    "initiationType": "how the procurement began",
    "items": "items",
    "kind": "the kind of organisation",
    "language": "the language of the file",
    "legalName": "a legal name",
    "license": "the licence of the file",
    "lotID": "which lot it was",
    "lotGroups": "lots that could be bid on together",
    "lotValues": "the prices that were bid for each lot",
    "mainProcurementCategory": "goods, works or services",
    "memberOf": "which organisations it is a member of",
    "milestones": "milestones",
    "minValue": "the lowest estimated value",
    "minimalStep.amount": "a smallest step; a draft has one step for all its lots",
    "minimalStep": "a smallest step; a draft has one step for all its lots",
    "mode": "whether the tender was a test",
    "numberOfTenderers": "how many bid",
    "ocid": "the number of the whole procurement",
    "owner": "the platform it was made on",
    "packages": "where the releases were published",
    "parties": "an organisation",
    "planning": "what was planned before the tender",
    "plans": "what was planned before the tender",
    "procurementMethod": "how open the procedure was; the draft is an English reverse auction",
    "procurementMethodRationale": "why the procedure was chosen",
    "procurementMethodDetails": "the procedure, in words; the draft is an English reverse auction",
    "procurementMethodType": "the kind of procedure; the draft is an English reverse auction",
    "publisher": "who published the file",
    "publishedDate": "when the file was published",
    "publicationPolicy": "how the publisher publishes",
    "qualificationPeriod": "when bidders were examined",
    "questions": "questions and answers",
    "relatedProcesses": "related procurements",
    "requirementResponses": "what bidders answered to the criteria",
    "scheme": "the scheme of an id",
    "scale": "the size of the organisation",
    "status": "the status there; a draft begins anew",
    "submissionMethod": "how bids were handed in",
    "submissionMethodDetails": "how bids were handed in, in words",
    "submissionTerms": "terms for handing in bids",
    "tag": "the stage of the procurement",
    "techniques": "framework agreements and other techniques",
    "tenderPeriod": "when bids were taken; the times are chosen when the event is published",
    "tenderers": "who bid",
    "unit.code": "the unit's code",
    "unit.id": "the unit's code",
    "unit.value": "an estimated unit price; a baseline is the price last paid, so none was made of it",
    "title": "a title",
    "uri": "an address on the web",
    "url": "an address on the web",
    "value": "a value",
    "value.amount": "a value; a lot's ceiling is that lot's own value",
    "value.currency": "the currency of a value that was not taken",
    "valueAddedTaxIncluded": "whether value added tax is included; a draft does not say",
}
LANGUAGE = re.compile(r"(\w+)_(en|ru|uk|es|fr|de|pt|ro|ka)")


def words_for(path: str, value: object) -> str:
    """Say what stands at a path, by its name and that of the object around it, else by the value itself."""
    names = re.sub(r"\[\d+\]", "", path).split(".")
    known = WORDS.get(".".join(names[-2:])) or WORDS.get(names[-1])
    return known or ("a translation" if LANGUAGE.fullmatch(names[-1]) else _by_kind(value))


def _by_kind(value: object) -> str:
    kinds = {bool: "a yes or no", Number: "a number", str: "a text", list: "a list"}
    if isinstance(value, dict):
        return "an object with " + ", ".join(str(name)[:40] for name in list(value)[:4])
    return kinds.get(type(value), "a value")
