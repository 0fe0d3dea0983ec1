{#- The staged rows of an entity (the SQL of the caller), those of erased people without anything that says whose they
    are, so that nothing of them is copied. The rows stay, to be counted: their day, their money and what is counted of
    an event. Rows of others that name an erased person stay without the name, and entities of nobody as they are. -#}
{% macro without_erased(entity) -%}
    {%- set columns = (
        order_columns()
        if entity == "orders"
        else (entity_columns(entity) | map(attribute=0) | list + ["quarantine_reason"])
    ) -%}
    {%- set owner = columns | select("in", ["source_customer_id", "source_record_id"]) | first -%}
    {%- if not owner -%} {{ caller() }}
    {%- else -%}
        {%- set source_name = staged_source() -%}
        {%- set named = (
            columns
            | select("in", ["account_record_id", "parent_record_id", "reference_id"])
            | first
        ) -%}
        {%- set told = {
            "orders": [
                "source_row_number",
                "source_path",
                "amount",
                "currency",
                "channel",
                "same_sale_source",
            ],
            "payments": ["due_date", "amount", "currency", "method"],
            "interactions": [
                "interaction_type",
                "channel",
                "amount",
                "currency",
                "score",
                "score_max",
                "handle_minutes",
            ],
        }.get(entity, []) -%}
        {#- By the number of an order its refunds and lines are known, and the same sale that another system tells of.
            A file or table has none of them. -#}
        {%- if source_name not in ["file", "table"] and entity == "orders" -%}
            {%- set told = told + ["order_id", "same_sale_order_id"] -%}
        {%- endif -%}
        {%- set is_erased = "erased_records.tombstone is not null" -%}
        with

            staged as ({{ caller() }}),

            erased_records as ({{ erased_keys("record") }}),

            {% if named == "reference_id" %} erased_names as ({{ erased_keys("email_hash") }}),
            {% elif named %} erased_names as (select * from erased_records),
            {% endif %}

            salts as ({{ erasure_salts() }}),

            keyed as (

                select
                    staged.*,
                    {{ record_tombstone("'" ~ source_name ~ "'", "staged." ~ owner, "salts.salt") }}
                    as record_tombstone
                    {%- if named == "reference_id" %}
                        , {{ referral_tombstone("staged", "salts.salt") }} as name_tombstone
                    {%- elif named %}
                        ,
                        {{
                            record_tombstone(
                                "'" ~ source_name ~ "'", "staged." ~ named, "salts.salt"
                            )
                        }} as name_tombstone
                    {%- endif %}
                from staged
                cross join salts

            )

        select
            {% for column in columns %}
                {% if column == "quarantine_reason" %}
                    case
                        when {{ is_erased }} then 'customer_erased' else keyed.quarantine_reason
                    end
                {% elif column == "order_date" %}
                    {# A date that could not be used before says nothing about the calendar either. #}
                    case
                        when not ({{ is_erased }}) or keyed.quarantine_reason is null
                        then keyed.order_date
                    end
                {% elif column in ["paid_at", "occurred_at"] %}
                    case
                        when {{ is_erased }}
                        then
                            {{
                                local_to_utc(
                                    "cast("
                                    ~ to_reporting_date("keyed." ~ column)
                                    ~ " as "
                                    ~ dbt.type_timestamp()
                                    ~ ")"
                                )
                            }}
                        else keyed.{{ column }}
                    end
                {% elif column == named %}
                    case
                        when not ({{ is_erased }}) and erased_names.tombstone is null
                        then keyed.{{ column }}
                    end
                {% elif column in told %} keyed.{{ column }}
                {% else %} case when not ({{ is_erased }}) then keyed.{{ column }} end
                {% endif %} as {{ column }} {{ "," if not loop.last }}
            {% endfor %}
        from keyed
        left join erased_records on keyed.record_tombstone = erased_records.tombstone
        {% if named %} left join erased_names on keyed.name_tombstone = erased_names.tombstone
        {% endif %}
    {%- endif %}
{%- endmacro %}
