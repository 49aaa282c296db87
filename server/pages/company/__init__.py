"""A vendor's own company: its facts, its tax number, its contacts and its certificates."""

from server.pages.company.certificates import ROUTES as CERTIFICATES
from server.pages.company.contacts import ROUTES as CONTACTS
from server.pages.company.facts import ROUTES as FACTS

ROUTES = [*FACTS, *CONTACTS, *CERTIFICATES]
