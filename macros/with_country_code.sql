{#- The rows of a relation with `found_country_code`: names of countries as the seed country_names has them, or
    a code of two letters. -#}
{% macro with_country_code(relation, column="country") -%}
    (
        select
            country_rows.*,
            coalesce(
                country_names.country_code,
                case
                    when {{ matches_pattern("trim(country_rows." ~ column ~ ")", "^[A-Za-z]{2}$") }}
                    then upper(trim(country_rows.{{ column }}))
                end
            ) as found_country_code
        from {{ relation }} as country_rows
        left join
            {{ ref("country_names") }} as country_names
            on lower(trim(country_rows.{{ column }})) = country_names.country_name
    )
{%- endmacro %}
