{#- A share or probability of a setting, 0 to 1, as SQL. -#}
{% macro share_setting(name) -%}
    {%- set given = var(name) | string | trim -%}
    {%- if not modules.re.fullmatch(
        "(0|1)?([.][0-9]+)?", given
    ) or given == "" or given | float > 1 -%}
        {{
            exceptions.raise_compiler_error(
                name ~ " is '" ~ given ~ "': use a number from 0 to 1"
            )
        }}
    {%- endif -%}
    {{ return(double_literal(given)) }}
{%- endmacro %}
