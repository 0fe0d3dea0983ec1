{#- Score 1 to 5 by fixed values. `starts` are the values at which scores 2, 3, 4 and 5 start; for recency
    fewer days are better, so the comparison turns round. -#}
{% macro score_thresholds(column, starts, lower_is_better=false) -%}
    {%- set starts = starts | list -%}
    {%- set wanted = starts | sort(reverse=lower_is_better) -%}
    {%- if starts | length != 4 or starts != wanted or starts | unique | list | length != 4 -%}
        {{
            exceptions.raise_compiler_error(
                "The thresholds of "
                ~ column
                ~ " are "
                ~ starts
                ~ ": give four values, "
                ~ ("falling" if lower_is_better else "rising")
                ~ ", where scores 2, 3, 4 and 5 start"
            )
        }}
    {%- endif -%}
    case
        {%- for start in starts | reverse %}
            when {{ column }} {{ "<=" if lower_is_better else ">=" }} {{ start }}
            then {{ 6 - loop.index }}
        {%- endfor %}
        else 1
    end
{%- endmacro %}
