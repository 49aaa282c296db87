"""The pages of demand: the catalog, calls for needs, a district's needs, the roll-up and the lots."""

from server.pages.demand import (
    benefit,
    calls,
    catalog,
    catalog_import,
    lines,
    lot_changes,
    lots,
    needs,
    needs_import,
    rolled,
)

ROUTES = [
    *catalog.ROUTES,
    *catalog_import.ROUTES,
    *calls.ROUTES,
    *rolled.ROUTES,
    *benefit.ROUTES,
    *lots.ROUTES,
    *lot_changes.ROUTES,
    *needs.ROUTES,
    *needs_import.ROUTES,
    *lines.ROUTES,
]
