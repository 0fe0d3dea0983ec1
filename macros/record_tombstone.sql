{#- What is kept of the key of an erased record, to know it by when a source sends it again: a salted hash, twice. Null
    without a salt, which is made when the first person is erased: until then nothing is hashed. The command line
    writes the same (rfm_cli/erasure/tombstones.py). -#}
{% macro record_tombstone(source_name, source_record_id, salt) -%}
    {{ tombstone("'record'", source_name ~ " || ':' || " ~ source_record_id, salt) }}
{%- endmacro %}

{#- Of whom a referral names, by the hash of the address. -#}
{% macro referral_tombstone(interactions, salt) -%}
    case
        when {{ interactions }}.interaction_type = 'referral'
        then {{ tombstone("'email_hash'", interactions ~ ".reference_id", salt) }}
    end
{%- endmacro %}

{% macro tombstone(tombstone_type, value, salt) -%}
    {%- set inner_hash = sha256_hex(salt ~ " || " ~ tombstone_type ~ " || ':' || " ~ value) -%}
    case when {{ salt }} is not null then {{ sha256_hex(salt ~ " || " ~ inner_hash) }} end
{%- endmacro %}
