"""The opening of sealed bids: its public page, the lead's page, the notice, the tabulation as files, and what there is to do."""
