{#- Spark keeps the text of a view in its catalogue, which has no room for this one. -#}
{{ config(materialized="table" if target.type == "spark" else "view") }}

{%- set is_pareto = var("rfm_ltv_model") == "pareto_nbd" -%}
{%- set is_corrected = var("rfm_ltv_correction") != "none" -%}
{%- set nodes = departure_slope_nodes() -%}
{%- set orders = ["r", "alpha", "a", "b", "s", "beta"] -%}
{%- set spend = ["p", "q", "v"] -%}

-- depends_on: {{ ref("int_ltv__corrected") }}
with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    living as (select * from {{ ref("int_ltv__living_moments") }}),

    {% if is_corrected %}
        corrected as (select customer_id, ltv_12m_amount from {{ ref("int_ltv__corrected") }}),
    {% endif %}

    histories as (

        select
            customers.as_of_date,
            customers.customer_id,
            customers.fit_group,
            customers.repeat_order_count,
            customers.observed_days,
            case
                when customers.repeat_amount > 0
                then cast(customers.repeat_amount as {{ type_double() }})
                else 0
            end as repeat_amount,
            fits.model as ltv_method,
            {%- for parameter in orders + spend %} fits.{{ parameter }}, {%- endfor %}
            fits.r + customers.repeat_order_count as order_shape,
            fits.alpha + customers.first_to_last_days as order_start,
            fits.alpha + customers.observed_days as order_end,
            fits.beta + customers.first_to_last_days as dropout_start,
            fits.beta + customers.observed_days as dropout_end,
            fits.p * customers.repeat_order_count + fits.q as spend_shape
        from customers
        inner join fits on customers.fit_group = fits.ltv_group

    ),

    spans as (

        select
            *, case when ltv_method = 'pareto_nbd' then {{ departure_span() }} end as departure_span
        from histories

    ),

    odds as (select *, {{ odds_of_being_gone() }} as odds_of_being_gone from spans),

    {% if is_pareto %}
        {#- When those who left have left: weights at nodes of the time since the last order. -#}
        elapsed as (

            select
                *
                {%- for node, _ in nodes %}
                    ,
                    least(order_start, dropout_start) * (
                        exp(departure_span * {{ double_literal(node) }}) - 1
                    ) as elapsed_{{ loop.index }}
                {%- endfor %}
            from odds

        ),

        weighed as (

            select
                *
                {%- for _, weight in nodes %}
                    {%- set time = "elapsed_" ~ loop.index %},
                    {{ double_literal(weight) }} * exp(
                        - order_shape * ln(1 + {{ time }} / order_start)
                        - s * ln(1 + {{ time }} / dropout_start)
                    )
                    * (least(order_start, dropout_start) + {{ time }})
                    / (dropout_start + {{ time }}) as weight_{{ loop.index }}
                {%- endfor %}
            from elapsed

        ),

        departures as (

            select
                *,
                {% for _ in nodes %}
                    weight_{{ loop.index }} {{ "+" if not loop.last }}
                {% endfor %} as total_weight
                {%- for clock in ["order", "dropout"] %}
                    ,
                    {% for _ in nodes %}
                        weight_{{ loop.index }}
                        * ln(1 + elapsed_{{ loop.index }} / {{ clock }}_start)
                        {{ "+" if not loop.last }}
                    {% endfor %} as {{ clock }}_growth,
                    {% for _ in nodes %}
                        weight_{{ loop.index }} / ({{ clock }}_start + elapsed_{{ loop.index }})
                        {{ "+" if not loop.last }}
                    {% endfor %} as {{ clock }}_pace
                {%- endfor %}
            from weighed

        ),
    {% endif %}

    {#- Slopes of the logarithm of these odds, along the log-parameters. -#}
    odds_slopes as (

        select
            as_of_date,
            customer_id,
            fit_group,
            repeat_order_count,
            observed_days,
            {%- for parameter in spend %} {{ parameter }}, {%- endfor %}
            v + repeat_amount as spend_scale,
            spend_shape,
            {#- Powers of less would be too small for a double. -#}
            case
                when odds_of_being_gone < 1e60 then 1 / (1 + odds_of_being_gone) else 0
            end as alive_probability,
        {% if is_pareto %}
                r * (ln(order_end / order_start) - order_growth / total_weight) as odds_slope_r,
                alpha
                * order_shape
                * (1 / order_end - order_pace / total_weight) as odds_slope_alpha,
                cast(null as {{ type_double() }}) as odds_slope_a,
                cast(null as {{ type_double() }}) as odds_slope_b,
                1
                + s
                * (ln(dropout_end / dropout_start) - dropout_growth / total_weight) as odds_slope_s,
                beta * (s / dropout_end - (s + 1) * dropout_pace / total_weight) as odds_slope_beta
            from departures
        {% else %}
                r * ln(order_end / order_start) as odds_slope_r,
                alpha * order_shape * (1 / order_end - 1 / order_start) as odds_slope_alpha,
                cast(1 as {{ type_double() }}) as odds_slope_a,
                {#- Without a chance to leave there are no odds: 0 times what stands here. -#}
                - b / (
                    b + case
                        when ltv_method = 'bg_nbd' and repeat_order_count > 0
                        then repeat_order_count - 1
                        else repeat_order_count
                    end
                ) as odds_slope_b,
                cast(null as {{ type_double() }}) as odds_slope_s,
                cast(null as {{ type_double() }}) as odds_slope_beta
            from odds
        {% endif %}

    ),

    values_of_living as (

        select
            odds_slopes.*,
            living.orders_365d,
            living.order_pairs_365d,
            living.discounted_orders_12m,
            {%- for parameter in orders %} living.slope_{{ parameter }}, {%- endfor %}
            odds_slopes.p * odds_slopes.spend_scale / (odds_slopes.spend_shape - 1) as order_value
        from odds_slopes
        inner join
            living
            on odds_slopes.fit_group = living.fit_group
            and odds_slopes.repeat_order_count = living.repeat_order_count
            and odds_slopes.observed_days = living.observed_days

    ),

    modelled as (

        select *, alive_probability * discounted_orders_12m * order_value as ltv_12m_amount
        from values_of_living

    ),

    {#- What a model expects may be corrected. -#}
    scaled as (

        select
            modelled.*,
            {% if is_corrected -%}
                coalesce(corrected.ltv_12m_amount / nullif(modelled.ltv_12m_amount, 0), 1)
            {%- else -%} 1
            {%- endif %} as value_scale
        from modelled
        {% if is_corrected %}
            inner join corrected on modelled.customer_id = corrected.customer_id
        {% endif %}

    )

select
    as_of_date,
    customer_id,
    fit_group,
    {#- The spend of n orders has the mean square (n (n-1) + (1 + 1/p) n) times that of p over the rate of spend; the latter has
    no limit where the shape is 2 or less. -#}
    case
        when spend_shape > 2
        then
            value_scale
            * value_scale
            * alive_probability
            * order_value
            * order_value
            * discounted_orders_12m
            * discounted_orders_12m
            * (
                (spend_shape - 1)
                / (spend_shape - 2)
                * (order_pairs_365d + (1 + 1 / p) * orders_365d)
                / (orders_365d * orders_365d)
                - alive_probability
            )
    end as own_variance,
    {%- for parameter in orders %}
        value_scale
        * alive_probability
        * order_value
        * (
            slope_{{ parameter }}
            - (1 - alive_probability) * odds_slope_{{ parameter }} * discounted_orders_12m
        ) as slope_{{ parameter }},
    {%- endfor %}
    value_scale * ltv_12m_amount * (q - 1) / (spend_shape - 1) as slope_p,
    - value_scale * ltv_12m_amount * q / (spend_shape - 1) as slope_q,
    value_scale * ltv_12m_amount * v / spend_scale as slope_v
from scaled
