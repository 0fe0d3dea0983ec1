{{ config(enabled=is_consolidating() and var("rfm_currency") == "") }}

-- Orders of several currencies cannot be added up: name the one to count in with the setting
-- rfm_currency, and
-- give rates in a source's exchange_rates or in seeds/exchange_rates.csv.
with

    currencies as (

        select currency, count(*) as row_count
        from {{ ref("int_orders__unioned") }}
        where quarantine_reason is null and currency is not null
        group by currency

    )

select currency, row_count
from currencies
where (select count(*) from currencies) > 1
