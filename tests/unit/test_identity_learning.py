"""Links are learned the same from the same records, and say why; who lives together is not one."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

pytest.importorskip("splink")

from rfm_cli.identity import IdentityModel, ModelUnusable, TrainingRefused, link_records
from rfm_cli.identity.comparisons import COMPARISONS
from rfm_cli.identity.records import INPUT_COLUMNS

TYPES = {"varchar": pa.string(), "boolean": pa.bool_(), "date": pa.date32(), "integer": pa.int32()}
SCHEMA = pa.schema([(name, TYPES[kind]) for name, kind in INPUT_COLUMNS.items()])
# As many records as link safely in a second or two.
PERSONS = 600


def table(records):
    rows = [{"entity_type": "person", "is_given_name_full": True, **one} for one in records]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def word(draw, length):
    return "".join(draw.choices("abcdefghijklmnoprstuvw", k=length))


def population(persons=PERSONS):
    """Make two records of each person, one of them with less in it; two persons share a home."""
    draw = random.Random(7)
    given_names = [word(draw, 6) for _ in range(120)]
    records = []
    for number in range(persons):
        given_name = draw.choice(given_names)
        if number % 2 == 0:
            first_name = given_name
            home = {
                "family_name_key": word(draw, 8),
                "postal_key": f"{draw.randrange(100_000):05}",
                "street_key": f"{word(draw, 9)} street {draw.randrange(90)}",
            }
        while number % 2 == 1 and given_name == first_name:
            given_name = draw.choice(given_names)
        person = {
            **home,
            "given_name_key": given_name,
            "birth_date": date(1940, 1, 1) + timedelta(days=draw.randrange(22_000)),
            "email": f"{word(draw, 10)}@{word(draw, 5)}.com",
        }
        records.append({"record_id": f"crm:{number:05}", **person})
        copy = {"record_id": f"shop:{number:05}", **person}
        gone = draw.choice(["email", "birth_date", "street_key", None])
        if gone:
            copy[gone] = None
        records.append(copy)
    return records


@pytest.fixture(scope="module")
def records():
    return population()


@pytest.fixture(scope="module")
def linked(records):
    return link_records(table(records))


@pytest.fixture(scope="module")
def model(linked):
    return linked.model


def pairs(links):
    return set(
        zip(links["left_record_id"].to_pylist(), links["right_record_id"].to_pylist(), strict=True)
    )


def probability(model, left, right):
    """Return what the model says about two records that meet."""
    two = [{"record_id": "a", **left}, {"record_id": "b", **right}]
    links = link_records(table(two), model, keep_probability=1e-12).links
    return links["match_probability"][0].as_py() if links.num_rows else 0.0


ANN = {
    "given_name_key": "annabel",
    "family_name_key": "kowalczyk",
    "postal_key": "80331",
    "street_key": "sendlinger strasse 5",
    "birth_date": date(1971, 4, 9),
    "email": "annabel.kowalczyk@mail.com",
}


def test_the_records_of_a_person_are_linked_and_of_a_household_are_not(linked):
    truth = {(f"crm:{number:05}", f"shop:{number:05}") for number in range(PERSONS)}
    assert pairs(linked.links) == truth
    assert linked.record_count == 2 * PERSONS


def test_links_say_how_sure_and_why(linked):
    links = linked.links
    assert links.column_names == [
        "left_record_id",
        "right_record_id",
        "match_probability",
        "match_weight",
        "evidence",
    ]
    one = links.to_pylist()[0]
    odds = one["match_probability"] / (1 - one["match_probability"])
    assert 2 ** one["match_weight"] == pytest.approx(odds, rel=1e-3)
    steps = {level.evidence for comparison in COMPARISONS for level in comparison.levels}
    told = one["evidence"]
    for step in sorted(steps, key=len, reverse=True):
        told = told.replace(step, "")
    assert set(told) <= set(", ")


def test_the_order_of_the_records_decides_nothing(records, linked):
    shuffled = random.Random(3).sample(records, len(records))
    again = link_records(table(shuffled))
    assert again.model.to_json() == linked.model.to_json()
    assert again.links.equals(linked.links)


def test_a_frozen_model_comes_back_as_it_was(records, linked):
    text = linked.model.to_json()
    frozen = IdentityModel.from_json(text)
    assert frozen.to_json() == text
    again = link_records(table(records), frozen)
    assert again.model is frozen
    assert again.links.equals(linked.links)


def test_other_records_do_not_change_what_two_records_score(model, records):
    near = {**ANN, "given_name_key": "anabel", "email": None, "birth_date": None}
    alone = probability(model, ANN, near)
    crowd = table([{"record_id": "a", **ANN}, {"record_id": "b", **near}, *records])
    links = link_records(crowd, model, keep_probability=1e-12).links.to_pylist()
    among = next(one for one in links if one["left_record_id"] == "a")
    assert among["match_probability"] == alone


def test_typing_errors_are_forgiven(model):
    typo = {**ANN, "given_name_key": "anabel", "family_name_key": "kowalcyzk", "email": None}
    assert probability(model, ANN, typo) > 0.95
    digits_swapped = {**ANN, "birth_date": date(1971, 9, 4), "email": None}
    assert probability(model, ANN, digits_swapped) > 0.95


def test_names_in_the_wrong_fields_are_forgiven(model):
    swapped = {**ANN, "given_name_key": "kowalczyk", "family_name_key": "annabel", "email": None}
    assert probability(model, ANN, swapped) > 0.8


def test_twins_are_two(model):
    twin = {**ANN, "given_name_key": "thomas", "email": None}
    assert probability(model, ANN, twin) < 0.5


def test_a_couple_that_shares_its_address_is_two(model):
    husband = {**ANN, "given_name_key": "thomas", "birth_date": date(1968, 11, 30)}
    assert probability(model, ANN, husband) < 0.5


def test_a_household_alone_is_not_a_person(model):
    someone = {name: ANN[name] for name in ("family_name_key", "postal_key", "street_key")}
    assert probability(model, ANN, someone) < 0.5


def test_father_and_son_of_one_name_are_two(model):
    son = {**ANN, "birth_date": date(1999, 11, 20), "email": None}
    assert probability(model, ANN, son) < 0.95


def test_companies_are_never_linked(model):
    two = [{"record_id": name, **ANN, "entity_type": "company"} for name in "ab"]
    linked = link_records(table(two), model)
    assert (linked.record_count, linked.links.num_rows) == (0, 0)


def test_hashed_addresses_meet_written_ones(model):
    # SHA-256 of annabel.kowalczyk@mail.com, which a partner gives away instead.
    import hashlib

    digest = hashlib.sha256(ANN["email"].encode()).hexdigest()
    partner = {"given_name_key": "annabel", "family_name_key": "kowalczyk", "email_hash": digest}
    assert probability(model, ANN, partner) > 0.95


def test_either_phone_counts(model):
    left = {**ANN, "phone": "+49891", "other_phone": "+49892"}
    right = {"given_name_key": "annabel", "family_name_key": "kowalczyk", "phone": "+49892"}
    links = link_records(
        table([{"record_id": "a", **left}, {"record_id": "b", **right}]), model
    ).links
    assert "phone exact" in links["evidence"][0].as_py()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_records_are_linked_with_a_model_and_refused_without(model, count):
    few = table([{"record_id": str(number), **ANN} for number in range(count)])
    assert link_records(few, model).links.num_rows == (1 if count == 2 else 0)
    with pytest.raises(TrainingRefused, match="of one person beyond doubt") as refused:
        link_records(few)
    assert f"of the {count} records" in refused.value.reason


def test_records_with_nothing_in_them(model):
    empty = table([{"record_id": str(number)} for number in range(30)])
    assert link_records(empty, model).links.num_rows == 0
    with pytest.raises(TrainingRefused):
        link_records(empty)


def test_records_nobody_shares_anything_with(model, records):
    strangers = table(
        [{"record_id": f"x{number}", "email": f"{number}@x.com"} for number in range(50)]
    )
    assert link_records(strangers, model).links.num_rows == 0


@pytest.mark.parametrize("column", ["birth_date", "email", "street_key", "given_name_key"])
def test_a_column_that_nobody_fills(records, column):
    sure = [{**one, column: None, "loyalty_id": one["record_id"][-5:]} for one in records]
    links = link_records(table(sure)).links
    truth = {(f"crm:{number:05}", f"shop:{number:05}") for number in range(PERSONS)}
    assert pairs(links) >= truth


def test_columns_that_are_not_there_count_as_empty(model):
    narrow = pa.table(
        {
            "record_id": ["a", "b"],
            "entity_type": ["person", "person"],
            "tax_id": ["77", "77"],
            "given_name_key": ["ann", "ann"],
        }
    )
    assert link_records(narrow, model, keep_probability=1e-12).links.num_rows == 1


def test_a_key_of_too_many_records_brings_nobody_together(model):
    crowd = [{"record_id": f"{number:03}", "email": "shop@x.com"} for number in range(51)]
    assert link_records(table(crowd), model, keep_probability=1e-12).links.num_rows == 0


def test_splink_says_nothing(records, capfd):
    link_records(table(records))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no model"),
        ("[]", "no model"),
        ('{"format": 1}', "no model"),
        ('{"format": 1, "comparisons": "0"}', "another version"),
    ],
)
def test_a_file_that_is_no_model(text, reason):
    with pytest.raises(ModelUnusable, match="not a model" if reason == "no model" else reason):
        IdentityModel.from_json(text)


def test_a_model_with_a_number_that_is_no_probability(model):
    text = model.to_json().replace(
        f'"match_probability": {model.match_probability}', '"match_probability": 7'
    )
    with pytest.raises(ModelUnusable, match="no probability"):
        IdentityModel.from_json(text)
