{#- A share as whole per cent, in words; for "more than" rounded down. -#}
{% macro whole_percent(share, is_rounded=true) -%}
    cast(
        cast(
            floor(
                100 * ({{ share }}) + {{ double_literal(0.5 if is_rounded else 1e-9) }}
            ) as {{ dbt.type_bigint() }}
        ) as {{ dbt.type_string() }}
    )
{%- endmacro %}
