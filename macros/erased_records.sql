{#- The tombstones of the records to leave out. Where records of people are compared, a new record with the e-mail
    address or another identifier of an erased person is one of them. -#}
{% macro erased_records() -%}
    {%- if offers_entity("customers") -%}
        select tombstone from {{ ref("int_identity__erased_records") }}
    {%- else -%} {{ erased_record_keys() }}
    {%- endif -%}
{%- endmacro %}

{% macro erased_record_keys() -%}
    select distinct tombstone from {{ ref("fitted_erasures") }} where tombstone_type = 'record'
{%- endmacro %}

{#- One row, null until the first person is erased. -#}
{% macro erasure_salts() -%}
    select min(salt) as salt from {{ ref("fitted_erasure_salt") }}
{%- endmacro %}
