{#- A share as whole per cent, in words. -#}
{% macro whole_percent(share) -%}
    cast(
        cast(
            floor(100 * ({{ share }}) + {{ double_literal(0.5) }}) as {{ dbt.type_bigint() }}
        ) as {{ dbt.type_string() }}
    )
{%- endmacro %}
