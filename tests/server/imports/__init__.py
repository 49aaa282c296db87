"""Published tenders become drafts, or are refused with every fault."""
