{#- The sum of doubles, added in the order of `position`, which tells the rows of a group apart: added in any order the
    last digit would change from run to run. -#}
{% macro ordered_sum(value, position) -%}
    {{ return(adapter.dispatch("ordered_sum", "rfm")(value, position)) }}
{%- endmacro %}

{% macro default__ordered_sum(value, position) -%}
    sum({{ value }} order by {{ position }})
{%- endmacro %}

{% macro spark__ordered_sum(value, position) -%}
    aggregate(
        array_sort(collect_list(named_struct('position', {{ position }}, 'value', {{ value }}))),
        cast(0 as double),
        (total, one) -> total + one.value
    )
{%- endmacro %}
