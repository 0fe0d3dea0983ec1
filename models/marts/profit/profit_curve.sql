{#- p per cent of n customers are the ceil(p n / 100) best ones. Which of those who tie at the cut are among them
    changes nothing: they earn the same. -#}
with

    equal_amounts as (select * from {{ ref("int_profit__equal_amounts") }}),

    percents as (

        {% for percent in range(101) %}
            select {{ percent }} as customer_percent
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- Cuts at p per cent lie behind the better ones and not behind these for p from first to last. -#}
    spans as (

        select
            as_of_date,
            measure,
            profit_measure,
            amount,
            better_customer_count,
            better_amount,
            all_customer_count,
            total_amount,
            floor(cast(100 * better_customer_count as {{ type_double() }}) / all_customer_count)
            + 1 as first_percent,
            floor(
                cast(100 * (better_customer_count + customer_count) as {{ type_double() }})
                / all_customer_count
            ) as last_percent
        from equal_amounts

    ),

    cuts as (

        select
            spans.*,
            percents.customer_percent,
            cast(
                ceil(
                    cast(
                        percents.customer_percent * spans.all_customer_count as {{ type_double() }}
                    )
                    / 100
                ) as {{ dbt.type_bigint() }}
            ) as customer_count
        from spans
        inner join
            percents on percents.customer_percent between spans.first_percent and spans.last_percent

    ),

    points as (

        select
            as_of_date,
            measure,
            profit_measure,
            customer_percent,
            customer_count,
            better_amount + amount * (customer_count - better_customer_count) as cumulative_amount,
            total_amount
        from cuts
        union all
        select distinct as_of_date, measure, profit_measure, 0, 0, 0, total_amount
        from spans

    )

select
    as_of_date,
    cast(measure as {{ dbt.type_string() }}) as measure,
    cast(profit_measure as {{ dbt.type_string() }}) as profit_measure,
    cast(customer_percent as {{ dbt.type_int() }}) as customer_percent,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(cumulative_amount as {{ type_money() }}) as cumulative_amount,
    {# With nothing earned there is nothing to have a share of. #}
    case
        when total_amount > 0
        then
            cast(cumulative_amount as {{ type_double() }})
            / cast(total_amount as {{ type_double() }})
    end as cumulative_share
from points
