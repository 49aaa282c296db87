"""Tests of accounts and organisations."""
