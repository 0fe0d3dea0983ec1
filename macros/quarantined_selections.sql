{#- Where the rows that cannot be used are, beside those of orders: each entity with its relation (or a query in
    brackets) and the SQL of the key, the customer and the order of a row. Entities that are judged once more
    after staging are read from there. -#}
{% macro quarantined_selections() -%}
    {%- set found = [] -%}
    {%- if offers_entity("order_lines") -%}
        {%- do found.append(
            {
                "entity": "'order_lines'",
                "rows": ref("int_orders__lines_judged"),
                "key": "cast(line_number as " ~ dbt.type_string() ~ ")",
                "customer": "customer_id",
                "order": "order_id",
            }
        ) -%}
    {%- endif -%}
    {%- if has_interactions() -%}
        {%- do found.append(
            {
                "entity": "entity",
                "rows": ref("int_interactions__judged"),
                "key": "interaction_id",
                "customer": "source_customer_id",
                "order": "reference_id",
            }
        ) -%}
    {%- endif -%}
    {%- if offers_entity("customers") -%}
        {%- do found.append(
            {
                "entity": "'customers'",
                "rows": ref("int_identity__rejected_records"),
                "key": "source_record_id",
                "customer": "source_record_id",
                "order": "null",
            }
        ) -%}
    {%- endif -%}
    {%- set keys = {
        "products": "product_id",
        "consents": "source_customer_id",
        "campaigns": "campaign_id",
        "demographics": "source_record_id",
        "area_demographics": "postal_code",
        "market_research": "study",
        "ledger_entries": "account",
        "exchange_rates": "currency",
    } -%}
    {%- for entity, key in keys.items() if offers_entity(entity) -%}
        {%- do found.append(
            {
                "entity": "'" ~ entity ~ "'",
                "rows": "(select * from ("
                ~ union_sources(entity, [key, "quarantine_reason"])
                ~ ") as of_sources where quarantine_reason <> 'customer_erased')",
                "key": key,
                "customer": key if entity in ("consents", "demographics") else "null",
                "order": "null",
            }
        ) -%}
    {%- endfor -%}
    {#- Costs are judged once more where they are turned into the reporting currency. -#}
    {%- if offers_entity("marketing_costs") or offers_entity("product_costs") -%}
        {%- do found.append(
            {
                "entity": "entity",
                "rows": ref("int_profit__dated_costs"),
                "key": "cost_key",
                "customer": "null",
                "order": "null",
            }
        ) -%}
    {%- endif -%}
    {%- if offers_entity("shipping_costs") -%}
        {%- do found.append(
            {
                "entity": "'shipping_costs'",
                "rows": ref("int_profit__parcels"),
                "key": "order_id",
                "customer": "null",
                "order": "order_id",
            }
        ) -%}
    {%- endif -%}
    {%- if has_costs() -%}
        {%- do found.append(
            {
                "entity": "'activity_costs'",
                "rows": ref("int_profit__activity_rates"),
                "key": "activity",
                "customer": "null",
                "order": "null",
            }
        ) -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
