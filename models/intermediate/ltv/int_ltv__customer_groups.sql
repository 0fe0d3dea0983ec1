{%- set attributes = ltv_group_attributes() -%}
{%- set year = (
    "cast(extract(year from customers.first_order_date) as " ~ dbt.type_string() ~ ")"
) -%}
{%- set quarter = (
    "cast(extract(quarter from customers.first_order_date) as "
    ~ dbt.type_string()
    ~ ")"
) -%}
{%- set values = {
    "cohort_year": year,
    "cohort_quarter": year ~ " || '-Q' || " ~ quarter,
    "channel": "first_orders.channel",
    "source": "first_orders.source_name",
} -%}
{#- What records of customers tell is read where it is asked for. -#}
{%- set values_of_records = {
    "country_code": "best_values.country_code",
    "entity_type": "known.entity_type",
    "birth_decade": "substring(best_values.birth_date, 1, 3) || '0s'",
} -%}
{%- set needs_records = attributes | select("in", values_of_records) | list | length > 0 -%}
{%- do values.update(values_of_records) -%}

with

    orders_by_customer as (select * from {{ ref("int_orders__by_customer") }}),

    orders as (select * from {{ ref("int_orders__resolved") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {% if needs_records %}
        known as (select customer_id, entity_type from {{ ref("int_customers__known") }}),

        best_values as (

            select
                customer_id,
                max(value) filter (where attribute = 'country_code') as country_code,
                max(value) filter (where attribute = 'birth_date') as birth_date
            from {{ ref("int_identity__best_values") }}
            group by customer_id

        ),
    {% endif %}

    customers as (

        select
            orders_by_customer.as_of_date,
            orders_by_customer.customer_id,
            orders_by_customer.first_order_date
        from orders_by_customer
        inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date
        where orders_by_customer.purchase_count > 0

    ),

    numbered as (

        select
            orders.customer_id,
            orders.source_name,
            orders.channel,
            row_number() over (
                partition by orders.customer_id
                order by
                    orders.ordered_at,
                    {{ byte_order("orders.source_name") }},
                    {{ byte_order("orders.order_id") }}
            ) as place
        from orders
        inner join as_of_dates on orders.order_date < as_of_dates.as_of_date
        where not orders.is_refund_only

    ),

    first_orders as (select customer_id, source_name, channel from numbered where place = 1),

    {#- Such as 'channel=web & cohort_year=2023': a name says what it stands for, so a fit by other attributes has no
    group of that name. What is not known is a value of its own. -#}
    named as (

        select
            customers.as_of_date,
            customers.customer_id,
            {% if attributes -%}
                {%- for attribute in attributes %}
                    '{{ " & " if not loop.first }}{{ attribute }}='
                    || coalesce(replace({{ clean_text(values[attribute]) }}, '&', '+'), '(unknown)')
                    {{ "||" if not loop.last }}
                {%- endfor %}
            {%- else -%} ''
            {%- endif %} as ltv_group
        from customers
        left join first_orders on customers.customer_id = first_orders.customer_id
        {% if needs_records %}
            left join known on customers.customer_id = known.customer_id
            left join best_values on customers.customer_id = best_values.customer_id
        {% endif %}

    ),

    sizes as (select ltv_group, count(*) as customer_count from named group by ltv_group),

    ranked as (

        select
            ltv_group,
            row_number() over (order by customer_count desc, {{ byte_order("ltv_group") }}) as place
        from sizes

    )

select
    named.as_of_date,
    named.customer_id,
    cast(
        case
            when ranked.place <= {{ var("rfm_ltv_max_groups") | int }}
            then named.ltv_group
            else '(other)'
        end as {{ dbt.type_string() }}
    ) as ltv_group
from named
inner join ranked on named.ltv_group = ranked.ltv_group
{% if not attributes %} where 1 = 0 {% endif %}
