{{ config(enabled=offers_entity("customers", "partner")) }}

{%- set sales = source("partner", "channel_sales") %}
{%- set kinds = column_kinds(sales) %}
{%- set buyer = "lower(" ~ clean_text("buyer_email_sha256") ~ ")" %}

with

    {#- A partner tells of sales only: a buyer is who stands behind them, living where the first one went. #}
    ranked as (

        select
            buyer,
            postal_code,
            min(sold_date) over (partition by buyer) as first_sold_date,
            row_number() over (
                partition by buyer
                order by
                    case when sold_date is null then 1 else 0 end,
                    sold_date,
                    case when postal_code is null then 1 else 0 end,
                    {{ byte_order("postal_code") }}
            ) as buyer_rank
        from
            (
                select distinct
                    {{ buyer }} as buyer,
                    {{ clean_text("buyer_postcode") }} as postal_code,
                    {{ parse_date("sold_on", kinds.sold_on, "yyyymmdd") }} as sold_date
                from {{ sales }}
                where {{ buyer }} is not null
            ) as told_buyers

    ),

    buyers as (select buyer, postal_code, first_sold_date from ranked where buyer_rank = 1)

select *
from
    (
        {{
            stage_entity(
                "customers",
                "buyers",
                {
                    "source_record_id": "buyer",
                    "email_sha256": "buyer",
                    "postal_code": "postal_code",
                    "created_at": local_to_utc(
                        "cast(first_sold_date as " ~ dbt.type_timestamp() ~ ")",
                        source_zone("partner"),
                    ),
                },
                checks=[["not " ~ matches_pattern("buyer", "^[0-9a-f]{64}$"), "key_unreadable"]],
                key=["source_record_id"],
            )
        }}
    ) as staged_buyers
