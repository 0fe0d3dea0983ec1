{#- A share or probability of a setting, 0 to 1, as SQL. -#}
{% macro share_setting(name) -%}
    {%- set given = var(name) -%}
    {%- if given is not number or not 0 <= given <= 1 -%}
        {{
            exceptions.raise_compiler_error(
                name ~ " is '" ~ given ~ "': use a number from 0 to 1"
            )
        }}
    {%- endif -%}
    {{ return(double_literal(given)) }}
{%- endmacro %}
