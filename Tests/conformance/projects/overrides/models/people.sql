select * from {{ source('crm', 'people') }} join {{ source('crm', 'firms') }} using (id)
