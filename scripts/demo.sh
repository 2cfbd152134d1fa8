#!/usr/bin/env bash
# The example from nothing to tested marts: demo.sh LEAT EXAMPLE
set -euo pipefail
leat=$1
cd "$2"

"$leat" up
"$leat" run transformations
echo
"$leat" query "select count(*) as source_rows from public.engagement_metrics" --on clients
"$leat" query "select service, count(*) as engagements, sum(revenue) as revenue from marts.project_engagement group by service order by service"
"$leat" query "select customer_name, service, sub_service, engagement_type, engagement_date, revenue from marts.project_engagement order by project_id, engagement_id limit 5"
