{#- Grants: the privileges configured for a relation, given and taken. -#}

{#- Whether a relation built anew in place of another has its grants. -#}
{% macro copy_grants() -%}
  {{ return(adapter.dispatch('copy_grants', 'dbt')()) }}
{%- endmacro %}

{% macro default__copy_grants() -%}
  {{ return(true) }}
{%- endmacro %}

{% macro support_multiple_grantees_per_dcl_statement() -%}
  {{ return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) }}
{%- endmacro %}

{% macro default__support_multiple_grantees_per_dcl_statement() -%}
  {{ return(true) }}
{%- endmacro %}

{#- Whether the relation can have grants that the configuration does not name. A new one has none; one built anew has them where they are copied. -#}
{% macro should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- if not existing_relation -%}
    {{ return(false) }}
  {%- endif -%}
  {{ return(copy_grants() if full_refresh_mode else true) }}
{%- endmacro %}

{% macro get_show_grant_sql(relation) -%}
  {{ return(adapter.dispatch('get_show_grant_sql', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_show_grant_sql(relation) -%}
  show grants on {{ relation.render() }}
{%- endmacro %}

{% macro get_grant_sql(relation, privilege, grantees) -%}
  {{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}
{%- endmacro %}

{% macro default__get_grant_sql(relation, privilege, grantees) -%}
  grant {{ privilege }} on {{ relation.render() }} to {{ grantees | join(', ') }}
{%- endmacro %}

{% macro get_revoke_sql(relation, privilege, grantees) -%}
  {{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}
{%- endmacro %}

{#- Grantees to revoke from were read from the database, which gives their exact names. -#}
{% macro default__get_revoke_sql(relation, privilege, grantees) -%}
  {%- set names = [] -%}
  {%- for grantee in grantees -%}
    {%- do names.append('public' if grantee | lower == 'public' else adapter.quote(grantee)) -%}
  {%- endfor -%}
  revoke {{ privilege }} on {{ relation.render() }} from {{ names | join(', ') }}
{%- endmacro %}

{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {{ return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) }}
{%- endmacro %}

{#- One statement per privilege, or per privilege and grantee where a statement takes only one. -#}
{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- set together = support_multiple_grantees_per_dcl_statement() -%}
  {%- set statements = [] -%}
  {%- for privilege, grantees in grant_config.items() if grantees -%}
    {%- if together -%}
      {%- do statements.append(get_dcl_macro(relation, privilege, grantees)) -%}
    {%- else -%}
      {%- for grantee in grantees -%}
        {%- do statements.append(get_dcl_macro(relation, privilege, [grantee])) -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(statements) }}
{%- endmacro %}

{% macro call_dcl_statements(dcl_statement_list) -%}
  {{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}
{%- endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) -%}
  {%- call statement('grants') -%}
    {% for dcl_statement in dcl_statement_list %}{{ dcl_statement }};
    {% endfor %}
  {%- endcall -%}
{%- endmacro %}

{% macro apply_grants(relation, grant_config, should_revoke) -%}
  {{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}
{%- endmacro %}

{#- Without should_revoke nothing is asked: all that is configured is granted. -#}
{% macro default__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {%- set present = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) if should_revoke else {} -%}
    {%- set surplus = diff_of_two_dicts(present, grant_config) -%}
    {%- set lacking = diff_of_two_dicts(grant_config, present) -%}
    {%- if not (surplus or lacking) -%}
      {%- do log('The grants on ' ~ relation.render() ~ ' are in place already') -%}
    {%- else -%}
      {%- set statements = get_dcl_statement_list(relation, surplus, get_revoke_sql)
            + get_dcl_statement_list(relation, lacking, get_grant_sql) -%}
      {%- if statements -%}
        {%- do call_dcl_statements(statements) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
