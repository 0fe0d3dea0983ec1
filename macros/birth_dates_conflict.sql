{#- Whether two birth dates cannot be those of one person. Day and month swapped or one digit mistyped are no conflict:
    two dates drawn by chance are that near once in some 600 pairs. A year alone is held against
    the other's year. `left` and `right` are tables with birth_date and birth_year. -#}
{% macro birth_dates_conflict(left, right) -%}
    {%- set left_date = "cast(" ~ left ~ ".birth_date as " ~ dbt.type_string() ~ ")" -%}
    {%- set right_date = "cast(" ~ right ~ ".birth_date as " ~ dbt.type_string() ~ ")" -%}
    case
        when {{ left }}.birth_date = {{ right }}.birth_date
        then false
        when {{ left }}.birth_date is not null and {{ right }}.birth_date is not null
        then
            not (
                {{ within_one_edit(left_date, right_date, 10) }}
                or (
                    extract(year from {{ left }}.birth_date)
                    = extract(year from {{ right }}.birth_date)
                    and extract(month from {{ left }}.birth_date)
                    = extract(day from {{ right }}.birth_date)
                    and extract(day from {{ left }}.birth_date)
                    = extract(month from {{ right }}.birth_date)
                )
            )
        when {{ left }}.birth_year is not null and {{ right }}.birth_year is not null
        then {{ left }}.birth_year <> {{ right }}.birth_year
        else false
    end
{%- endmacro %}
