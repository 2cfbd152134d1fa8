{{ config(meta={'owner': 'ops', 'tier': 1, 'levels': {'deep': 'yes'}}) }}
select id, person_id, amount, ordered_at from {{ source('raw', 'orders') }}
