"""Every route of the price book, of contracts, shopping lists and savings."""

from __future__ import annotations

from server.pages.prices import book, line, list_acts, lists, savings

ROUTES = [*book.ROUTES, *line.ROUTES, *lists.ROUTES, *list_acts.ROUTES, *savings.ROUTES]
