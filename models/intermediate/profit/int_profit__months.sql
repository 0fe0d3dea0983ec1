{{ config(enabled=has_costs()) }}

with movements as (select * from {{ ref("int_profit__movements") }})

select
    substr(cast(movement_date as {{ dbt.type_string() }}), 1, 7) as period,
    source_name
    {%- for column, type in movement_columns().items() if column.endswith("_amount") %}
        , cast(sum({{ column }}) as {{ type }}) as {{ column }}
    {%- endfor %}
from movements
group by substr(cast(movement_date as {{ dbt.type_string() }}), 1, 7), source_name
