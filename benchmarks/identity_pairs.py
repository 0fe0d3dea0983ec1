"""How good links are: pairs of records brought together against the truth, chains included."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of pairs, persons exactly right, records in the largest cluster."""

    precision: float
    recall: float
    f1: float
    exact_count: int
    person_count: int
    largest: int


def score(links: Iterable[tuple[str, str]], truth: Mapping[str, Hashable]) -> Score:
    """Close the links and compare the clusters with the persons."""
    return score_clusters(closed(links, truth), truth)


def score_clusters(cluster_of: Mapping[str, Hashable], truth: Mapping[str, Hashable]) -> Score:
    """Compare clusters with persons; records without a known person are left out."""
    clusters, persons = defaultdict(set), defaultdict(set)
    for record, person in truth.items():
        clusters[cluster_of[record]].add(record)
        persons[person].add(record)
    together = Counter((cluster_of[record], person) for record, person in truth.items())
    found = sum(map(_pairs, map(len, clusters.values())))
    real = sum(map(_pairs, map(len, persons.values())))
    right = sum(map(_pairs, together.values()))
    precision = right / found if found else 1.0
    recall = right / real if real else 1.0
    exact = {frozenset(one) for one in clusters.values()} & set(map(frozenset, persons.values()))
    return Score(
        precision,
        recall,
        2 * precision * recall / (precision + recall) if right else 0.0,
        len(exact),
        len(persons),
        max(map(len, clusters.values()), default=0),
    )


def closed(links: Iterable[tuple[str, str]], records: Iterable[str]) -> dict[str, str]:
    """Put what is linked, over however many others, into one cluster."""
    parent = {record: record for record in records}

    def root(record: str) -> str:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for left, right in links:
        if left in parent and right in parent:
            parent[root(left)] = root(right)
    return {record: root(record) for record in parent}


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
