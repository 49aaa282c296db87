"""The routes of the way to a final award."""

from __future__ import annotations

from server.pages.decision import lead, letters, public, vendor

ROUTES = [*lead.ROUTES, *vendor.ROUTES, *letters.ROUTES, *public.ROUTES]
