{#- The records at the ends of pairs, numbered in the order of their ids: numbers are joined several times faster
    than text. `queries` are queries of left_record_id, right_record_id; `number` is the name of the column. -#}
{% macro number_records(queries, number) -%}
    select
        record_id,
        cast(
            row_number() over (order by {{ byte_order("record_id") }}) as {{ dbt.type_bigint() }}
        ) as {{ number }}
    from
        (
            {%- for query in queries %}
                select left_record_id as record_id
                from ({{ query }}) as pairs
                union
                select right_record_id as record_id
                from ({{ query }}) as pairs
                {% if not loop.last %}
                    union
                {% endif %}
            {%- endfor %}
        ) as ends
{%- endmacro %}
