{#- Score 1 to 5 by the middle of the ranks that equal values share, so equal values get equal scores.
    Bins may be uneven, and may be empty when there are few distinct values. -#}
{% macro score_midrank(column, partition_by) -%}
    cast(
        1 + floor(
            {{ double_literal(5) }} * (
                rank() over (partition by {{ partition_by }} order by {{ column }})
                - 1
                + count(*) over (partition by {{ partition_by }} order by {{ column }})
            )
            / (2 * count(*) over (partition by {{ partition_by }}))
        ) as {{ dbt.type_int() }}
    )
{%- endmacro %}
