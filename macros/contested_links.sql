{#- What int_identity__clusters decides anew: the links and cannot-links of the components that hold a cannot-link. Who
    forced a link comes first, then strength, then ids. -#}
{% macro contested_links() -%}
    select
        links.left_record_id,
        links.right_record_id,
        row_number() over (
            order by
                case when links.link_method = 'forced' then 0 else 1 end,
                links.strength desc,
                {{ byte_order("links.left_record_id") }},
                {{ byte_order("links.right_record_id") }}
        ) as link_rank
    from {{ ref("int_identity__links") }} as links
    inner join
        {{ ref("int_identity__components") }} as components
        on links.left_record_id = components.record_id
    where
        links.veto_reason is null
        and components.component_id in (
            select contested.component_id
            from {{ ref("int_identity__components") }} as contested
            inner join
                {{ ref("int_identity__cannot_links") }} as cannot_links
                on contested.record_id = cannot_links.left_record_id
        )
{%- endmacro %}

{% macro contested_pairs() -%}
    select left_record_id, right_record_id from {{ ref("int_identity__cannot_links") }}
{%- endmacro %}

{% macro kept_links() -%}
    select left_record_id, right_record_id from {{ scratch_table("kept") }}
{%- endmacro %}
