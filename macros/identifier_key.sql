{#- What numbers of cards, customers and tax offices are compared by: capital letters and digits. Null when too short
    to tell anybody apart, or of one digit over and over. -#}
{% macro identifier_key(text, min_length=1) -%}
    {%- set bare = replace_pattern("upper(" ~ text ~ ")", "[^A-Z0-9]", "") -%}
    {%- set repeated = [] -%}
    {%- for digit in "0123456789X" -%} {%- do repeated.append(digit ~ "+") -%} {%- endfor -%}
    case
        when
            length({{ bare }}) >= {{ min_length }}
            {%- if min_length > 1 %}
                and not {{ matches_pattern(bare, "^(" ~ repeated | join("|") ~ ")$") }}
            {%- endif %}
        then {{ bare }}
    end
{%- endmacro %}
