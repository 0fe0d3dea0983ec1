{#- Whether a number in E.164 form is a mobile one, in the countries whose numbers tell: the United Kingdom, Ireland, Germany,
    Austria, Switzerland, France, Belgium, the Netherlands, Italy, Spain, Poland. Elsewhere false. -#}
{% macro is_mobile_number(phone) -%}
    {{
        matches_pattern(
            phone,
            "^[+](447[1-57-9]|3538[35679]|491[567]|436[5-9]|417[5-9]|33[67]|324[5-9]|316|393|34[67]|48(45|5[0137]|6[069]|7[2389]|88))[0-9]+$",
        )
    }}
{%- endmacro %}
