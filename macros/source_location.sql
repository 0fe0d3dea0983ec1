{#- The file or table that a source of orders reads, empty when none is named, null for registered systems: only the rows
    of one export are compared from run to run. Digits are left out, so that orders-2024-02-01.csv follows
    orders-2024-01-31.csv. -#}
{% macro source_location(source_name) -%}
    {%- set locations = {
        "file": var("rfm_file_path"),
        "table": (
            [
                var("rfm_table_database"),
                var("rfm_table_schema"),
                var("rfm_table_name"),
            ]
            | join(".")
            if var("rfm_table_name")
            else ""
        ),
    } -%}
    case
        {{ source_name }}
        {%- for name, location in locations.items() %}
            when '{{ name }}'
            then '{{ dbt.escape_single_quotes(modules.re.sub("[0-9]+", "#", location)) }}'
        {%- endfor %}
    end
{%- endmacro %}
