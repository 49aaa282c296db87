"""The database's tables beside the journal: people, files, and read models that can be made anew."""

from server.tables.accounts import FactorRow, InvitationRow, LinkRow, PlaceRow, RecoveryRow
from server.tables.base import EPOCH, MICROSECOND, Base, Instant, Meta
from server.tables.calendar import CalendarRow
from server.tables.demand import (
    CallDistrictRow,
    CallRow,
    ItemRow,
    LotItemRow,
    LotRow,
    NeedRow,
    RollupRow,
)
from server.tables.events import EventRow
from server.tables.files import FileLink, FileRow
from server.tables.notices import ChoiceRow, FollowRow, NoticeRow
from server.tables.officers import OfficerAsk, OfficerLock
from server.tables.people import DistrictMember, Membership, Organisation, Person, SessionRow
from server.tables.prices import AwardRow, BoughtRow, ListRow, PriceLineRow, PriceNeedRow, SavingRow
from server.tables.projections import Cursor
from server.tables.sealed import SealedBlob
from server.tables.vendors import (
    FiledSchedule,
    ScheduleDraft,
    ScheduleDraftLine,
    TakingPart,
    VendorContact,
    VendorTax,
)

__all__ = [
    "RollupRow",
    "NeedRow",
    "LotRow",
    "LotItemRow",
    "ItemRow",
    "CallRow",
    "CallDistrictRow",
    "EPOCH",
    "MICROSECOND",
    "AwardRow",
    "Base",
    "BoughtRow",
    "ChoiceRow",
    "CalendarRow",
    "Cursor",
    "DistrictMember",
    "EventRow",
    "FactorRow",
    "FileLink",
    "FileRow",
    "FollowRow",
    "FiledSchedule",
    "Instant",
    "InvitationRow",
    "LinkRow",
    "ListRow",
    "Membership",
    "Meta",
    "NoticeRow",
    "OfficerAsk",
    "OfficerLock",
    "Organisation",
    "Person",
    "PlaceRow",
    "PriceLineRow",
    "PriceNeedRow",
    "RecoveryRow",
    "ScheduleDraft",
    "ScheduleDraftLine",
    "SavingRow",
    "SealedBlob",
    "SessionRow",
    "TakingPart",
    "VendorContact",
    "VendorTax",
]
