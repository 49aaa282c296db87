"""Published tenders from elsewhere, read into drafts."""
