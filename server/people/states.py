"""The states, by the code that stands for each of them in a profile and in a jurisdiction."""

from __future__ import annotations

from server.parts import Parts

NAMED = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,
FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,
MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,
NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,
PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,
VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming
"""
STATES = {
    f"US-{each.strip()[:2]}": each.strip()[3:] for each in NAMED.replace("\n", "").split(",") if each.strip()
}
"""Each state's code with its name."""


def offered(parts: Parts, present: str = "") -> dict[str, str]:
    """The states to choose from; a made-up one only in a demonstration, or where it was chosen before."""
    made_up = {
        code: law.name
        for code, law in parts.jurisdictions.items()
        if law.fictional and (parts.known.demo or code == present)
    }
    return STATES | made_up


def on_record(parts: Parts) -> list[str]:
    """The states whose law is on record, so that there may be events."""
    return [law.name for law in parts.jurisdictions.values() if not law.fictional or parts.known.demo]


ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic, Puerto Rico",
}
"""Each zone that a consortium's times may be given in, as people say it."""
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""The months in their order; a fiscal year begins with one of them."""
