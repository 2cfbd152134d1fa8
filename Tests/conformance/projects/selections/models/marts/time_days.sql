select current_date as date_day from {{ ref('helper_dates') }}
