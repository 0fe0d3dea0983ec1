{#- Pareto/NBD: the odds that a customer has left since the last order (docs/lifetime-value.md),
        s * integral of ((alpha+T)/(alpha+u))^(r+x) ((beta+T)/(beta+u))^s / (beta+u) du,   u from t_x to T,
    by quadrature in ln(m+u), m the smaller of alpha and beta. Expects the columns of departure_span, and that as
    departure_span. Odds above e^700 are as good as certain, and not every engine knows infinity. -#}
{% macro departure_odds() -%}
    {%- set smaller = "least(order_start, dropout_start)" -%}
    exp(least(700, order_shape * ln(order_end / order_start) + s * ln(dropout_end / dropout_start)))
    * s
    * departure_span
    * (
        {%- for node, weight in gauss_legendre_nodes() %}
            {%- set growth = "exp(departure_span * " ~ double_literal(node) ~ ")" %}
            {%- set elapsed = smaller ~ " * (" ~ growth ~ " - 1)" %}
            {{ double_literal(weight) }} * exp(
                - order_shape * ln(1 + {{ elapsed }} / order_start)
                - s * ln(1 + {{ elapsed }} / dropout_start)
            )
            * {{ smaller }}
            * {{ growth }}
            / (dropout_start + {{ elapsed }}) {{ "+" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
