"""Made-up records of persons who live in households, damaged as records are; the truth beside.

python -m benchmarks.identity_records RECORDS
    prints the seconds and the memory that learning links from them takes.
"""

from __future__ import annotations

import resource
import sys
import time

import duckdb
import pyarrow as pa

# Per person 1 to 5 records, 1.8 on average; households of 1 to 4. hash() is the only randomness.
_SQL = """
with
    persons as (
        select
            range as person,
            range // 3 + (hash(range, 1) % 2)::bigint as home,
            hash(range, 3) as b,
            hash(range, 4) as c
        from range($persons)
    ),
    truth as (
        select
            person,
            home,
            -- Names are skewed as names are: the square of an even draw.
            word('given', floor(3000 * power(even(person, 2), 2))::int) as given_name,
            word('family', floor(40000 * power(even(home, 5), 2))::int) as family_name,
            lpad((hash(home, 6) % 30000)::varchar, 5, '0') as postal_key,
            word('street', hash(home, 7) % 20000) || ' ' || (hash(home, 8) % 150 + 1) as street_key,
            date '1935-01-01' + (b % 25500)::int as birth_date,
            word('mail', person) || person || '@' || word('host', c % 20) || '.com' as email,
            '+44' || (7000000000 + (hash(person, 9) % 900000000)) as phone,
            case when even(person, 10) < 0.4 then 1 when even(person, 11) < 0.8 then 2 else 3 end
                as copies
        from persons
    ),
    copies as (
        select
            truth.*,
            copy,
            hash(person, copy, 20) as d,
            hash(person, copy, 21) as e,
            hash(person, copy, 22) as f
        from truth, range(3) as numbers(copy)
        where copy < copies
    ),
    moved as (
        select
            * replace (
                case when e // 100 % 20 = 0 then reverse(postal_key) else postal_key end
                    as postal_key,
                case when e // 100 % 20 = 0 then word('new', e) || ' 1' else street_key end
                    as street_key,
                case when f // 10000 % 10 = 0 then word('other', f) || '@x.com' else email end
                    as email
            )
        from copies
    )
select
    's' || (e % 6) || ':' || person || '-' || copy as record_id,
    person,
    'person' as entity_type,
    case
        when d % 100 < 4 then left(given_name, 1)
        when d % 100 < 9 then typo(given_name, d)
        else given_name
    end as given_name_key,
    (d % 100 >= 4) as is_given_name_full,
    case
        when d // 100 % 100 < 6 then typo(family_name, d)
        when d // 100 % 100 < 8 then word('family', d % 40000)
        else family_name
    end as family_name_key,
    case when e % 100 < 75 then postal_key end as postal_key,
    case when e % 100 < 75 then street_key end as street_key,
    case when f % 100 < 40 then birth_date end as birth_date,
    case when f // 100 % 100 < 60 then email end as email,
    case when f // 10000 % 100 < 40 then phone end as phone
from moved
order by hash(record_id)
"""
_MACROS = (
    "create macro even(number, stream) as (hash(number, stream) % 1000000) / 1e6",
    """
    create macro word(kind, number) as translate(
        substring(md5(kind || number), 1, 5 + (hash(number) % 4)::int),
        '0123456789abcdef', 'aeioubdfgklmnrst'
    )
    """,
    """
    create macro typo(word, h) as
        left(word, 2 + (h % 3)::int) || chr((97 + h // 7 % 26)::int)
            || substring(word, 4 + (h % 3)::int)
    """,
)


def make_records(count: int) -> pa.Table:
    """Make about so many records, with the number of the person in the column `person`."""
    with duckdb.connect() as connection:
        for macro in _MACROS:
            connection.execute(macro)
        query = connection.sql(_SQL, params={"persons": int(count / 1.74)})
        return query.to_arrow_table()


def main() -> None:
    from rfm_cli.identity import link_records

    records = make_records(int(float(sys.argv[1])))
    started, started_work = time.perf_counter(), time.process_time()
    linked = link_records(records)
    trained, trained_work = time.perf_counter(), time.process_time()
    links = link_records(records, linked.model).links
    done, done_work = time.perf_counter(), time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    person = dict(zip(records["record_id"].to_pylist(), records["person"].to_pylist(), strict=True))
    left, right = links["left_record_id"].to_pylist(), links["right_record_id"].to_pylist()
    right_ones = sum(person[a] == person[b] for a, b in zip(left, right, strict=True))
    print(
        f"{records.num_rows:,} records: {links.num_rows:,} links, "
        f"{right_ones / max(1, links.num_rows):.4f} of them right, at most {memory:.2f} GiB\n"
        f"train and link: {trained - started:.1f} s ({trained_work - started_work:.1f} s of work)\n"
        f"link with the frozen model: {done - trained:.1f} s ({done_work - trained_work:.1f} s)"
    )


if __name__ == "__main__":
    main()
