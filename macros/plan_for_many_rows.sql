{#- Lets PostgreSQL plan for what these models are: a few long statements over tables made a moment ago. Without
    statistics it takes the rows of a join for one and compares all pairs in nested loops, and it compiles long
    expressions to machine code for longer (seconds) than they then run. Lasts as long as the session. -#}
{% macro plan_for_many_rows() -%}
    {{ return(adapter.dispatch("plan_for_many_rows", "rfm")()) }}
{%- endmacro %}

{% macro default__plan_for_many_rows() -%} {%- endmacro %}

{% macro postgres__plan_for_many_rows() -%}
    select set_config('enable_nestloop', 'off', false), set_config('jit', 'off', false)
{%- endmacro %}
