"""From a recommendation to a final award: a board decides, every bidder is told, and protests are heard first."""
