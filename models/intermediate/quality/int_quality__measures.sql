{#- The file or table of orders alone is counted already; what registered systems hold is looked at closely. -#}
{% if is_consolidating() %}
    {% for source_name, entities in var("rfm_sources").items() %}
        {%- set is_last_source = loop.last -%}
        {%- for entity in entities %}
            {{ measure_entity(source_name, entity) }}
            {% if not (is_last_source and loop.last) %}
                union all
            {% endif %}
        {%- endfor -%}
    {%- endfor %}
{% else %}

    with

        daily_counts as (select * from {{ ref("int_orders__row_counts") }}),

        {#- A source without a row is there nevertheless. -#}
        registered as (

            {% for source_name in var("rfm_sources") %}
                select
                    cast('{{ source_name }}' as {{ dbt.type_string() }}) as source_name
                    {{ "union all" if not loop.last }}
            {% endfor %}

        )

    select
        registered.source_name,
        cast('orders' as {{ dbt.type_string() }}) as entity,
        cast('row_count' as {{ dbt.type_string() }}) as check_name,
        cast(null as {{ dbt.type_string() }}) as column_name,
        coalesce(sum(daily_counts.row_count), 0) as row_count,
        cast(null as {{ dbt.type_bigint() }}) as part_count,
        cast(null as {{ dbt.type_bigint() }}) as whole_count,
        cast(null as date) as newest_date
    from registered
    left join daily_counts on registered.source_name = daily_counts.source_name
    where {{ source_location("registered.source_name") }} <> ''
    group by registered.source_name
{% endif %}
