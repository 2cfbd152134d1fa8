with

source as (

    select * from {{ source('clients', 'engagement_metrics') }}

),

renamed as (

    select
        -- ids
        project_id::uuid as project_id,
        engagement_id::uuid as engagement_id,
        project_ref::uuid as project_reference_id,
        customer_id::integer as customer_id,
        engagement_reference::varchar as engagement_reference,

        -- customer
        customer_name::varchar as customer_name,
        employee_count::varchar as employee_count,

        -- engagement
        engagement_date::varchar as engagement_date,
        engagement_type::varchar as engagement_type,
        initcap(service)::varchar as service,
        sub_service::varchar as sub_service,
        service_type::varchar as service_type,
        detailed_sub_service::varchar as detailed_sub_service,
        comments::varchar as comments,

        -- money
        revenue::varchar as revenue,
        revenue_usd::varchar as revenue_usd,
        client_revenue::varchar as client_revenue,

        -- load
        _airbyte_raw_id as raw_id,
        _airbyte_extracted_at as extracted_at

    from source

),

numbered as (

    select
        *,
        row_number() over (
            partition by project_id, engagement_id
            order by extracted_at desc, raw_id
        ) as recency

    from renamed

)

select
    project_id,
    engagement_id,
    project_reference_id,
    customer_id,
    engagement_reference,
    customer_name,
    employee_count,
    engagement_date,
    engagement_type,
    service,
    sub_service,
    service_type,
    detailed_sub_service,
    comments,
    revenue,
    revenue_usd,
    client_revenue,
    extracted_at

from numbered
where recency = 1
