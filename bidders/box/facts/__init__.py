"""What can happen to a bid box, in the public log's own shape, and what is only ours.

Hashes, keys and signatures are base64url texts; an officer is `o` and its seat number, a vendor its id.
"""

from bidders.box.facts.bids import (
    BidAcknowledged,
    BidReceived,
    BidRefused,
    BidResupplied,
    BidWithdrawn,
    BoxClosed,
)
from bidders.box.facts.committee import (
    AddendumLogged,
    AddendumSigned,
    BoxCancelled,
    Cancelled,
    ManifestFixed,
    OfficerAccepted,
    OfficerHealth,
    OfficerKeyed,
    OfficerRewrapped,
    Published,
    SeatTaken,
)
from bidders.box.facts.opening import (
    BidOpened,
    BidRead,
    BidUnopenable,
    BoxOver,
    MeetingStarted,
    OfficerCalled,
    OpeningBidRead,
    OpeningFinished,
    OpeningRescue,
    ReleaseReceived,
    RescueRevealed,
    SharesCounted,
    StagePassed,
    StageProposed,
    VendorsNamed,
    WitnessNamed,
)
from bidders.box.facts.parts import (
    SERVER,
    Close,
    Listed,
    Outcome,
    Read,
    Sig,
    Turned,
    Verdict,
    Witness,
)

__all__ = [
    "AddendumLogged",
    "AddendumSigned",
    "BidAcknowledged",
    "BidOpened",
    "BidRead",
    "BidReceived",
    "BidRefused",
    "BidResupplied",
    "BidUnopenable",
    "BidWithdrawn",
    "BoxCancelled",
    "BoxClosed",
    "BoxEvent",
    "BoxOver",
    "Cancelled",
    "Close",
    "Listed",
    "ManifestFixed",
    "MeetingStarted",
    "OfficerAccepted",
    "OfficerCalled",
    "OfficerHealth",
    "OfficerKeyed",
    "OfficerRewrapped",
    "OpeningBidRead",
    "OpeningFinished",
    "OpeningRescue",
    "Outcome",
    "Published",
    "Read",
    "ReleaseReceived",
    "RescueRevealed",
    "SERVER",
    "SeatTaken",
    "SharesCounted",
    "Sig",
    "StagePassed",
    "StageProposed",
    "Turned",
    "VendorsNamed",
    "Verdict",
    "Witness",
    "WitnessNamed",
]

BoxEvent = (
    OfficerKeyed
    | ManifestFixed
    | OfficerAccepted
    | OfficerHealth
    | OfficerRewrapped
    | SeatTaken
    | Published
    | AddendumLogged
    | AddendumSigned
    | Cancelled
    | BoxCancelled
    | BidReceived
    | BidAcknowledged
    | BidWithdrawn
    | BidRefused
    | BidResupplied
    | BoxClosed
    | MeetingStarted
    | WitnessNamed
    | ReleaseReceived
    | SharesCounted
    | OfficerCalled
    | BidUnopenable
    | OpeningRescue
    | RescueRevealed
    | BidOpened
    | OpeningFinished
    | VendorsNamed
    | BidRead
    | StageProposed
    | StagePassed
    | BoxOver
    | OpeningBidRead
)
