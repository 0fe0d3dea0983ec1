{#- Score 1 to 5 as the R package rfm cuts: at the 20, 40, 60 and 80 % quantiles (R's type 7) plus one, each
    bin holding its lower bound. `cuts` names the four quantile columns. -#}
{% macro score_quantile_r(column, cuts, lower_is_better=false) -%}
    (
        {{ "5 -" if lower_is_better else "1 +" }} (
            {%- for cut in cuts %}
                case when {{ column }} >= {{ cut }} + 1 then 1 else 0 end {{ "+" if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}
