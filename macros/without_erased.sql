{#- Staged orders (the SQL of stage_orders) of one source, those of erased people without anything that says whose
    they are. Their money and their day stay, so that totals can be compared with the source's; the number of the
    row stays, so that it can be erased in the file. -#}
{% macro without_erased(source_name, staged_orders) -%}
    {%- set is_erased = "erased_records.tombstone is not null" -%}
    {%- set personal = [
        "source_customer_id",
        "order_id",
        "ordered_at",
        "same_sale_order_id",
        "ordered_at_text",
        "amount_text",
    ] -%}
    with

        staged as ({{ staged_orders }}),

        erased_records as ({{ erased_record_keys() }}),

        salts as ({{ erasure_salts() }}),

        keyed as (

            select
                staged.*,
                {{
                    record_tombstone(
                        "'" ~ source_name ~ "'", "staged.source_customer_id", "salts.salt"
                    )
                }} as record_tombstone
            from staged
            cross join salts

        )

    select
        {% for column in order_columns() %}
            {% if column in personal %}
                case when not ({{ is_erased }}) then keyed.{{ column }} end as {{ column }}
            {% elif column == "order_date" %}
                {# A date that could not be used before says nothing about the calendar either. #}
                case
                    when not ({{ is_erased }}) or keyed.quarantine_reason is null
                    then keyed.order_date
                end as order_date
            {% elif column == "quarantine_reason" %}
                case
                    when {{ is_erased }} then 'customer_erased' else keyed.quarantine_reason
                end as quarantine_reason
            {% else %} keyed.{{ column }}
            {% endif %} {{ "," if not loop.last }}
        {% endfor %}
    from keyed
    left join erased_records on keyed.record_tombstone = erased_records.tombstone
{%- endmacro %}
