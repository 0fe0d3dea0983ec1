{#- The last step of every run. DuckDB keeps changes in its log and folds them into the file when it is closed;
    if the disk is full then, nobody hears of it and they are lost. Asked for now, the failure fails the run. -#}
{% macro write_everything_down() -%}
    {{ return(adapter.dispatch("write_everything_down", "rfm")()) }}
{%- endmacro %}

{% macro default__write_everything_down() -%} {%- endmacro %}

{% macro duckdb__write_everything_down() -%} checkpoint {%- endmacro %}
