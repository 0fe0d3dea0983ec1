"""Random numbers: a stream for each chunk and topic, so that no topic disturbs another."""

from __future__ import annotations

import zlib

import numpy as np


class Streams:
    """The random numbers of one chunk.

    Args:
        seed: of the company.
        chunk: number of the chunk; -1 for what is made once for the whole company.
    """

    def __init__(self, seed: int, chunk: int) -> None:
        self._key = (seed, chunk + 1)

    def of(self, topic: str) -> np.random.Generator:
        """Return the stream of a topic from its beginning."""
        entropy = np.random.SeedSequence([*self._key, zlib.crc32(topic.encode())])
        return np.random.Generator(np.random.Philox(entropy))


def scrambled(numbers: np.ndarray, bits: int) -> np.ndarray:
    """Map whole numbers below 2^bits one to one to others that look random.

    Args:
        numbers: (n) whole numbers.
        bits: up to 62.
    """
    mask = np.uint64((1 << bits) - 1)
    mixed = numbers.astype(np.uint64) & mask
    shift = np.uint64(bits // 2)
    for factor in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        mixed = (mixed * np.uint64(factor)) & mask
        mixed ^= mixed >> shift
    return mixed
