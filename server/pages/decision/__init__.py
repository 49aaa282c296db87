"""Pages of the way from a recommendation to a final award: the lead's, each bidder's, and the public's."""
