"""The last checkpoint, kept outside the database: what was published is not forgotten when a database is put back."""

from __future__ import annotations

import os
from pathlib import Path


class Outside:
    """A file that holds the last published checkpoint."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> bytes | None:
        """What was kept; None where nothing was."""
        return self.path.read_bytes() if self.path.exists() else None

    def keep(self, written: str) -> None:
        """Replace it, whole and durably; raises `OSError`."""
        part = self.path.with_name(f"{self.path.name}.part")
        with part.open("w", encoding="utf-8") as out:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        part.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
