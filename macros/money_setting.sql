{#- An amount of money of a setting as SQL, none where the setting is empty; negative money is refused. -#}
{% macro money_setting(name) -%}
    {%- set given = var(name) | string | trim -%}
    {%- if given in ("", "None") -%} {{ return(none) }} {%- endif -%}
    {%- if not modules.re.fullmatch("[0-9]+([.][0-9]{1,2})?", given) -%}
        {{
            exceptions.raise_compiler_error(
                name
                ~ " is '"
                ~ given
                ~ "': write an amount of money, 0 or more, such as 1500 or 99.50"
            )
        }}
    {%- endif -%}
    {{ return("cast('" ~ given ~ "' as " ~ type_money() ~ ")") }}
{%- endmacro %}
