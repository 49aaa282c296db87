"""Opening sealed bids: 1,000 of about 4 KiB, three shares of five, each sealed again, beside the library's own HPKE.

`python -m tests.bench.sealing` prints how many bids a second are opened on one core and on two, and how many HPKE messages of the
same size the library alone opens on one core in the same run. One bid takes three officers' shares: the stricter ratio counts
a bid as one message, the other as the three that were opened for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bidders.sealing import hpke
from bidders.sealing.encoding import V, b64u, canonical, sha256
from bidders.sealing.opening import Due, open_due
from bidders.sealing.packing import Derived, seal

BIDS, ROUNDS, QUORUM, OFFICERS, CORES = 1_000, 5, 3, 5, 2
PAIRS = [hpke.key_pair(bytes([x]) * 32) for x in range(OFFICERS)]
BID = {
    "fields": [
        [f"items/{n}", {"sku": f"MILK-{n:05d}", "qty": "100000", "price": "0.25", "said": "x" * 30}]
        for n in range(38)
    ],
    "note": "",
}


def due(n: int) -> Due:
    """One vendor's envelope, with the shares of three officers."""
    ctx = {
        "v": V,
        "tender": "T",
        "manifest": b64u(bytes(32)),
        "lot": "1",
        "env": "price",
        "vendor": f"v{n}",
        "rev": 1,
    }
    keys, seed = tuple(pk for _, pk in PAIRS), sha256(b"%d" % n)
    sealed = seal(ctx, keys, QUORUM, seed, BID)
    shares = dict(enumerate(Derived(ctx, seed).shares(QUORUM, OFFICERS), 1))
    return Due(sealed.envelope, sealed.body, (), {x: shares[x] for x in (1, 3, 5)}, keys, QUORUM)


def opened(among: Sequence[Due]) -> None:
    """Open every envelope on this core."""
    assert all(open_due(each).result == "opened" for each in among)


def messages() -> Callable[[], None]:
    """As many HPKE messages of a bid's length, to be opened by the library alone."""
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(PAIRS[0][0])
    public = X25519PublicKey.from_public_bytes(PAIRS[0][1])
    sealed = [suite.encrypt(bytes(4096), public, info=b"bench") for _ in range(BIDS)]
    return lambda: [suite.decrypt(each, private, info=b"bench") for each in sealed] and None


def rate(work: Callable[[], object]) -> float:
    """How many of the thousand are done a second."""
    began = perf_counter()
    work()
    return BIDS / (perf_counter() - began)


def main() -> None:
    """Measure in turns and print a table."""
    every, reference = [due(n) for n in range(BIDS)], messages()
    one, two, alone = [], [], []
    with ProcessPoolExecutor(min(CORES, os.cpu_count() or 1)) as pool:
        halves = [every[n::CORES] for n in range(CORES)]
        list(pool.map(opened, halves))
        for _ in range(ROUNDS):
            alone.append(rate(reference))
            one.append(rate(lambda: opened(every)))
            two.append(rate(lambda: list(pool.map(opened, halves))))
    print(f"bids of {len(canonical(BID))} bytes, {QUORUM} of {OFFICERS}, medians of {ROUNDS}")
    print(
        "| bids opened/s | median | HPKE messages opened/s, one core | per message | per bid's three |\n|---|---|---|---|---|"
    )
    for name, rates in (("one core", one), (f"{CORES} cores", two)):
        ratio = median(mine / its for mine, its in zip(rates, alone, strict=True))
        print(
            f"| {name} | {median(rates):,.0f} | {median(alone):,.0f} | {ratio:.3f} | {ratio * QUORUM:.2f} |"
        )


if __name__ == "__main__":
    main()
