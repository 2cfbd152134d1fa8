{{
    config(
        pre_hook="create extension if not exists fuzzystrmatch"
    )
}}

with

engagement_metrics as (

    select * from {{ ref('stg_clients__engagement_metrics') }}

)

select
    -- ids
    project_id,
    engagement_id,
    project_reference_id,
    customer_id,
    engagement_reference,

    -- customer
    {{ clean_customer_name('customer_name') }} as customer_name,
    {{ extract_number('employee_count', 'integer') }} as employee_count,

    -- engagement
    {{ parse_date('engagement_date') }} as engagement_date,
    {{ map_categories('engagement_type', var('engagement_type_categories')) }} as engagement_type,
    {{ map_categories('service', var('service_categories')) }} as service,
    {{ map_categories('sub_service', var('sub_service_categories')) }} as sub_service,
    {{ map_categories('service_type', var('service_categories')) }} as service_type,
    {{ map_categories('detailed_sub_service', var('sub_service_categories')) }} as detailed_sub_service,
    comments,

    -- money
    {{ extract_number('revenue') }} as revenue,
    {{ extract_number('revenue_usd') }} as revenue_usd,
    {{ extract_number('client_revenue') }} as client_revenue

from engagement_metrics
