{#- What happens when a model's query gives other columns than its table has. -#}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') -%}
  {%- if on_schema_change in ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'] -%}
    {{ return(on_schema_change) }}
  {%- endif -%}
  {%- do log("on_schema_change is not '" ~ on_schema_change ~ "'; '" ~ default ~ "' holds") -%}
  {{ return(default) }}
{%- endmacro %}

{#- The columns of the first list whose names the second has not. -#}
{% macro diff_columns(source_columns, target_columns) -%}
  {%- set known = target_columns | map(attribute='name') | list -%}
  {{ return(source_columns | rejectattr('name', 'in', known) | list) }}
{%- endmacro %}

{#- Columns whose type in the source the target's cannot be widened to, as {column_name, new_type}. -#}
{% macro diff_column_data_types(source_columns, target_columns) -%}
  {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{%- endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) -%}
  {%- set changes = [] -%}
  {%- for arriving in source_columns -%}
    {%- for present in target_columns if present.name == arriving.name and present.data_type != arriving.data_type -%}
      {%- if not arriving.can_expand_to(other_column=present) -%}
        {%- do changes.append({'column_name': present.name, 'new_type': arriving.data_type}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(changes) }}
{%- endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) -%}
  {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{%- endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) -%}
  {%- set arriving = adapter.get_columns_in_relation(source_relation) -%}
  {%- set present = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added = diff_columns(arriving, present) -%}
  {%- set removed = diff_columns(present, arriving) -%}
  {%- set retyped = diff_column_data_types(arriving, present) -%}
  {{ return({
      'schema_changed': (added or removed or retyped) | length > 0,
      'source_not_in_target': added,
      'target_not_in_source': removed,
      'source_columns': arriving,
      'target_columns': present,
      'new_target_types': retyped,
  }) }}
{%- endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
  {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{%- endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
  {%- set sync_all = on_schema_change == 'sync_all_columns' -%}
  {%- set added = schema_changes_dict['source_not_in_target'] -%}
  {%- set removed = schema_changes_dict['target_not_in_source'] if sync_all else [] -%}
  {%- set retyped = schema_changes_dict['new_target_types'] if sync_all else [] -%}
  {%- if added or removed -%}
    {%- do alter_relation_add_remove_columns(target_relation, added or none, removed or none) -%}
  {%- endif -%}
  {%- for change in retyped -%}
    {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
  {%- endfor -%}
  {%- do log(target_relation ~ ' follows its model: added ' ~ added | map(attribute='name') | list
        ~ ', removed ' ~ removed | map(attribute='name') | list ~ ', changed the type of ' ~ retyped) -%}
{%- endmacro %}

{#- Acts on the difference and returns the columns to insert; nothing where differences are ignored. -#}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) -%}
  {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{%- endmacro %}

{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) -%}
  {%- if on_schema_change == 'ignore' -%}
    {{ return({}) }}
  {%- endif -%}
  {%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
  {%- if changes['schema_changed'] -%}
    {%- if on_schema_change == 'fail' -%}
      {%- do exceptions.raise_compiler_error("The columns of the model and of " ~ target_relation ~ " are out of sync, and on_schema_change is 'fail'."
            ~ "\nOnly in the model: " ~ changes['source_not_in_target'] | map(attribute='name') | join(', ')
            ~ "\nOnly in the table: " ~ changes['target_not_in_source'] | map(attribute='name') | join(', ')
            ~ "\nOf another type: " ~ changes['new_target_types'] | map(attribute='column_name') | join(', ')
            ~ "\nA full refresh builds the table anew; on_schema_change 'append_new_columns' or 'sync_all_columns' alters it.") -%}
    {%- endif -%}
    {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
  {%- endif -%}
  {{ return(changes['source_columns']) }}
{%- endmacro %}
