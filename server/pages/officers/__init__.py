"""The officers' console: on its own host, one page for each solicitation with what an officer does about it."""

from server.pages.officers.console import ROUTES as CONSOLE
from server.pages.officers.home import ROUTES as HOME
from server.pages.officers.posting import ROUTES as POSTING
from server.pages.officers.reading import ROUTES as READING

ROUTES = [*HOME, *CONSOLE, *POSTING, *READING]
