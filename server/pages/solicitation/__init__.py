"""A solicitation's pages: writing it, having it approved, publishing it, and changing it by addenda."""
