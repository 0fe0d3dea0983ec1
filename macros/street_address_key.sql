{#- What streets are compared by: the name without its kind (Straße, street, ulica), then the first number, wherever
    that stood. -#}
{% macro street_address_key(street) -%}
    {%- set kinds = "strasse|str|street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|square|sq|ul|ulica|rue|via|calle|allee|al" -%}
    {%- set words = plain_words("replace(" ~ street ~ ", '.', ' ')") -%}
    {%- set name = replace_pattern(
        words,
        "(^| )(" ~ kinds ~ ")( |$)|(strasse|str)( |$)|[0-9]+ ?[a-z]?( |$)|[0-9 ]",
        "",
    ) -%}
    nullif({{ name }} || ' ' || {{ replace_pattern(words, "^[^0-9]*([0-9]*).*$", "<1>") }}, ' ')
{%- endmacro %}
