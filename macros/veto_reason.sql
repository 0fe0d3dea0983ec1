{#- Why two records cannot be one customer, or null. `left` and `right` are tables with the columns of
    int_identity__records, `decision` is the decision_type of the pair (null for none). Who forces a link knows more than
    names, dates and numbers say; a company and a person are never one, whoever says so. Of a person's tax id, name and
    birth date one may be mistyped: where two of them agree, the third speaks in vain. -#}
{% macro veto_reason(left, right, decision) -%}
    {%- set is_tax_id_near -%}
        (
            {{ left }}.entity_type = 'person'
            and {{ within_one_edit(left ~ ".tax_id", right ~ ".tax_id") }}
        )
    {%- endset -%}
    case
        when {{ decision }} = 'force_split'
        then 'force_split'
        when {{ left }}.entity_type <> {{ right }}.entity_type
        then 'entity_type_conflict'
        when {{ decision }} = 'force_link'
        then null
        when
            {{ left }}.tax_id = {{ right }}.tax_id
            and ({{ names_agree(left, right) }} or {{ birth_dates_agree(left, right) }})
        then null
        {# Twins have one birth date, and often numbers next to each other: of them the whole name is asked for. #}
        when
            {{ left }}.tax_id <> {{ right }}.tax_id
            and {{ left }}.entity_type = 'person'
            and {{ names_agree(left, right, with_family=true) }}
            and ({{ is_tax_id_near }} or {{ birth_dates_agree(left, right) }})
        then null
        when {{ left }}.tax_id <> {{ right }}.tax_id and not {{ is_tax_id_near }}
        then 'tax_id_conflict'
        when {{ birth_dates_conflict(left, right) }}
        then 'birth_date_conflict'
        when
            {{ left }}.entity_type = 'person'
            and {{ given_names_conflict(left, right) }}
            and not {{ names_swapped(left, right) }}
        then 'first_name_conflict'
    end
{%- endmacro %}
