{{ config(enabled=has_costs()) }}

with

    buyers as (select * from {{ ref("int_profit__buyers") }}),

    totals as (

        select
            {%- for name, cause in profit_causes().items() %}
                {{ cause.is_known }} as knows_{{ name }},
                sum({{ cause.amount }}) as {{ name }}_amount,
                sum({{ cause.base }}) filter (where {{ cause.base }} > 0) as {{ name }}_base_amount,
                count(*) filter (where {{ cause.base }} > 0) as {{ name }}_customer_count
                {{- "," if not loop.last }}
            {%- endfor %}
        from buyers

    )

{% for name in profit_causes() %}
    select
        cast('{{ name }}' as {{ dbt.type_string() }}) as cause,
        coalesce(knows_{{ name }}, false) as is_known,
        cast({{ name }}_amount as {{ type_money() }}) as amount,
        cast({{ name }}_base_amount as {{ type_money() }}) as base_amount,
        {{ name }}_customer_count as customer_count
    from totals
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
