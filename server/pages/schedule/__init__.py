"""A vendor's line schedules: priced line by line, kept as a draft, signed and filed."""

from server.pages.schedule.bringing import ROUTES as BRINGING
from server.pages.schedule.overview import ROUTES as OVERVIEW
from server.pages.schedule.saving import ROUTES as SAVING
from server.pages.schedule.sheet import ROUTES as SHEET
from server.pages.schedule.signing import ROUTES as SIGNING

ROUTES = [*OVERVIEW, *SHEET, *SAVING, *BRINGING, *SIGNING]
