{%- set has_records = offers_entity("customers") -%}
{%- set attributes = [
    "first_name",
    "last_name",
    "company_name",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
    "country_code",
] -%}

with

    orders_by_customer as (select * from {{ ref("int_orders__by_customer") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    current_orders as (

        select orders_by_customer.*
        from orders_by_customer
        inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date

    ),

    {% if has_records %}
        known as (select * from {{ ref("int_customers__known") }}),

        best_values as (

            select
                customer_id,
                {%- for attribute in attributes + ["birth_date"] %}
                    max(value) filter (where attribute = '{{ attribute }}') as {{ attribute }}
                    {{- "," if not loop.last }}
                {%- endfor %}
            from {{ ref("int_identity__best_values") }}
            group by customer_id

        ),

        {#- Everyone with orders is known by a record; not everyone known has orders. -#}
        customers as (

            select
                known.customer_id,
                known.account_id,
                known.entity_type,
                as_of_dates.as_of_date,
                known.first_record_date,
                known.source_count,
                current_orders.first_order_date,
                current_orders.last_order_date,
                coalesce(current_orders.order_count, 0) as order_count,
                coalesce(current_orders.revenue_amount, 0) as revenue_amount,
                {%- for attribute in attributes %} best_values.{{ attribute }}, {%- endfor %}
                best_values.birth_date
            from known
            cross join as_of_dates
            left join current_orders on known.customer_id = current_orders.customer_id
            left join best_values on known.customer_id = best_values.customer_id

        )
    {% else %}
        customers as (

            select
                customer_id,
                cast(null as {{ dbt.type_string() }}) as account_id,
                cast(null as {{ dbt.type_string() }}) as entity_type,
                as_of_date,
                first_order_date as first_record_date,
                1 as source_count,
                first_order_date,
                last_order_date,
                order_count,
                revenue_amount,
                {%- for attribute in attributes %}
                    cast(null as {{ dbt.type_string() }}) as {{ attribute }},
                {%- endfor %}
                cast(null as date) as birth_date
            from current_orders

        )
    {% endif %}

select
    customer_id,
    account_id,
    as_of_date,
    {% if has_records -%}
        case
            when first_record_date is null or first_order_date < first_record_date
            then first_order_date
            else first_record_date
        end
    {%- else -%} first_order_date
    {%- endif %} as first_seen_date,
    first_order_date,
    last_order_date,
    cast(birth_date as date) as birth_date,
    entity_type,
    {%- for attribute in attributes %} {{ attribute }}, {%- endfor %}
    cast(source_count as {{ dbt.type_int() }}) as source_count,
    order_count,
    revenue_amount,
    case
        when order_count > 0 then {{ divide_money("revenue_amount", "order_count") }}
    end as mean_order_amount
from customers
