{#- dbt.type_float() has only four bytes on DuckDB and Spark. -#}
{% macro type_double() -%} {{ return(adapter.dispatch("type_double", "rfm")()) }} {%- endmacro %}

{% macro default__type_double() -%} double precision {%- endmacro %}

{% macro duckdb__type_double() -%} double {%- endmacro %}

{% macro spark__type_double() -%} double {%- endmacro %}
