{#- What names of companies are compared by: letters and digits without accents and blanks, and without the legal form. -#}
{% macro company_key(name) -%}
    {%- set forms = "gmbh|mbh|ag|kg|kgaa|ug|ohg|gbr|se|ev|ltd|limited|llp|plc|inc|incorporated|corp|corporation|co|company|llc|sa|sas|sarl|srl|spa|bv|nv|oy|ab|aps|as|spzoo|sp|z|oo|zoo|cie" -%}
    {%- set bare = replace_pattern(plain_words(name), "( +(" ~ forms ~ "))+$", "") -%}
    nullif(replace({{ bare }}, ' ', ''), '')
{%- endmacro %}
