{#- The odds that a customer has left by the as-of date, whatever the model (docs/lifetime-value.md). Expects the column
    ltv_method and those of departure_odds and bg_departure_odds. -#}
{% macro odds_of_being_gone() -%}
    case
        when ltv_method = 'pareto_nbd' then {{ departure_odds() }} else {{ bg_departure_odds() }}
    end
{%- endmacro %}
