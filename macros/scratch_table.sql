{#- A working table of a model that computes in rounds: plain, beside the model, named after it. Pre-hooks fill it, and
    drop_scratch_tables, the first pre-hook and the post-hook, takes it away, also what a killed run has left. -#}
{% macro scratch_table(name) -%}
    {{
        return(
            this.incorporate(path={"identifier": this.identifier ~ "__" ~ name}, type="table")
        )
    }}
{%- endmacro %}
