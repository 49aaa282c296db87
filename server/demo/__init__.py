"""The demonstration: a made-up consortium with a past, a present and simulated vendors."""
