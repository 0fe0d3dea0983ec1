{#- Whether a name is that of two people: Ann & Tom Lee, Ann und Tom Lee. -#}
{% macro names_two_people(name) -%}
    {{ matches_pattern(name, "(?i)[^ ] ?[&/+] ?[^ ]|[^ ] (and|und|et|oraz) [^ ]") }}
{%- endmacro %}
