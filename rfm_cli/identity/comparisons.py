"""How two records are compared: what is looked at together, and the steps from alike to unlike.

Columns are those that `records.py` derives, `_l` and `_r` for the two records. A step is reached
when its condition holds and none above it does. m is how often two records of one person are on
the step, u how often two random records are; the numbers here are what is expected before any
record was seen, and training moves them.

A household shares its family name, postcode and street. Three comparisons would count that one
agreement three times and link everybody who lives together, so they are one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A step of a comparison.

    Attributes:
        evidence: what the step says, in the words that are stored with a link.
        condition: SQL on `l` and `r`; ELSE on the last step.
        m: expected share among pairs of one person.
        u: expected share among random pairs.
        term: the column whose common values say less than its rare ones, if any.
    """

    evidence: str
    condition: str
    m: float
    u: float
    term: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What is looked at together.

    Attributes:
        name: of the comparison.
        columns: those without which there is nothing to compare.
        missing: SQL that holds when a pair cannot be compared, which says nothing about it.
        levels: from alike to unlike; the shares sum to 1.
    """

    name: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[Level, ...]

    def number(self, evidence: str) -> int:
        """Return the number that Splink gives a step: the last is 0."""
        evidences = [level.evidence for level in self.levels]
        return len(evidences) - 1 - evidences.index(evidence)


def _lacks(*columns: str) -> str:
    return " and ".join(f"({column}_l is null or {column}_r is null)" for column in columns)


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _alike(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _edits(column: str, most: int) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r) <= {most}"


_FAMILY = _same("family_name_key")
# Swapped names meet crosswise: the given name looks one way, the family name the other.
_FAMILY_CLOSE = (
    f"({_alike('family_name_key', 0.88)} "
    "or jaro_winkler_similarity(family_name_key_l, swapped_given_r) >= 0.88)"
)
_POSTAL = _same("postal_key")
_POSTAL_CLOSE = f"({_edits('postal_key', 1)} or {_same('city_key')})"
_STREET = _same("street_key")
_STREET_CLOSE = _alike("street_key", 0.88)
_HOME = f"{_POSTAL} and {_STREET}"
_HOME_CLOSE = f"(({_POSTAL} and {_STREET_CLOSE}) or ({_POSTAL_CLOSE} and {_STREET}))"
_HOME_PART = f"({_POSTAL} or {_STREET})"

COMPARISONS = (
    Comparison(
        "given_name",
        ("given_name_key",),
        _lacks("given_name_key"),
        (
            Level("given_name exact", _same("given_name_key"), 0.85, 0.005, term="given_name_key"),
            Level(
                "given_name close",
                f"({_alike('given_name_key', 0.88)} or {_alike('given_name_word', 0.88)})",
                0.08,
                0.005,
            ),
            Level(
                "given_name swapped with family_name",
                "jaro_winkler_similarity(given_name_key_l, swapped_family_r) >= 0.88",
                0.005,
                0.001,
            ),
            Level(
                "given_name initial fits",
                "not (is_given_name_full_l and is_given_name_full_r) "
                "and (left(given_name_key_l, 1) = left(given_name_key_r, 1) "
                "or left(given_name_word_l, 1) = left(given_name_word_r, 1))",
                0.035,
                0.005,
            ),
            Level("given_name a little alike", _alike("given_name_key", 0.75), 0.015, 0.015),
            Level("given_name differs", "ELSE", 0.015, 0.969),
        ),
    ),
    Comparison(
        "household",
        ("family_name_key", "postal_key", "street_key"),
        f"{_lacks('family_name_key')} and {_lacks('postal_key')} and {_lacks('street_key')}",
        (
            Level("family_name exact, postcode+street exact", f"{_FAMILY} and {_HOME}", 0.5, 1e-5),
            Level(
                "family_name close, postcode+street exact",
                f"{_FAMILY_CLOSE} and {_HOME}",
                0.05,
                1e-6,
            ),
            Level(
                "family_name exact, postcode+street close",
                f"{_FAMILY} and {_HOME_CLOSE}",
                0.1,
                1e-6,
            ),
            Level(
                "family_name close, postcode+street close",
                f"{_FAMILY_CLOSE} and {_HOME_CLOSE}",
                0.02,
                1e-6,
            ),
            Level(
                "family_name exact, postcode or street exact",
                f"{_FAMILY} and {_HOME_PART}",
                0.1,
                1e-5,
            ),
            Level("postcode+street exact, family_name differs", _HOME, 0.03, 1e-5),
            Level(
                "family_name close, postcode or street exact",
                f"{_FAMILY_CLOSE} and {_HOME_PART}",
                0.02,
                1e-5,
            ),
            Level(
                "postcode+street close, family_name differs",
                _HOME_CLOSE,
                0.01,
                2e-5,
            ),
            Level("family_name exact", _FAMILY, 0.1, 0.002, term="family_name_key"),
            Level("family_name close", _FAMILY_CLOSE, 0.02, 0.005),
            Level("postcode or street exact", _HOME_PART, 0.02, 0.002),
            Level("family_name and address differ", "ELSE", 0.03, 0.990954),
        ),
    ),
    Comparison(
        "birth",
        ("birth_text", "birth_year"),
        f"{_lacks('birth_text')} and {_lacks('birth_year')}",
        (
            Level("birth_date exact", _same("birth_text"), 0.85, 0.00005),
            Level("birth_date day and month swapped", "birth_text_l = birth_swapped_r", 0.01, 5e-5),
            Level("birth_date one digit off", _edits("birth_text", 1), 0.06, 0.001),
            Level(
                "birth_year exact",
                f"({_lacks('birth_text')}) and {_same('birth_year')}",
                0.04,
                0.015,
            ),
            Level("birth_date two digits off", _edits("birth_text", 2), 0.02, 0.01),
            Level("birth_date differs", "ELSE", 0.02, 0.9739),
        ),
    ),
    Comparison(
        "email",
        ("email_key",),
        f"{_lacks('email')} and {_lacks('email_key')}",
        (
            Level("email exact", f"({_same('email')} or {_same('email_key')})", 0.7, 1e-5),
            # Who mistypes an address keeps its numbers; who has the name of another gets others.
            Level(
                "email one letter off",
                f"{_edits('email', 1)} and {_same('email_digits')}",
                0.02,
                1e-6,
            ),
            Level("email mailbox exact, domain differs", _same("email_mailbox"), 0.06, 1e-5),
            Level("email close", _alike("email", 0.95), 0.02, 2e-5),
            Level("email differs", "ELSE", 0.2, 0.999959),
        ),
    ),
    Comparison(
        "phone",
        ("phone", "other_phone"),
        f"{_lacks('phone')} and {_lacks('other_phone')} "
        "and (phone_l is null or other_phone_r is null) "
        "and (other_phone_l is null or phone_r is null)",
        (
            Level(
                "phone exact",
                "phone_l = phone_r or phone_l = other_phone_r "
                "or other_phone_l = phone_r or other_phone_l = other_phone_r",
                0.7,
                1e-5,
            ),
            Level("phone one digit off", _edits("phone", 1), 0.05, 1e-5),
            Level("phone differs", "ELSE", 0.25, 0.99998),
        ),
    ),
    Comparison(
        "tax_id",
        ("tax_id",),
        _lacks("tax_id"),
        (
            Level("tax_id exact", _same("tax_id"), 0.93, 1e-6),
            Level("tax_id one digit off", _edits("tax_id", 1), 0.05, 1e-5),
            Level("tax_id differs", "ELSE", 0.02, 0.999989),
        ),
    ),
    Comparison(
        "loyalty_id",
        ("loyalty_id",),
        _lacks("loyalty_id"),
        (
            Level("loyalty_id exact", _same("loyalty_id"), 0.9, 1e-6),
            Level("loyalty_id differs", "ELSE", 0.1, 0.999999),
        ),
    ),
    Comparison(
        "crm_id",
        ("crm_id",),
        _lacks("crm_id"),
        (
            Level("crm_id exact", _same("crm_id"), 0.9, 1e-6),
            Level("crm_id differs", "ELSE", 0.1, 0.999999),
        ),
    ),
)

_BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}


def comparison_named(name: str) -> Comparison:
    """Return the comparison of that name."""
    return _BY_NAME[name]


TERM_COLUMNS = ("given_name_key", "family_name_key")

# How often two different persons of one household are on a step, as far as nothing is known of
# these records. Random pairs say nothing of them: husbands, daughters and twins agree on what
# random pairs never do. Steps that are not named are as rare among relatives as among random pairs.
RELATIVES = {
    "given_name": {
        "given_name exact": 0.01,
        "given_name close": 0.02,
        "given_name swapped with family_name": 0.001,
        "given_name initial fits": 0.05,
        "given_name a little alike": 0.02,
        "given_name differs": 0.9,
    },
    "birth": {
        "birth_date exact": 0.02,
        "birth_date day and month swapped": 0.0005,
        "birth_date one digit off": 0.01,
        "birth_year exact": 0.05,
        "birth_date two digits off": 0.03,
        "birth_date differs": 0.9,
    },
    "email": {
        "email exact": 0.3,
        "email one letter off": 0.001,
        "email mailbox exact, domain differs": 0.01,
        "email close": 0.02,
        "email differs": 0.669,
    },
    "phone": {"phone exact": 0.4, "phone one digit off": 0.02, "phone differs": 0.58},
    "loyalty_id": {"loyalty_id exact": 0.3, "loyalty_id differs": 0.7},
}

# How often two different persons of one name are on a step of the e-mail, as far as nothing is
# known of these records. Addresses are made of names, so that what is next to impossible among
# random pairs is common among namesakes; only the address itself is nobody else's.
NAMESAKES = {
    "email one letter off": 0.005,
    "email mailbox exact, domain differs": 0.03,
    "email close": 0.1,
}


def steps_of_namesakes() -> dict[str, tuple[str, ...]]:
    """Return the steps, by comparison, on which two namesakes are."""
    return {
        "given_name": ("given_name exact", "given_name close"),
        "household": tuple(
            level.evidence
            for level in comparison_named("household").levels
            if level.evidence.startswith(("family_name exact", "family_name close"))
        ),
    }
