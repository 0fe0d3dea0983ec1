{{ config(enabled=offers_entity("customers")) }}

{%- set columns = [] -%}
{%- for parts in survivorship_parts().values() -%}
    {%- for part in parts -%} {%- do columns.append(part) -%} {%- endfor -%}
{%- endfor -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    best_records as (select * from {{ ref("int_identity__best_records") }}),

    parts as (

        {% for choice, parts in survivorship_parts().items() %}
            {%- set is_last = loop.last -%}
            {% for part in parts %}
                select '{{ choice }}' as choice, '{{ part }}' as part
                {% if not (loop.last and is_last) %}
                    union all
                {% endif %}
            {% endfor %}
        {% endfor %}

    ),

    valued as (

        select
            best_records.customer_id,
            case when parts.part = 'other_phone' then 'phone' else parts.part end as attribute,
            case
                {% for column in columns %}
                    when parts.part = '{{ column }}'
                    then cast(records.{{ column }} as {{ dbt.type_string() }})
                {% endfor %}
            end as value,
            records.source_name,
            best_records.record_id,
            best_records.survivorship_rule
        from best_records
        inner join parts on best_records.choice = parts.choice
        inner join records on best_records.record_id = records.record_id

    )

select
    customer_id,
    cast(attribute as {{ dbt.type_string() }}) as attribute,
    value,
    source_name,
    record_id,
    survivorship_rule
from valued
where value is not null
