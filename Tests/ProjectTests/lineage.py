"""Builds OpenLineage's own events of the lines of a file, which checks them, and prints what they are."""

import json
import sys

import attr
from openlineage.client import event_v2, facet_v2

FACETS = {
    "parent": facet_v2.parent_run.ParentRunFacet,
    "nominalTime": facet_v2.nominal_time_run.NominalTimeRunFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "ownership": facet_v2.ownership_job.OwnershipJobFacet,
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "dataSource": facet_v2.datasource_dataset.DatasourceDatasetFacet,
    "outputStatistics": facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
}
DOCUMENTATION = {
    "job": facet_v2.documentation_job.DocumentationJobFacet,
    "dataset": facet_v2.documentation_dataset.DocumentationDatasetFacet,
}


def facet(name, values, kind):
    """A facet as its class; a field that the class does not know, or lacks, is an error, and so is another schema."""
    values = dict(values)
    producer, schema = values.pop("_producer"), values.pop("_schemaURL")
    cls = DOCUMENTATION[kind] if name == "documentation" else FACETS[name]
    made = cls(producer=producer, **values)
    assert made._schemaURL == schema, (made._schemaURL, schema)
    return made


def facets(values, kind):
    return {name: facet(name, value, kind) for name, value in values.items()}


def datasets(items, cls):
    extra = {"outputFacets"} if cls is event_v2.OutputDataset else set()
    for item in items:
        assert set(item) <= {"namespace", "name", "facets"} | extra, item
        more = {"outputFacets": facets(item["outputFacets"], "dataset")} if "outputFacets" in item else {}
        yield cls(namespace=item["namespace"], name=item["name"], facets=facets(item["facets"], "dataset"), **more)


def event(document):
    run, job = document["run"], document["job"]
    made = event_v2.RunEvent(
        eventType=event_v2.RunState[document["eventType"]],
        eventTime=document["eventTime"],
        producer=document["producer"],
        run=event_v2.Run(runId=run["runId"], facets=facets(run["facets"], "run")),
        job=event_v2.Job(namespace=job["namespace"], name=job["name"], facets=facets(job["facets"], "job")),
        inputs=list(datasets(document["inputs"], event_v2.InputDataset)),
        outputs=list(datasets(document["outputs"], event_v2.OutputDataset)),
    )
    assert made.schemaURL == document["schemaURL"], (made.schemaURL, document["schemaURL"])
    assert attr.asdict(made)
    return made


for line in open(sys.argv[1], encoding="utf-8"):
    made = event(json.loads(line))
    print(made.eventType.value, made.job.name, [d.name for d in made.inputs], [d.name for d in made.outputs])
