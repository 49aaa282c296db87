"""Vendors' pages of sealed bids: filling in, sealing, sending, receipts, and the kit."""

from server.pages.sealed import bid, offline, rescue, sending

ROUTES = [*bid.ROUTES, *sending.ROUTES, *offline.ROUTES, *rescue.ROUTES]
