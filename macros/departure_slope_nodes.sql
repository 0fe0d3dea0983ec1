{#- Gauss-Legendre nodes and weights on (0, 1) for the slopes of departure_odds: 12, the second half of which mirrors the
    first. Slopes need fewer digits than the odds; these reach 1e-4. -#}
{% macro departure_slope_nodes() -%}
    {%- set nodes = [] -%}
    {%- for node, weight in [
        (0.009219682876640378, 0.023587668193255706),
        (0.0479413718147626, 0.05346966299765953),
        (0.11504866290284765, 0.08003916427167321),
        (0.20634102285669126, 0.10158371336153287),
        (0.31608425050090994, 0.1167462682691773),
        (0.43738329574426554, 0.12457352290670134),
    ] -%}
        {%- do nodes.append((node, weight)) -%} {%- do nodes.append((1 - node, weight)) -%}
    {%- endfor -%}
    {{ return(nodes | sort) }}
{%- endmacro %}
