with

engagement_metrics as (

    select * from {{ ref('int_engagement_metrics') }}

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
    client_revenue

from engagement_metrics
