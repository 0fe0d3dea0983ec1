{#- The links that nothing speaks against, for the models that compute in rounds. -#}
{% macro unvetoed_links() -%}
    select left_record_id, right_record_id
    from {{ ref("int_identity__links") }}
    where veto_reason is null
{%- endmacro %}
