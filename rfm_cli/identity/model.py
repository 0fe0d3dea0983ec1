"""The learned model: a few hundred numbers that go into one JSON file and come out the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from rfm_cli.identity.comparisons import COMPARISONS, NAMESAKES, RELATIVES, TERM_COLUMNS
from rfm_cli.identity.errors import ModelUnusable

_FORMAT = 2


@dataclass(frozen=True)
class Shares:
    """How often a step of a comparison is met.

    Attributes:
        m: share among pairs of one person.
        u: share among random pairs.
    """

    m: float
    u: float


@dataclass(frozen=True)
class Terms:
    """How common the values of a column are, as a share of the records that have one.

    Attributes:
        common: the share of each common value.
        other: the share of any other value.
    """

    common: dict[str, float]
    other: float


@dataclass(frozen=True)
class IdentityModel:
    """What training came to. Two records get the same score from it whoever else is there.

    Attributes:
        record_count: the records it was trained on.
        match_probability: that two random records are of one person.
        relatives_per_match: pairs of relatives at one address for each pair of one person there.
        relatives: how often two persons of one household are on a step, by comparison and by the
            evidence of the step.
        namesakes: how often two persons of one name are on a step of the e-mail, by its evidence.
        shares: by comparison and by the evidence of the step.
        terms: by column.
    """

    record_count: int
    match_probability: float
    relatives_per_match: float
    relatives: dict[str, dict[str, float]]
    namesakes: dict[str, float]
    shares: dict[str, dict[str, Shares]]
    terms: dict[str, Terms]

    def to_json(self) -> str:
        """Write the model as JSON: the same model, the same text."""
        content = {
            "format": _FORMAT,
            "comparisons": _fingerprint(),
            "record_count": self.record_count,
            "match_probability": self.match_probability,
            "relatives_per_match": self.relatives_per_match,
            "relatives": self.relatives,
            "namesakes": self.namesakes,
            "shares": {
                name: {step: {"m": one.m, "u": one.u} for step, one in steps.items()}
                for name, steps in self.shares.items()
            },
            "terms": {
                name: {"other": one.other, "common": dict(sorted(one.common.items()))}
                for name, one in self.terms.items()
            },
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> IdentityModel:
        """Read a model.

        Raises:
            ModelUnusable: the text is no model, or one that compares records in another way.
        """
        try:
            content = json.loads(text)
            made_for = (content["format"], content["comparisons"])
        except (ValueError, KeyError, TypeError) as error:
            raise ModelUnusable("it is not a model of identity links") from error
        if made_for != (_FORMAT, _fingerprint()):
            raise ModelUnusable("it was learned by another version of rfm")
        try:
            return cls(
                record_count=int(content["record_count"]),
                match_probability=_probability(content["match_probability"]),
                relatives_per_match=_positive(content["relatives_per_match"]),
                relatives={
                    name: {step: _probability(content["relatives"][name][step]) for step in steps}
                    for name, steps in RELATIVES.items()
                },
                namesakes={step: _probability(content["namesakes"][step]) for step in NAMESAKES},
                shares={
                    comparison.name: {
                        level.evidence: _shares(content["shares"][comparison.name][level.evidence])
                        for level in comparison.levels
                    }
                    for comparison in COMPARISONS
                },
                terms={
                    column: Terms(
                        {
                            str(value): _probability(share)
                            for value, share in content["terms"][column]["common"].items()
                        },
                        _probability(content["terms"][column]["other"]),
                    )
                    for column in TERM_COLUMNS
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelUnusable("a number of it is missing or is no probability") from error


def _shares(numbers: dict[str, float]) -> Shares:
    return Shares(_probability(numbers["m"]), _probability(numbers["u"]))


def _probability(number: object) -> float:
    value = _positive(number)
    if value > 1:
        raise ValueError(number)
    return value


def _positive(number: object) -> float:
    value = float(str(number))
    if not 0 < value < float("inf"):
        raise ValueError(number)
    return value


def _fingerprint() -> str:
    """Name the comparisons: numbers that were learned for others mean nothing here."""
    return hashlib.sha256(repr((COMPARISONS, RELATIVES, NAMESAKES)).encode()).hexdigest()[:12]
