-- The source system: one table of engagements, loaded from its CSV export.
-- Everything but the three identifiers is text, as it was typed in.
--
-- `leat up` runs this file in one transaction when the database is new, and again when this file or the CSV has changed:
-- so the table is made only if it is not there, and emptied before it is loaded. By hand, from the project folder:
--   psql --single-transaction -v ON_ERROR_STOP=1 -f scripts/clients.sql postgresql://clients:clients@localhost:5460/clients

create table if not exists public.engagement_metrics (
    project_id uuid,
    engagement_id uuid,
    customer_id varchar,
    customer_name varchar,
    engagement_date varchar,
    revenue varchar,
    revenue_usd varchar,
    service varchar,
    sub_service varchar,
    engagement_type varchar,
    employee_count varchar,
    comments varchar,
    project_ref uuid,
    engagement_reference varchar,
    client_revenue varchar,
    service_type varchar,
    detailed_sub_service varchar
);

truncate table public.engagement_metrics;

\copy public.engagement_metrics from 'source_data/engagement_metrics_raw.csv' with (format csv, header true)
