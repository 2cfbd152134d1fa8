"""Airbyte's own client against a server: airbyte.py URL USER PASSWORD CONFIG, where CONFIG is the JSON of a Postgres connection.

Ends with 0 when all is as Airbyte has it.
"""

import json
import sys
import time

import airbyte_api
from airbyte_api import api, errors, models

url, user, password, config = sys.argv[1:]
place = json.loads(config)
basic = models.Security(basic_auth=models.SchemeBasicAuth(username=user, password=password))
client = airbyte_api.AirbyteAPI(server_url=url + "/api/public/v1", security=basic, timeout_ms=60_000)

workspaces = client.workspaces.list_workspaces(request=api.ListWorkspacesRequest()).workspaces_response.data
assert len(workspaces) == 1 and workspaces[0].name == "waterworks", workspaces
workspace = workspaces[0].workspace_id

source = client.sources.create_source(request=models.SourceCreateRequest(
    name="shop", workspace_id=workspace, configuration=models.SourcePostgres(schemas=["public"], **place))).source_response
assert source.name == "shop" and source.source_type == "postgres", source
assert source.configuration.password.startswith("***"), "the password is shown"
destination = client.destinations.create_destination(request=models.DestinationCreateRequest(
    name="warehouse", workspace_id=workspace,
    configuration=models.DestinationPostgres(schema_="landing", **place))).destination_response
assert destination.destination_type == "postgres", destination

streams = client.streams.get_stream_properties(request=api.GetStreamPropertiesRequest(source_id=source.source_id)).stream_properties_response
assert [stream.stream_name for stream in streams] == ["orders"], streams
assert streams[0].source_defined_primary_key == [["id"]] and ["amount"] in streams[0].property_fields, streams

connection = client.connections.create_connection(request=models.ConnectionCreateRequest(
    name="Orders", source_id=source.source_id, destination_id=destination.destination_id,
    schedule=models.AirbyteAPIConnectionSchedule(schedule_type=models.ScheduleTypeEnum.CRON, cron_expression="0 0 12 1 1 ? 2099"),
    configurations=models.StreamConfigurations(streams=[models.StreamConfiguration(
        name="orders", sync_mode=models.ConnectionSyncModeEnum.INCREMENTAL_DEDUPED_HISTORY, cursor_field=["id"], primary_key=[["id"]])]),
)).connection_response
assert connection.status == models.ConnectionStatusEnum.ACTIVE and connection.schedule.cron_expression == "0 0 12 1 1 ? 2099", connection
assert connection.configurations.streams[0].sync_mode == models.ConnectionSyncModeEnum.INCREMENTAL_DEDUPED_HISTORY, connection


def wait(job):
    for _ in range(1200):
        job = client.jobs.get_job(request=api.GetJobRequest(job_id=job.job_id)).job_response
        if job.status.value in ("succeeded", "failed", "cancelled"):
            return job
        time.sleep(0.1)
    raise SystemExit(f"the job does not end: {job}")


def run(kind):
    return wait(client.jobs.create_job(request=models.JobCreateRequest(
        connection_id=connection.connection_id, job_type=kind)).job_response)


job = run(models.JobTypeEnum.SYNC)
assert job.status == models.JobStatusEnum.SUCCEEDED and job.rows_synced == 3 and job.job_type == models.JobTypeEnum.SYNC, job
job = run(models.JobTypeEnum.SYNC)
assert job.status == models.JobStatusEnum.SUCCEEDED and job.rows_synced <= 1, job
job = run(models.JobTypeEnum.REFRESH)
assert job.status == models.JobStatusEnum.SUCCEEDED and job.rows_synced == 3, job
listed = client.jobs.list_jobs(request=api.ListJobsRequest(
    connection_id=connection.connection_id, status=models.JobStatusEnum.SUCCEEDED, limit=2)).jobs_response
assert len(listed.data) == 2 and listed.next and listed.data[0].job_id == job.job_id, listed

second = client.jobs.list_jobs(request=api.ListJobsRequest(
    connection_id=connection.connection_id, limit=2, offset=2)).jobs_response
assert len(second.data) == 1 and not second.next and second.previous, second
job = run(models.JobTypeEnum.RESET)
assert job.status == models.JobStatusEnum.SUCCEEDED and job.job_type == models.JobTypeEnum.RESET, job
assert [item.job_id for item in client.jobs.list_jobs(request=api.ListJobsRequest(
    connection_id=connection.connection_id, job_type=models.JobTypeEnum.RESET)).jobs_response.data] == [job.job_id]
