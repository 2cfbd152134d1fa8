"""Airflow 3's own client against a server: airflow_v2.py URL USER PASSWORD. Ends with 0 when all is as Airflow has it."""

import json
import sys
import time
import urllib.request

import airflow_client.client as client
from airflow_client.client.models import (
    BackfillPostBody, ClearTaskInstancesBody, ClearTaskInstancesBodyTaskIdsInner, ConnectionBody, DAGPatchBody, DAGRunPatchBody,
    DAGRunsBatchBody, PatchTaskInstanceBody, TaskInstancesBatchBody, TriggerDAGRunPostBody, VariableBody,
)

url, user, password = sys.argv[1:]
request = urllib.request.Request(
    url + "/auth/token", json.dumps({"username": user, "password": password}).encode(), {"Content-Type": "application/json"})
token = json.load(urllib.request.urlopen(request))["access_token"]
configuration = client.Configuration(host=url, access_token=token)

with client.ApiClient(configuration) as api:
    assert client.VersionApi(api).get_version().version.startswith("3.")
    assert client.MonitorApi(api).get_health().scheduler.status == "healthy"

    dags = client.DAGApi(api)
    assert [dag.dag_id for dag in dags.get_dags().dags] == ["nightly", "outer", "sync.Wells"]
    dag = dags.get_dag("nightly")
    assert dag.is_paused and [tag.name for tag in dag.tags] == ["night"], dag
    assert dags.get_dag_details("nightly").max_active_runs == 2
    assert [task.task_id for task in client.TaskApi(api).get_tasks("nightly").tasks] == ["first", "second"]
    assert not dags.patch_dag("nightly", DAGPatchBody(is_paused=False)).is_paused

    runs = client.DagRunApi(api)
    run = runs.trigger_dag_run("nightly", TriggerDAGRunPostBody(dag_run_id="mine", logical_date=None, conf={"colour": "red"}))
    assert run.dag_run_id == "mine" and run.conf == {"colour": "red"} and run.run_type.value == "manual", run
    for _ in range(300):
        run = runs.get_dag_run("nightly", "mine")
        if run.state.value in ("success", "failed"):
            break
        time.sleep(0.1)
    assert run.state.value == "success" and run.duration > 0, run
    assert runs.get_dag_runs("nightly", state=["success"], order_by=["-run_after"]).total_entries == 1

    instances = client.TaskInstanceApi(api)
    found = instances.get_task_instances("nightly", "mine")
    assert [(item.task_id, item.state.value) for item in found.task_instances] == [("first", "success"), ("second", "success")]
    log = instances.get_log("nightly", "mine", "second", 1, full_content=True)
    assert "hello from the second" in log.to_json(), log
    value = client.XComApi(api).get_xcom_entry(
        dag_id="nightly", dag_run_id="mine", task_id="second", xcom_key="return_value").actual_instance.value
    assert value == 42, value

    cleared = instances.post_clear_task_instances(
        "nightly", ClearTaskInstancesBody(dag_run_id="mine", task_ids=[ClearTaskInstancesBodyTaskIdsInner("second")], only_failed=False, dry_run=False))
    assert cleared.total_entries == 1, cleared
    for _ in range(300):
        again = instances.get_task_instance("nightly", "mine", "second")
        if again.try_number == 2 and again.state and again.state.value == "success":
            break
        time.sleep(0.1)
    assert again.try_number == 2, again
    assert runs.patch_dag_run("nightly", "mine", DAGRunPatchBody(state="failed")).dag_run_id == "mine"

    assert client.PoolApi(api).get_pool("small").slots == 3
    assert client.VariableApi(api).get_variable("town").value == "Ghent"
    assert sorted(
        (item.connection_id, item.port) for item in client.ConnectionApi(api).get_connections().connections) == [
            ("warehouse", 5433), ("wells", 5432)]
    assert client.ImportErrorApi(api).get_import_errors().total_entries == 0
    assert client.AssetApi(api).get_assets(name_pattern="nothing").total_entries == 0
    asset = client.AssetApi(api).get_assets(name_pattern="level").assets[0]
    assert client.AssetApi(api).get_asset(asset.id).uri == asset.uri, asset
    logs = client.EventLogApi(api)
    events = logs.get_event_logs(dag_id="nightly").event_logs
    assert {"trigger", "unpause", "clear"} <= {event.event for event in events}, events
    assert logs.get_event_log(events[0].event_log_id).event == events[0].event
    assert client.ConfigApi(api).get_config().sections
    assert client.ConfigApi(api).get_config_value("core", "executor").sections[0].options[0].key == "executor"
    assert client.DAGApi(api).get_dag_tags().tags == ["night"]
    stats = client.DagStatsApi(api).get_dag_stats(dag_ids=["nightly"]).dags[0].stats
    assert sum(item.count for item in stats) == 1, stats
    entries = client.XComApi(api).get_xcom_entries("nightly", "mine", "second")
    assert [entry.key for entry in entries.xcom_entries] == ["return_value"], entries
    assert {item.task_id for item in instances.get_task_instances("~", "~", state=["success"]).task_instances} <= {"first", "second"}
    assert instances.get_task_instances_batch("~", "~", TaskInstancesBatchBody(dag_ids=["nightly"], task_ids=["first"])).total_entries == 1
    assert runs.get_dag_runs("~", run_type=["scheduled"]).total_entries == 0
    assert runs.get_list_dag_runs_batch("~", DAGRunsBatchBody(dag_ids=["nightly"], page_limit=5)).total_entries == 1

    variables = client.VariableApi(api)
    assert variables.post_variable(VariableBody(key="river", value="Lys")).value == "Lys"
    assert variables.patch_variable("river", VariableBody(key="river", value="Scheldt")).value == "Scheldt"
    variables.delete_variable("river")
    connections = client.ConnectionApi(api)
    made = connections.post_connection(
        ConnectionBody(connection_id="pump", conn_type="http", host="pump.example", password="hush hush"))
    assert made.host == "pump.example" and made.password is None, made
    assert connections.get_connection("pump").conn_type == "http"
    connections.delete_connection("pump")
    span = BackfillPostBody(dag_id="nightly", from_date="2026-01-01T00:00:00Z", to_date="2026-01-03T00:00:00Z")
    assert client.BackfillApi(api).create_backfill_dry_run(span).total_entries == 2
    assert client.BackfillApi(api).create_backfill(span).dag_id == "nightly"
    last = runs.trigger_dag_run("outer", TriggerDAGRunPostBody(dag_run_id="last", logical_date=None))
    for _ in range(300):
        if runs.get_dag_run("outer", "last").state.value == "success":
            break
        time.sleep(0.1)
    runs.delete_dag_run("outer", "last")
    assert runs.get_dag_runs("outer").total_entries == 0
print("all is as Airflow has it")
