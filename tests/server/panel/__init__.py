"""The panel over a running server."""
