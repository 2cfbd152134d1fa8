"""Airflow 2.6's own client against a server: airflow_v1.py URL USER PASSWORD. Ends with 0 when all is as Airflow has it."""

import datetime
import sys
import time

import airflow_client.client as client
from airflow_client.client.api import (
    config_api, connection_api, dag_api, dag_run_api, dataset_api, event_log_api, import_error_api, monitoring_api, pool_api,
    task_instance_api, variable_api, x_com_api,
)
from airflow_client.client.model.clear_task_instances import ClearTaskInstances
from airflow_client.client.model.connection import Connection
from airflow_client.client.model.dag import DAG
from airflow_client.client.model.dag_run import DAGRun
from airflow_client.client.model.list_dag_runs_form import ListDagRunsForm
from airflow_client.client.model.list_task_instance_form import ListTaskInstanceForm
from airflow_client.client.model.task_state import TaskState
from airflow_client.client.model.update_dag_run_state import UpdateDagRunState
from airflow_client.client.model.variable import Variable

url, user, password = sys.argv[1:]
configuration = client.Configuration(host=url + "/api/v1", username=user, password=password)

with client.ApiClient(configuration) as api:
    monitoring = monitoring_api.MonitoringApi(api)
    assert monitoring.get_health().scheduler.status.value == "healthy"
    assert monitoring.get_version().version.startswith("2.")

    dags = dag_api.DAGApi(api)
    listed = dags.get_dags(limit=1, order_by="-dag_id")
    assert listed.total_entries == 3 and [dag.dag_id for dag in listed.dags] == ["sync.Wells"], listed
    assert [dag.dag_id for dag in dags.get_dags(tags=["night"]).dags] == ["nightly"]
    dag = dags.get_dag("nightly")
    assert dag.is_paused and dag.schedule_interval.value == "0 3 * * *" and dag.owners == ["leat"], dag
    assert dags.get_dag_details("nightly").timezone
    tasks = {task.task_id: task for task in dags.get_tasks("nightly").tasks}
    assert tasks["first"].downstream_task_ids == ["second"], tasks
    assert dags.get_task("nightly", "second").trigger_rule.value == "all_success"

    # Unpause, trigger, wait.
    assert not dags.patch_dag("nightly", DAG(is_paused=False)).is_paused
    runs = dag_run_api.DAGRunApi(api)
    run = runs.post_dag_run("nightly", DAGRun(dag_run_id="mine", conf={"colour": "blue"}))
    assert run.dag_run_id == "mine" and run.conf == {"colour": "blue"}, run
    for _ in range(300):
        run = runs.get_dag_run("nightly", "mine")
        if run.state.value in ("success", "failed"):
            break
        time.sleep(0.1)
    assert run.state.value == "success" and run.end_date >= run.start_date, run
    try:
        runs.post_dag_run("nightly", DAGRun(dag_run_id="mine"))
        raise SystemExit("a second run of the same name was taken")
    except client.ApiException as error:
        assert error.status == 409, error

    assert runs.get_dag_runs("nightly", state=["success"]).total_entries == 1
    assert runs.get_dag_runs("~", state=["failed"]).total_entries == 0
    assert runs.get_dag_runs("nightly", start_date_gte=run.end_date).total_entries == 0
    assert runs.get_dag_runs_batch(ListDagRunsForm(dag_ids=["nightly"], page_limit=5)).total_entries == 1

    instances = task_instance_api.TaskInstanceApi(api)
    found = {item.task_id: item for item in instances.get_task_instances("nightly", "mine").task_instances}
    assert found["first"].state.value == "success" and found["first"].try_number == 1, found
    assert instances.get_task_instance("nightly", "mine", "second").operator == "command"
    text, token = "", None
    while True:
        piece = instances.get_log("nightly", "mine", "second", 1, **({"token": token} if token else {}))
        text += piece["content"]
        token = piece.get("continuation_token")
        if not token:
            break
    assert "hello from the second" in text, text
    entries = x_com_api.XComApi(api)
    assert entries.get_xcom_entries("nightly", "mine", "second").total_entries == 1
    assert "42" in entries.get_xcom_entry("nightly", "mine", "second", "return_value").value

    # Clear: a look first, then in earnest.
    wanted = dict(task_ids=["second"], dag_run_id="mine", only_failed=False)
    dry = dags.post_clear_task_instances("nightly", ClearTaskInstances(dry_run=True, **wanted))
    assert [item.task_id for item in dry.task_instances] == ["second"], dry
    dags.post_clear_task_instances("nightly", ClearTaskInstances(dry_run=False, **wanted))
    for _ in range(300):
        again = instances.get_task_instance("nightly", "mine", "second")
        if again.try_number == 2 and again.state.value == "success":
            break
        time.sleep(0.1)
    assert again.try_number == 2, again
    runs.update_dag_run_state("nightly", "mine", UpdateDagRunState(state="failed"))
    for _ in range(300):
        if runs.get_dag_run("nightly", "mine").state.value == "failed":
            break
        time.sleep(0.1)
    assert runs.get_dag_run("nightly", "mine").state.value == "failed"

    assert [pool.slots for pool in pool_api.PoolApi(api).get_pools().pools] == [3]
    assert variable_api.VariableApi(api).get_variable("town").value == "Ghent"
    assert sorted(
        (item.connection_id, item.conn_type, item.port) for item in connection_api.ConnectionApi(api).get_connections().connections
    ) == [("warehouse", "postgres", 5433), ("wells", "postgres", 5432)]
    assert import_error_api.ImportErrorApi(api).get_import_errors().total_entries == 0
    datasets = dataset_api.DatasetApi(api)
    tables = datasets.get_datasets(uri_pattern="%level%").datasets
    assert len(tables) == 1 and datasets.get_dataset(tables[0].uri).id == tables[0].id, tables
    assert datasets.get_datasets(uri_pattern="nothing").total_entries == 0
    assert [section.name for section in config_api.ConfigApi(api).get_config().sections] == ["core"]
    logs = event_log_api.EventLogApi(api)
    events = logs.get_event_logs(limit=100).event_logs
    assert {"trigger", "unpause", "clear"} <= {event.event for event in events}, events
    one = next(event for event in events if event.event == "unpause")
    assert logs.get_event_log(one.event_log_id).event == "unpause" and one.dag_id == "nightly" and one.owner == user, one
    assert logs.get_event_logs(offset=1, limit=1).event_logs[0].event_log_id == events[1].event_log_id

    # Lists over runs, filtered.
    instances_of_all = instances.get_task_instances("~", "~", state=["success"])
    assert [item.task_id for item in instances_of_all.task_instances] == ["first"], instances_of_all
    batch = instances.get_task_instances_batch(ListTaskInstanceForm(dag_ids=["nightly"], state=[TaskState("failed")]))
    assert [item.task_id for item in batch.task_instances] == ["second"], batch
    assert runs.get_dag_runs("nightly", order_by="-start_date", limit=1).dag_runs[0].dag_run_id == "mine"
    assert runs.get_dag_runs("~", execution_date_lte=run.start_date - datetime.timedelta(days=1)).total_entries == 0
    try:
        runs.get_dag_runs("nightly", order_by="colour")
        raise SystemExit("runs were sorted by colour")
    except client.ApiException as error:
        assert error.status == 400, error

    try:
        dags.get_dag("nowhere")
        raise SystemExit("a pipeline that is not there was found")
    except client.ApiException as error:
        assert error.status == 404, error

    variables = variable_api.VariableApi(api)
    assert variables.post_variables(Variable(key="river", value="Lys")).value == "Lys"
    assert variables.patch_variable("river", Variable(key="river", value="Scheldt")).value == "Scheldt"
    variables.delete_variable("river")
    connections = connection_api.ConnectionApi(api)
    made = connections.post_connection(
        Connection(connection_id="pump", conn_type="http", host="pump.example", password="hush hush"))
    assert made.host == "pump.example", made
    assert connections.get_connection("pump").conn_type == "http"
    connections.delete_connection("pump")
    runs.post_dag_run("outer", DAGRun(dag_run_id="last"))
    for _ in range(300):
        if runs.get_dag_run("outer", "last").state.value == "success":
            break
        time.sleep(0.1)
    runs.delete_dag_run("outer", "last")
print("all is as Airflow has it")
