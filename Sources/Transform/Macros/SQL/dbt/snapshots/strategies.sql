{#- Snapshot strategies: how a change of a row shows. Each returns a mapping of unique_key, updated_at (the moment of a version, as SQL), row_changed
    (a condition on both sides), scd_id (a version's identity, as SQL), hard_deletes and invalidate_hard_deletes. -#}

{#- The macro of a strategy by its name, which may say the package it is in. A project adds one with snapshot_<name>_strategy. -#}
{% macro strategy_dispatch(name) -%}
  {%- set path = name.split('.') -%}
  {%- set macro_name = 'snapshot_' ~ path[-1] ~ '_strategy' -%}
  {%- if path | length == 1 -%}
    {%- set scope = context -%}
  {%- elif path[0] in context -%}
    {%- set scope = context[path[0]] -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("The snapshot strategy '" ~ name ~ "' is of a package that is not there: " ~ path[0]) -%}
  {%- endif -%}
  {%- if macro_name not in scope -%}
    {%- do exceptions.raise_compiler_error("The snapshot strategy '" ~ name ~ "' needs a macro " ~ macro_name ~ ", and there is none") -%}
  {%- endif -%}
  {{ return(scope[macro_name]) }}
{%- endmacro %}

{#- One hash over several values, nulls included. -#}
{% macro snapshot_hash_arguments(args) -%}
  {{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  {%- set parts = [] -%}
  {%- for arg in args -%}
    {%- do parts.append("coalesce(cast(" ~ arg ~ " as varchar), '')") -%}
  {%- endfor -%}
  md5({{ parts | join(" || '|' || ") }})
{%- endmacro %}

{#- What all strategies return in common. -#}
{% macro leat__snapshot_strategy(updated_at, row_changed) -%}
  {%- set unique_key = config.get('unique_key') -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {{ return({
      'unique_key': unique_key,
      'updated_at': updated_at,
      'row_changed': row_changed,
      'scd_id': snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
      'hard_deletes': hard_deletes,
      'invalidate_hard_deletes': hard_deletes == 'invalidate',
  }) }}
{%- endmacro %}

{#- A row has changed when its own timestamp is later than the version we have. -#}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set updated_at = config.get('updated_at') -%}
  {%- set row_changed = '(' ~ snapshotted_rel ~ '.' ~ leat__snapshot_names().dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')' -%}
  {{ return(leat__snapshot_strategy(updated_at, row_changed)) }}
{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}
  {{ adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) }}
{%- endmacro %}

{% macro default__snapshot_string_as_time(timestamp) -%}
  {%- do exceptions.raise_not_implemented('snapshot_string_as_time macro not implemented for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{#- A pair: whether the query has checked columns that the snapshot has not, and the checked columns that both have, quoted. -#}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {{ return((false, [])) }}
  {%- endif -%}
  {%- if check_cols_config == 'all' -%}
    {%- set checked = get_columns_in_query(node['compiled_code']) -%}
  {%- elif check_cols_config is iterable and check_cols_config is not string and check_cols_config | length > 0 -%}
    {#- Asked of the database, which knows the columns' exact names. -#}
    {%- set checked = get_columns_in_query('select ' ~ check_cols_config | join(', ') ~ ' from (' ~ node['compiled_code'] ~ ') subq') -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("check_cols of a snapshot is 'all' or a list of columns, not " ~ check_cols_config) -%}
  {%- endif -%}

  {%- set snapshot = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set existing = adapter.get_columns_in_relation(snapshot) | map(attribute='name') | list -%}
  {%- set common = [] -%}
  {%- for name in checked if name in existing -%}
    {%- do common.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {{ return((common | length < checked | length, common)) }}
{%- endmacro %}

{#- A row has changed when one of the checked columns has another value. -#}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set column_added, checked = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) -%}
  {%- set differences = [] -%}
  {%- for name in checked -%}
    {%- do differences.append(snapshotted_rel ~ '.' ~ name ~ ' is distinct from ' ~ current_rel ~ '.' ~ name) -%}
  {%- endfor -%}
  {%- set row_changed = get_true_sql() if column_added else '(' ~ (differences | join(' or ') or 'false') ~ ')' -%}
  {{ return(leat__snapshot_strategy(config.get('updated_at') or snapshot_get_time(), row_changed)) }}
{%- endmacro %}
