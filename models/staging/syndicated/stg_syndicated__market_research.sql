{{ config(enabled=offers_entity("market_research", "syndicated")) }}

{%- set research = source("syndicated", "market_research") %}
{%- set kinds = column_kinds(research) %}
{%- set share = parse_double("share", kinds.share) %}
{%- set respondents = parse_integer("respondents") %}

{{
    stage_entity(
        "market_research",
        research,
        {
            "study": clean_text("study"),
            "segment": clean_text("segment"),
            "question": clean_text("question"),
            "answer": clean_text("answer"),
            "answer_share": share,
            "respondent_count": respondents,
        },
        checks=value_checks("share", share, "share")
        + [[share ~ " < 0 or " ~ share ~ " > 1", "share_out_of_range"]]
        + value_checks("respondents", respondents, "respondent_count", required=false),
        key=["study", "segment", "question", "answer"],
    )
}}
