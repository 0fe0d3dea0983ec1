{#- The newest row of each record in a table of assignments. -#}
{% macro latest_assignments(assignments) -%}
    select assignment_number, as_of_date, record_id, customer_id, is_present
    from
        (
            select
                *,
                row_number() over (partition by record_id order by assignment_number desc) as newest
            from {{ assignments }}
        ) as ranked
    where newest = 1
{%- endmacro %}
