{#- The tombstones of the records to leave out. Where records of people are compared, a new record with the e-mail
    address or another identifier of an erased person is one of them. -#}
{% macro erased_records() -%}
    {%- if offers_entity("customers") -%}
        select tombstone from {{ ref("int_identity__erased_records") }}
    {%- else -%} {{ erased_keys("record") }}
    {%- endif -%}
{%- endmacro %}

{#- The tombstones of one type: all that staging can know erased people by. -#}
{% macro erased_keys(tombstone_type) -%}
    select distinct tombstone
    from {{ ref("fitted_erasures") }}
    where tombstone_type = '{{ tombstone_type }}'
{%- endmacro %}

{#- One row, null until the first person is erased. -#}
{% macro erasure_salts() -%}
    select min(salt) as salt from {{ ref("fitted_erasure_salt") }}
{%- endmacro %}
