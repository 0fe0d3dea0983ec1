{#- How far, in logarithms of time, departure_odds has to look from the last order on: to the as-of date, or to where what
    is added up has fallen by e^-36. Expects the columns order_shape r + x, s, and start and end of both clocks, alpha
    and beta plus t_x and plus T. -#}
{% macro departure_span() -%}
    {%- set fall = double_literal(36) -%}
    {%- set longest = double_literal(50) -%}
    ln(
        1 + least(
            order_end - order_start,
            order_start * (exp(least({{ fall }} / order_shape, {{ longest }})) - 1),
            dropout_start * (exp(least({{ fall }} / s, {{ longest }})) - 1)
        )
        / least(order_start, dropout_start)
    )
{%- endmacro %}
