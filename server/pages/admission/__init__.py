"""Taking part: vendors ask, leads invite, admit, decline and withdraw, until the event opens."""

from server.pages.admission.deciding import ROUTES as DECIDING
from server.pages.admission.looking import ROUTES as LOOKING
from server.pages.admission.take_part import ROUTES as TAKE_PART

ROUTES = [*TAKE_PART, *LOOKING, *DECIDING]
