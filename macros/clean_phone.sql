{#- A phone number without what people put around it: digits, after a plus where it is international. The (0) of
    +44 (0)20 is for callers at home. -#}
{% macro clean_phone(text) -%}
    {%- set bare = replace_pattern(
        "lower(" ~ text ~ ")", "[^0-9]*(ext|x|durchwahl|#|;).*$|[.]0$|^[^0-9+]+", ""
    ) -%}
    translate(replace({{ bare }}, '(0)', ''), ' -.()/', '')
{%- endmacro %}
