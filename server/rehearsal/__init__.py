"""Rehearsals: a whole event, headless, with a real server, real sockets and simulated vendors, and a strict reckoning."""
