{#- Whether two records say the same birth date, typing errors apart. False when one has none. -#}
{% macro birth_dates_agree(left, right) -%}
    (
        {{ left }}.birth_date is not null
        and {{ right }}.birth_date is not null
        and not {{ birth_dates_conflict(left, right) }}
    )
{%- endmacro %}
