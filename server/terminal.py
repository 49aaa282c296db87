"""What commands say in the terminal when they cannot do what was asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def complain(faults: Iterable[str]) -> int:
    """Write every fault on a line of its own and return the exit code for bad input."""
    for fault in faults:
        print(fault, file=sys.stderr)
    return 2
