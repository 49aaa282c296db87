"""Accounts and organisations: who belongs where, and how people get in, stay safe, and leave."""
