"""Loads one table with dlt, for Benchmarks/ingest.sh: dlt_sync.py CASE TABLE SOURCE_URL WAREHOUSE_URL"""

import sys

import dlt
from dlt.sources.sql_database import sql_table

case, table, source, warehouse = sys.argv[1:]
incremental = dlt.sources.incremental("changed") if case == "incr" else None
stream = sql_table(source, schema="public", table=table, backend="pyarrow", chunk_size=50000, incremental=incremental)
pipeline = dlt.pipeline(f"bench_{case}", destination=dlt.destinations.postgres(warehouse), dataset_name="dlt")
if case == "incr":
    pipeline.run(stream, write_disposition="merge", primary_key="id")
else:
    pipeline.run(stream, write_disposition="replace")
