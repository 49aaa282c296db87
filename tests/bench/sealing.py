"""Opening sealed bids: 1,000 of about 4 KiB, three officers of five, each sealed again, beside the library's own HPKE.

`python -m tests.bench.sealing` prints how long the whole opening takes, on one core and on two: three officers open their wraps,
the shares are combined, the bid is read, and all five wraps are sealed again. Beside it stands what the library alone takes
on one core in the same run: for opening as many HPKE messages, three for each bid; and for the least that an opening is made of,
three openings and five sealings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import perf_counter
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bidders.sealing import hpke
from bidders.sealing.encoding import V, b64u, canonical, sha256
from bidders.sealing.opening import Due, open_due, wrapped_share
from bidders.sealing.packing import seal

BIDS, ROUNDS, QUORUM, OFFICERS, CORES = 1_000, 5, 3, 5, 2
PAIRS = [hpke.key_pair(bytes([x]) * 32) for x in range(OFFICERS)]
KEYS, SEATS = tuple(pk for _, pk in PAIRS), (1, 3, 5)
SECRETS = {x: X25519PrivateKey.from_private_bytes(PAIRS[x - 1][0]) for x in SEATS}
BID = {
    "fields": [
        [f"items/{n}", {"sku": f"MILK-{n:05d}", "qty": "100000", "price": "0.25", "said": "x" * 30}]
        for n in range(38)
    ],
    "note": "",
}


Sealed = tuple[dict[str, Any], bytes]
"""One vendor's envelope and its sealed body."""


def sealed(n: int) -> Sealed:
    """One vendor's bid, sealed."""
    ctx = {
        "v": V,
        "tender": "T",
        "manifest": b64u(bytes(32)),
        "lot": "1",
        "env": "price",
        "vendor": f"v{n}",
        "rev": 1,
    }
    made = seal(ctx, KEYS, QUORUM, sha256(b"%d" % n), BID)
    return made.envelope, made.body


def opened(among: Sequence[Sealed]) -> None:
    """Open every envelope on this core, the officers' part and the server's."""
    for envelope, body in among:
        shares = {x: share for x in SEATS if (share := wrapped_share(envelope, x, SECRETS[x])) is not None}
        assert open_due(Due(envelope, body, (), shares, KEYS, QUORUM)).result == "opened"


SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def messages(made: int = 0) -> Callable[[], None]:
    """Three HPKE messages of a share's length for each bid, to be opened by the library alone; and `made` to be sealed."""
    private = X25519PrivateKey.from_private_bytes(PAIRS[0][0])
    public = X25519PublicKey.from_public_bytes(PAIRS[0][1])
    wraps = [SUITE.encrypt(bytes(32), public, info=b"bench") for _ in range(BIDS * QUORUM)]

    def work() -> None:
        for each in wraps:
            SUITE.decrypt(each, private, info=b"bench")
        for _ in range(made * BIDS):
            SUITE.encrypt(bytes(32), public, info=b"bench")

    return work


def seconds(work: Callable[[], object]) -> float:
    """How long the thousand take."""
    began = perf_counter()
    work()
    return perf_counter() - began


def main() -> None:
    """Measure in turns and print a table."""
    every, reference, least = [sealed(n) for n in range(BIDS)], messages(), messages(OFFICERS)
    taken: dict[str, list[float]] = {"reference": [], "least": [], "one core": [], f"{CORES} cores": []}
    with ProcessPoolExecutor(min(CORES, os.cpu_count() or 1)) as pool:
        halves = [every[n::CORES] for n in range(CORES)]
        list(pool.map(opened, halves))
        for _ in range(ROUNDS):
            taken["reference"].append(seconds(reference))
            taken["least"].append(seconds(least))
            taken["one core"].append(seconds(lambda: opened(every)))
            taken[f"{CORES} cores"].append(seconds(lambda: list(pool.map(opened, halves))))
    print(f"{BIDS} bids of {len(canonical(BID))} bytes, {QUORUM} of {OFFICERS}, medians of {ROUNDS}")
    print(
        "| the whole opening | s | as many HPKE openings, s | rate, of theirs | openings and sealings, s | rate, of theirs |"
    )
    print("|---|---|---|---|---|---|")
    for name in ("one core", f"{CORES} cores"):
        alone, floor = ratio(taken, "reference", name), ratio(taken, "least", name)
        print(
            f"| {name} | {median(taken[name]):.2f} | {median(taken['reference']):.2f} | {alone:.2f} "
            f"| {median(taken['least']):.2f} | {floor:.2f} |"
        )


def ratio(taken: dict[str, list[float]], theirs: str, ours: str) -> float:
    """The rate of what is ours, in the rate of what is the library's alone."""
    return median(other / mine for other, mine in zip(taken[theirs], taken[ours], strict=True))


if __name__ == "__main__":
    main()
