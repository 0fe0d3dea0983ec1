{#- The claims about loyal customers, tested: what each group buys, and what it earns us. -#}
{%- set groupings = ["loyalty_cell", "advocacy_band", "health"] -%}

with

    customers as (select * from {{ ref("int_loyalty__valued") }}),

    grouped as (

        {% for grouping in groupings %}
            select
                as_of_date,
                '{{ grouping }}' as grouped_by,
                coalesce({{ grouping }}, 'none') as group_value,
                count(*) as customer_count,
                sum(order_count) as order_count,
                sum(revenue_amount) as revenue_amount,
                max(profit_measure) as profit_measure,
                sum(profit_amount) as profit_amount,
                count(profit_amount) as profit_customer_count
            from customers
            group by as_of_date, {{ grouping }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    totals as (

        select
            count(*) as customer_count,
            cast(sum(revenue_amount) as {{ type_double() }}) as revenue_amount
        from customers

    )

select
    grouped.as_of_date,
    cast(grouped.grouped_by as {{ dbt.type_string() }}) as grouped_by,
    cast(grouped.group_value as {{ dbt.type_string() }}) as group_value,
    cast(grouped.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    grouped.customer_count / cast(totals.customer_count as {{ type_double() }}) as customer_share,
    cast(grouped.order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(grouped.revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(grouped.revenue_amount as {{ type_double() }})
    / nullif(totals.revenue_amount, 0) as revenue_share,
    cast(grouped.profit_measure as {{ dbt.type_string() }}) as profit_measure,
    cast(grouped.profit_amount as {{ type_money() }}) as profit_amount,
    case
        when grouped.profit_customer_count > 0
        then {{ divide_money("grouped.profit_amount", "grouped.profit_customer_count") }}
    end as profit_per_customer
from grouped
cross join totals
