with

engagement_metrics as (

    select * from {{ ref('fct_engagement_metrics') }}

),

projects as (

    select * from {{ ref('dim_project') }}

)

select
    -- the engagement
    engagement_metrics.project_id,
    engagement_metrics.engagement_id,
    engagement_metrics.project_reference_id,
    engagement_metrics.customer_id,
    engagement_metrics.engagement_reference,
    engagement_metrics.customer_name,
    engagement_metrics.employee_count,
    engagement_metrics.engagement_date,
    engagement_metrics.engagement_type,
    engagement_metrics.service,
    engagement_metrics.sub_service,
    engagement_metrics.service_type,
    engagement_metrics.detailed_sub_service,
    engagement_metrics.comments,
    engagement_metrics.revenue,
    engagement_metrics.revenue_usd,
    engagement_metrics.client_revenue,

    -- its project
    projects.id as dim_project_id,
    projects.name as project_name,
    projects.status as project_status,
    projects.folder as project_folder,
    projects.description as project_description,
    projects.internal_description as project_internal_description,
    projects.customer_id as project_customer_id,
    projects.project_service_id,
    projects.service as project_service,
    projects.sub_service as project_sub_service,
    projects.product_id,
    projects.product,
    projects.quality as project_quality,
    projects.timezone as project_timezone,
    projects.source_app as project_source_app,
    projects.is_project_ai_enabled,
    projects.is_submitted_from_internal,
    projects.is_created_with_deliverables,

    -- who works on it
    projects.staffing_version,
    projects.team_id,
    projects.team,
    projects.team_type,
    projects.cpm_id,
    projects.dim_cpm_id,
    projects.cpm,

    -- what it costs
    projects.rate as project_rate,
    projects.discount as project_discount,
    projects.min_estimate,
    projects.max_estimate,
    projects.sp_estimate,
    projects.pm_estimate,
    projects.ad_estimate,

    -- how it goes
    projects.delivery as project_delivery,
    projects.is_critical_delivery,
    projects.is_critical_delivery_success,
    projects.date_project_created,
    projects.date_project_submitted,
    projects.date_project_deadline,
    projects.date_project_grabbed,
    projects.date_project_started,
    projects.date_project_ended,
    projects.date_project_updated

from engagement_metrics
left join projects on engagement_metrics.project_id = projects.project_id
