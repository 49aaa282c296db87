"""Promises of the solicitation's pages."""
