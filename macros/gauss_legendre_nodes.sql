{#- Gauss-Legendre nodes and weights for an integral over (0, 1): 24, the second half of which mirrors the first. Smooth
    integrands reach 1e-11 relative; rfm_cli/ltv/departures.py takes more, for derivatives. -#}
{% macro gauss_legendre_nodes() -%}
    {%- set nodes = [] -%}
    {%- for node, weight in [
        (0.0024063900014893447, 0.006170614899994345),
        (0.012635722014345263, 0.01426569431446678),
        (0.0308627239986336, 0.022138719408709706),
        (0.056792236497799464, 0.02964929245771818),
        (0.08999900701304853, 0.03667324070554008),
        (0.12993790421072282, 0.0430950807659766),
        (0.17595317403151223, 0.04880932605205696),
        (0.22728926430558022, 0.05372213505798278),
        (0.28310324618697746, 0.05775283402686276),
        (0.3424786601519183, 0.06083523646390165),
        (0.40444056626319186, 0.06291872817341412),
        (0.4679715535686972, 0.06396909767337601),
    ] -%}
        {%- do nodes.append((node, weight)) -%} {%- do nodes.append((1 - node, weight)) -%}
    {%- endfor -%}
    {{ return(nodes | sort) }}
{%- endmacro %}
