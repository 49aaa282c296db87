"""Evaluations on the command line: a case in a file, one JSON object out, or every fault with its place."""
