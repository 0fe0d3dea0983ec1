{%- set cadence = var("rfm_cadence") -%}
{%- if cadence not in ["day", "week", "month", "quarter"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_cadence is '" ~ cadence ~ "': use day, week, month or quarter"
        )
    }}
{%- endif -%}

with

    {# Erasing a person moves no date. #}
    row_counts as (
        select *
        from {{ ref("int_orders__row_counts") }}
        where quarantine_reason is null or quarantine_reason = 'customer_erased'
    ),

    finished as ({{ finished_as_of_dates() }}),

    data_dates as (

        select min(order_date) as first_order_date, max(order_date) as last_order_date
        from row_counts

    ),

    latest as (

        select
            first_order_date,
            {% if var("rfm_as_of_date") -%} cast('{{ var("rfm_as_of_date") }}' as date)
            {%- else -%} cast({{ dbt.dateadd("day", 1, "last_order_date") }} as date)
            {%- endif %} as as_of_date
        from data_dates
        where last_order_date is not null

    ),

    periods as (

        {% for period in range(var("rfm_history_periods") | int + 1) %}
            select {{ period }} as periods_back
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- Earlier dates lie on the calendar (the first day of a month, a Monday), so that runs of different days
    share them. A latest date on the calendar is itself the first of them. -#}
    calendar as (

        select latest.as_of_date as latest_as_of_date, latest.first_order_date,
        {% for period in range(var("rfm_history_periods") | int + 1) %}
                {{ "case" if loop.first }}
            when periods.periods_back = {{ period }}
            then
                cast(
                    {{
                        dbt.dateadd(
                            "month" if cadence == "quarter" else cadence,
                            -period * (3 if cadence == "quarter" else 1),
                            dbt.date_trunc(cadence, "latest.as_of_date"),
                        )
                    }} as date
                )
                {{ "end as as_of_date" if loop.last }}
        {%- endfor %}
        from latest
        cross join periods

    ),

    earlier as (

        select as_of_date, row_number() over (order by as_of_date desc) as dates_back
        from calendar
        where as_of_date < latest_as_of_date and as_of_date > first_order_date

    ),

    as_of_dates as (

        select as_of_date, true as is_current
        from latest
        where as_of_date > first_order_date
        union all
        select as_of_date, false as is_current
        from earlier
        where dates_back <= {{ var("rfm_history_periods") | int }}

    )

select
    as_of_dates.as_of_date,
    lag(as_of_dates.as_of_date) over (order by as_of_dates.as_of_date) as previous_as_of_date,
    as_of_dates.is_current,
    {# The newest date is computed anew each time: its data may still be arriving. #}
    finished.as_of_date is null or newest.as_of_date is not null as is_pending
from as_of_dates
left join finished on as_of_dates.as_of_date = finished.as_of_date
left join
    (select max(as_of_date) as as_of_date from finished) as newest
    on as_of_dates.is_current
    and as_of_dates.as_of_date = newest.as_of_date
