"""Tests of the server: its desk, its journal, its halls and its pages."""
