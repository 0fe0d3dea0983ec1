{#- Score 1 to 5 in groups of equal size, as Hughes cuts them. Equal values can fall on two sides of a
    cut; the customer id then decides, and tie_dependence_share says for how many customers it did. -#}
{% macro score_ntile(column, partition_by) -%}
    cast(
        ntile(5) over (
            partition by {{ partition_by }} order by {{ column }}, {{ byte_order("customer_id") }}
        ) as {{ dbt.type_int() }}
    )
{%- endmacro %}
