import Documents

/// sources.json, version 3.
struct FreshnessArtifact {
    let results: [Freshness]
    let elapsed: Double
    let world: RenderWorld

    var json: JSON {
        let invocation = world.scope.invocation
        return [
            "metadata": [
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/sources/v3.json",
                "dbt_version": .string(Invocation.dbtVersion), "generated_at": .string(DateTimeStamp.now().artifactText),
                "invocation_id": .string(invocation.id), "invocation_started_at": .string(invocation.startedAt.artifactText),
                "env": world.scope.metadataEnvironment,
            ],
            "results": .array(results.map(result)), "elapsed_time": .double(elapsed),
        ]
    }

    private func result(_ freshness: Freshness) -> JSON {
        let id = JSON.string(freshness.source.id.rawValue)
        guard let loaded = freshness.maxLoadedAt, let now = freshness.snapshottedAt, let age = freshness.age else {
            return ["unique_id": id, "error": NodeArtifact.optional(freshness.message), "status": "runtime error"]
        }
        let rules = freshness.source.freshness
        return [
            "unique_id": id, "max_loaded_at": .string(loaded.artifactText), "snapshotted_at": .string(now.artifactText),
            "max_loaded_at_time_ago_in_s": .double(age), "status": .string(freshness.status.rawValue),
            "criteria": [
                "warn_after": rules["warn_after"] ?? ["count": nil, "period": nil],
                "error_after": rules["error_after"] ?? ["count": nil, "period": nil], "filter": rules["filter"] ?? nil,
            ],
            "adapter_response": freshness.response?.json ?? [:],
            "timing": .array(
                freshness.timing.map {
                    [
                        "name": .string($0.name), "started_at": .string($0.start.artifactText),
                        "completed_at": .string($0.end.artifactText),
                    ]
                }), "thread_id": .string(freshness.thread), "execution_time": .double(freshness.executionTime),
        ]
    }
}
