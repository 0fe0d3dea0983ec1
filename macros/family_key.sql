{#- What family names are compared by: no blanks, no accents, ae as a, oe as o, ue as u (Müller, Mueller), and no particles
    (van den Berg, Berg). -#}
{% macro family_key(name) -%}
    {%- set particles = "van|von|vom|zu|de|den|der|del|della|di|da|do|dos|du|la|le|ter|ten|af|al|el|bin|y" -%}
    {%- set bare = replace_pattern(plain_words(name), "^((" ~ particles ~ ") +)+", "") -%}
    nullif({{ replace_pattern(bare, "([aou])e| +", "<1>") }}, '')
{%- endmacro %}
