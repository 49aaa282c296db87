"""Backups: everything that cannot be made again, in one file that only the backup key opens."""
