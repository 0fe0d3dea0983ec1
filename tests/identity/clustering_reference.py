"""Components and constrained clusters the plain way, to hold the SQL against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


class UnionFind:
    """Sets of ids; each is named by its smallest."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {name: name for name in ids}

    def find(self, name: str) -> str:
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def union(self, left: str, right: str) -> None:
        first, second = sorted((self.find(left), self.find(right)), key=str.encode)
        self._parent[second] = first


def components(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the smallest id of what each id is linked with."""
    names = list(ids)
    sets = UnionFind(names)
    for left, right in pairs:
        sets.union(left, right)
    return {name: sets.find(name) for name in names}


def clusters(
    tax_ids: Mapping[str, str | None], links: Iterable[tuple[str, str, float]]
) -> dict[str, str]:
    """Take links one after the other, best first; refuse what brings two tax ids together.

    Args:
        tax_ids: of each record.
        links: left, right, strength.

    Returns:
        The smallest record of the cluster of each record.
    """
    sets = UnionFind(tax_ids)
    held: dict[str, set[str]] = defaultdict(set)
    for record, tax_id in tax_ids.items():
        if tax_id is not None:
            held[record].add(tax_id)
    order = sorted(links, key=lambda link: (-link[2], link[0].encode(), link[1].encode()))
    for left, right, _ in order:
        first, second = sets.find(left), sets.find(right)
        together = held[first] | held[second]
        if first != second and len(together) < 2:
            sets.union(first, second)
            held[sets.find(first)] = together
    return {record: sets.find(record) for record in tax_ids}
