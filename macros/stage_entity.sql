{#- Rows of a system in the columns of an entity, each with the reason why it cannot be used, if any;
    erased people are not named (without_erased).
    `source_rows` is a relation or a query in brackets; `columns` the SQL of each column, null for what is not named;
    `checks` conditions on the system's columns and their reasons, the first that holds counts. Where the entity has
    a `key` (names of its columns) rows that say the same are one row, and rows of one key that differ are all
    quarantined: nobody knows which is right. Of records of customers it can be known (one person changed, or a number
    given to another): int_identity__repeated_rows tells. -#}
{% macro stage_entity(entity, source_rows, columns, checks=[], key=[]) -%}
    {%- set may_repeat = entity in ["customers", "accounts"] -%}
    {%- set named = entity_columns(entity) -%}
    {%- set names = named | map(attribute=0) | list -%}
    {%- for name in columns if name not in names -%}
        {{ exceptions.raise_compiler_error("The entity " ~ entity ~ " has no column " ~ name) }}
    {%- endfor -%}
    {%- call without_erased(entity) %}
        with

            source_rows as (select * from {{ source_rows }} as given_rows),

            parsed as (

                select
                    {% if key %} distinct {% endif %}
                    {%- for name, type in named %}
                        cast({{ columns.get(name, "null") }} as {{ type }}) as {{ name }},
                    {%- endfor %}
                    cast({{ first_reason(checks) }} as {{ dbt.type_string() }}) as found_reason
                from source_rows

            )

            {%- if key -%}
                ,

                counted as (

                    select
                        *
                        {%- if not may_repeat %}
                            , count(*) over (partition by {{ key | join(", ") }}) as key_count
                        {%- endif %}
                    from parsed

                )
            {%- endif %}

        select {%- for name in names %} {{ name }}, {% endfor %}
        {%- if key %}
                case
                    when {{ key | join(" is null or ") }} is null
                    then 'key_missing'
                    {%- if not may_repeat %} when key_count > 1 then 'key_duplicate' {%- endif %}
                    else found_reason
                end as quarantine_reason
            from counted
        {%- else %} found_reason as quarantine_reason from parsed
        {%- endif %}
    {%- endcall %}
{%- endmacro %}
