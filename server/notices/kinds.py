"""The kinds of notices about events, and which of them each person may choose."""

from __future__ import annotations

from datetime import timedelta

import msgspec

VENDOR, CONSORTIUM, DISTRICT = "vendor", "consortium", "district"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of notice: what it tells, to people of which kinds of organisations, and whether it can be switched off.

    `gathered` kinds tell of one thing at most once in `GATHERED`; `each` may be chosen for single events.
    """

    title: str
    words: str
    readers: tuple[str, ...]
    binding: bool = False
    wanted: bool = True
    gathered: bool = False
    each: bool = False


GATHERED = timedelta(minutes=10)
"""How long a gathered kind keeps still about the same thing, after it has told of it once."""
KINDS: dict[str, Kind] = {
    "addendum": Kind(
        title="An addendum was issued",
        words="What a published event asks for has changed, and bids wait until you have acknowledged it.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
        binding=True,
    ),
    "question_answered": Kind(
        title="Questions were answered",
        words="Answers go to everybody who takes part or follows, at the same instant.",
        readers=(VENDOR, DISTRICT),
        binding=True,
    ),
    "question_declined": Kind(
        title="Your question was not answered",
        words="With the reason, to the company that asked.",
        readers=(VENDOR,),
        binding=True,
    ),
    "question_asked": Kind(
        title="Somebody asked a question",
        words="A question about one of your events waits for its answer.",
        readers=(CONSORTIUM,),
        gathered=True,
    ),
    "sealed_alarm": Kind(
        title="An attempt to reach sealed bids was refused",
        words="Administrators and auditors look into it.",
        readers=(CONSORTIUM,),
        binding=True,
    ),
    "invited": Kind(
        title="You are invited to an event",
        words="A consortium asks your company to take part.",
        readers=(VENDOR,),
        binding=True,
    ),
    "vendor_asked": Kind(
        title="A vendor asks to take part",
        words="It waits to be admitted to one of your events.",
        readers=(CONSORTIUM,),
        gathered=True,
    ),
    "declined": Kind(
        title="Your company is not admitted",
        words="With the reason.",
        readers=(VENDOR,),
        binding=True,
    ),
    "admitted": Kind(
        title="You are admitted",
        words="Your company may take part in an event.",
        readers=(VENDOR,),
        binding=True,
    ),
    "withdrawn": Kind(
        title="Your admission was withdrawn",
        words="With the reason.",
        readers=(VENDOR,),
        binding=True,
    ),
    "schedule_lapsed": Kind(
        title="A schedule has to be filed again",
        words="What your company filed no longer counts, because the terms changed.",
        readers=(VENDOR,),
        binding=True,
    ),
    "event_starts": Kind(
        title="An event opens",
        words="The first lot takes bids now.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
    ),
    "outbid": Kind(
        title="You no longer lead a lot",
        words="Where the event's rules let you know your rank. At most once in ten minutes for each lot.",
        readers=(VENDOR,),
        wanted=False,
        gathered=True,
        each=True,
    ),
    "extended": Kind(
        title="A lot closes later",
        words="Its close moved, by a late bid or by the host. At most once in ten minutes for each lot.",
        readers=(VENDOR,),
        gathered=True,
    ),
    "closed": Kind(
        title="An event has ended",
        words="Its last lot is over.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
    ),
    "bids_due": Kind(
        title="Sealed bids are due soon",
        words="A day before, to all who take part or follow, whether or not they have bid.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
    ),
    "opening_soon": Kind(
        title="Sealed bids are opened soon",
        words="Two hours before, to who opens them and who follows.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
    ),
    "bids_closed": Kind(
        title="Sealed bids are closed",
        words="With when they are opened.",
        readers=(CONSORTIUM, VENDOR, DISTRICT),
    ),
    "bids_opened": Kind(
        title="Sealed bids were opened",
        words="With the tabulation: who asked for how much.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
    ),
    "cancelled": Kind(
        title="An event was cancelled",
        words="With the reason.",
        readers=(VENDOR, CONSORTIUM, DISTRICT),
        binding=True,
    ),
    "panel_assigned": Kind(
        title="You are put on a panel",
        words="Sign your statement on conflicts of interest before you see a bid.",
        readers=(CONSORTIUM,),
        binding=True,
    ),
    "scoring_begun": Kind(
        title="The panel begins to score",
        words="Your sheet waits for you.",
        readers=(CONSORTIUM,),
        binding=True,
    ),
    "scores_locked": Kind(
        title="The scores of a panel are final",
        words="They stand beside each other, with the names of the bidders.",
        readers=(CONSORTIUM,),
    ),
    "intent": Kind(
        title="A consortium tells what it intends to award",
        words="With your own result and the chosen vendor's, and until when you may protest.",
        readers=(VENDOR,),
        binding=True,
    ),
    "protest_filed": Kind(
        title="A bidder protests an award",
        words="It waits for its decision.",
        readers=(CONSORTIUM,),
        binding=True,
    ),
    "protest_withdrawn": Kind(
        title="A protest was taken back",
        words="With the reason.",
        readers=(CONSORTIUM,),
    ),
    "protest_decided": Kind(
        title="A protest was decided",
        words="With the reasons, to all bidders of the lot.",
        readers=(VENDOR, CONSORTIUM),
        binding=True,
    ),
    "set_aside": Kind(
        title="A decision was set aside",
        words="With the reason; the lot is decided on anew.",
        readers=(VENDOR, CONSORTIUM),
        binding=True,
    ),
    "awarded": Kind(
        title="You are awarded a lot",
        words="With your own total.",
        readers=(VENDOR,),
        binding=True,
    ),
    "not_awarded": Kind(
        title="A lot that you bid on went to another vendor",
        words="With where the award and its reason can be read.",
        readers=(VENDOR,),
        binding=True,
    ),
    "prices_ready": Kind(
        title="There are new prices to order at",
        words="A lot that your district stated needs for is awarded.",
        readers=(DISTRICT,),
        gathered=True,
    ),
}
"""Every kind of notice about events, in the order in which people see them."""
