{{ config(enabled=offers_entity("interactions", "marketing")) }}

{%- set ratings = source("marketing", "brand_ratings") %}
{%- set referrals = source("marketing", "referrals") %}
{%- set zone = source_zone("marketing") %}
{%- set rated_at = parse_timestamp("rated_at", column_kinds(ratings).rated_at, zone=zone) %}
{%- set referred_at = parse_timestamp(
    "referred_at", column_kinds(referrals).referred_at, zone=zone
) %}
{%- set rating = parse_integer("rating") %}

with

    brand_ratings as (

        {{
            stage_entity(
                "interactions",
                ratings,
                {
                    "interaction_id": "'brand_rating:' || " ~ clean_key("rating_id"),
                    "source_customer_id": clean_text("subscriber_id"),
                    "occurred_at": rated_at,
                    "interaction_type": "'brand_perception'",
                    "topic": "lower(" ~ clean_text("attribute") ~ ")",
                    "score": rating,
                    "score_max": "7",
                },
                checks=[[is_blank("subscriber_id"), "customer_missing"]]
                + date_checks("rated_at", rated_at)
                + value_checks("rating", rating, "score")
                + [[rating ~ " not between 1 and 7", "score_out_of_range"]],
                key=["interaction_id"],
            )
        }}

    ),

    {#- Whom they brought is somebody else: told by the hash of the address, as partners tell their buyers. #}
    referrals as (

        {{
            stage_entity(
                "interactions",
                referrals,
                {
                    "interaction_id": "'referral:' || " ~ clean_key("referral_id"),
                    "source_customer_id": clean_text("referrer_subscriber_id"),
                    "occurred_at": referred_at,
                    "interaction_type": "'referral'",
                    "reference_id": sha256_hex("lower(" ~ clean_text("referred_email") ~ ")"),
                },
                checks=[[is_blank("referrer_subscriber_id"), "customer_missing"]]
                + date_checks("referred_at", referred_at),
                key=["interaction_id"],
            )
        }}

    )

select *
from brand_ratings
union all
select *
from referrals
