import Documents

/// run_results.json, version 6.
struct RunResultsArtifact {
    let results: InvocationResults
    let world: RenderWorld

    /// Writes the file in pieces of about a megabyte: as a whole, 17,000 results would take more memory than anything else.
    func write(to path: String) throws(TransformError) {
        let file = try PieceFile(path)
        var number = 0
        var text = Array("{\"metadata\":".utf8)
        metadata.write(to: &text)
        text.append(contentsOf: ",\"results\":[".utf8)
        for index in results.results.indices {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            result(results.results[index]).write(to: &text)
            guard text.count > 1 << 20 else { continue }
            file.add(number, text)
            number += 1
            text = []
        }
        text.append(contentsOf: "],\"elapsed_time\":".utf8)
        JSON.double(results.elapsed).write(to: &text)
        text.append(contentsOf: ",\"args\":".utf8)
        JSON.object(world.scope.invocation.arguments).write(to: &text)
        text.append(UInt8(ascii: "}"))
        file.add(number, text)
        try file.finish()
    }

    private var metadata: JSON {
        let invocation = world.scope.invocation
        return [
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
            "dbt_version": .string(Invocation.dbtVersion), "generated_at": .string(DateTimeStamp.now().artifactText),
            "invocation_id": .string(invocation.id), "invocation_started_at": .string(invocation.startedAt.artifactText),
            "env": world.scope.metadataEnvironment,
        ]
    }

    private func result(_ result: NodeResult) -> JSON {
        let node = world.manifest?.anyNode(result.id)
        let isCompiled = result.compiledCode != nil
        // dbt says nothing of nodes that wait for one that failed.
        let isBlocked = result.status == .skipped && result.skippedBecauseOf != nil
        return .object(
            JSON.Members(pairs: [
                ("status", .string(result.status.rawValue)),
                (
                    "timing",
                    .array(
                        result.timing.map {
                            [
                                "name": .string($0.name), "started_at": .string($0.start.artifactText),
                                "completed_at": .string($0.end.artifactText),
                            ]
                        })
                ), ("thread_id", .string(result.thread)), ("execution_time", .double(result.executionTime)),
                ("adapter_response", result.adapterResponse),
                ("message", NodeArtifact.optional(isBlocked ? nil : result.message)),
                ("failures", result.failures.map(JSON.int) ?? .null), ("unique_id", .string(result.id.rawValue)),
                (
                    "compiled",
                    node.map { [.seed, .exposure, .savedQuery].contains($0.resourceType) } ?? false ? .null : .bool(isCompiled)
                ),
                ("compiled_code", NodeArtifact.optional(result.compiledCode)),
                ("relation_name", NodeArtifact.optional(node?.resourceType == .seed ? nil : node?.relationName)),
                ("batch_results", batches(result.batches)),
                ("overload_results", .null),
            ]))
    }

    private func batches(_ batches: NodeResult.Batches?) -> JSON {
        guard let batches else { return .null }
        func list(_ bounds: [NodeResult.Batches.Bounds]) -> JSON {
            .array(bounds.map { [.string($0.start), .string($0.end)] })
        }
        return ["successful": list(batches.successful), "failed": list(batches.failed)]
    }
}
