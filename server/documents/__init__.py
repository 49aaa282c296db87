"""Documents that go out: spreadsheets and pages to keep."""