job = run(models.JobTypeEnum.SYNC)
assert job.status == models.JobStatusEnum.SUCCEEDED and job.rows_synced == 3, job
try:
    client.jobs.cancel_job(request=api.CancelJobRequest(job_id=job.job_id))
    raise SystemExit("a job that has ended was cancelled")
except errors.SDKError as error:
    assert error.status_code == 409, error

patched = client.connections.patch_connection(request=api.PatchConnectionRequest(
    connection_id=connection.connection_id,
    connection_patch_request=models.ConnectionPatchRequest(name="All orders", prefix="x_"))).connection_response
assert patched.name == "All orders" and patched.prefix == "x_" and patched.connection_id == connection.connection_id, patched
# Airbyte's clients send back what they were given, with the secrets hidden.
patched = client.sources.patch_source(request=api.PatchSourceRequest(
    source_id=source.source_id,
    source_patch_request=models.SourcePatchRequest(name="store", configuration=source.configuration))).source_response
assert patched.name == "store", patched
assert len(client.streams.get_stream_properties(
    request=api.GetStreamPropertiesRequest(source_id=source.source_id)).stream_properties_response) == 1

tokens = models.Security(client_credentials=models.SchemeClientCredentials(
    client_id=user, client_secret=password, token_url=url + "/api/public/v1/applications/token"))
again = airbyte_api.AirbyteAPI(server_url=url + "/api/public/v1", security=tokens, timeout_ms=60_000)
assert [item.name for item in again.sources.list_sources(request=api.ListSourcesRequest()).sources_response.data] == ["store"]

# Connectors of one's own are images, which only an admin may bring in.
admin = airbyte_api.AirbyteAPI(server_url=url + "/api/public/v1", timeout_ms=60_000, security=models.Security(
    basic_auth=models.SchemeBasicAuth(username="admin", password=password)))
builtin = [item.docker_repository for item in client.source_definitions.list_source_definitions(
    request=api.ListSourceDefinitionsRequest(workspace_id=workspace)).definitions_response.data]
assert "airbyte/source-postgres" in builtin, builtin
wanted = models.CreateDefinitionRequest(name="Faker", docker_repository="airbyte/source-faker", docker_image_tag="7.2.1")
try:
    client.source_definitions.create_source_definition(
        request=api.CreateSourceDefinitionRequest(workspace_id=workspace, create_definition_request=wanted))
    raise SystemExit("an editor has brought in an image")
except errors.SDKError as error:
    assert error.status_code == 403, error
definition = admin.source_definitions.create_source_definition(
    request=api.CreateSourceDefinitionRequest(workspace_id=workspace, create_definition_request=wanted)).definition_response
assert definition.docker_image_tag == "7.2.1", definition
definition = admin.source_definitions.update_source_definition(request=api.UpdateSourceDefinitionRequest(
    workspace_id=workspace, definition_id=definition.id,
    update_definition_request=models.UpdateDefinitionRequest(name="Made up", docker_image_tag="7.2.2"))).definition_response
assert definition.name == "Made up" and definition.docker_repository == "airbyte/source-faker", definition
made_up = admin.sources.create_source(request=models.SourceCreateRequest(
    name="made up", workspace_id=workspace, definition_id=definition.id, configuration={"count": 5})).source_response
assert made_up.definition_id == definition.id and made_up.source_type == "faker", made_up
admin.source_definitions.delete_source_definition(
    request=api.DeleteSourceDefinitionRequest(workspace_id=workspace, definition_id=definition.id))
admin.sources.delete_source(request=api.DeleteSourceRequest(source_id=made_up.source_id))
assert client.permissions.list_permissions(request=api.ListPermissionsRequest()).permissions_response.data[0].scope_id == workspace
# What there is not says so.
try:
    client.sources.initiate_o_auth(request=models.InitiateOauthRequest(
        redirect_url="https://example.com", source_type=models.OAuthActorNames.GITHUB, workspace_id=workspace))
    raise SystemExit("consent was asked for")
except errors.SDKError as error:
    assert error.status_code == 501 and "consent" in error.body, error

client.connections.delete_connection(request=api.DeleteConnectionRequest(connection_id=connection.connection_id))
client.destinations.delete_destination(request=api.DeleteDestinationRequest(destination_id=destination.destination_id))
client.sources.delete_source(request=api.DeleteSourceRequest(source_id=source.source_id))
assert not client.sources.list_sources(request=api.ListSourcesRequest()).sources_response.data
print("all is as Airbyte has it")
