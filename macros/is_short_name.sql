{#- Whether a name is the beginning of another one. Of names that the seed given_names knows it says for what they are
    short: Dan is Daniel, not Daniela. -#}
{% macro is_short_name(short, long) -%}
    (
        not coalesce({{ short }}.is_given_name_listed, true)
        and length({{ short }}.given_name_key) >= 3
        and length({{ long }}.given_name_key) >= length({{ short }}.given_name_key) + 2
        and substr({{ long }}.given_name_key, 1, length({{ short }}.given_name_key))
        = {{ short }}.given_name_key
    )
{%- endmacro %}
