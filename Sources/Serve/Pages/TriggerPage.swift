import Diagnostics
import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Starting a run by a form that is made from the pipeline's parameters.
    var triggerRoutes: [Route] {
        [
            .get("/pipelines/:pipeline/trigger", .run) { request, context in try await triggerPage(request, context) },
            .post("/pipelines/:pipeline/trigger", .run) { request, context in try await trigger(request, context) },
        ]
    }

    private func triggerPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try pipeline(context)
        var filling = SchemaField.Filling()
        // What an earlier run was told.
        if let name = request.fields["like"] {
            guard let run = try await store.run(RunID(pipeline: pipeline.definition.id, name: name)) else {
                throw Problem.notFound("run '\(name)' of '\(pipeline.definition.id)'")
            }
            filling.current = run.parameters
        }
        return try await show(pipeline, filling, request, context)
    }

    private func show(
        _ pipeline: ScheduledPipeline, _ filling: SchemaField.Filling, problem: Problem? = nil, _ request: Request,
        _ context: RequestFrame
    ) async throws -> Response {
        let definition = pipeline.definition
        let typed = filling.typed
        let given = filling.current.flatMap { $0.object?.isEmpty == false ? $0.text(indent: 2) : nil }
        let values: [String: Value] = [
            "pipeline": Value(facts(of: pipeline, try await store.pauses(), now: clock.now())),
            "fields": SchemaForm(definition.parameterSchema, prefix: "p").value(filling),
            "note": .string(typed?["note"] ?? ""), "name": .string(typed?["name"] ?? ""), "date": .string(typed?["date"] ?? ""),
            "parameters": .string(typed?["parameters"] ?? given ?? "{}"),
            "open": .bool(definition.parameters.isEmpty && (given != nil || problem != nil)),
            "problem": problem.map(\.value) ?? .none,
        ]
        return try pages.page(
            "trigger.html", values, for: request, context, section: "Pipelines", status: problem?.status ?? .ok)
    }

    private func trigger(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try pipeline(context)
        let form = try await Doorman.form(request, context)
        var filling = SchemaField.Filling(typed: form)
        do {
            let run = try runRequest(form, of: pipeline.definition, problems: &filling.problems)
            guard filling.problems.isEmpty else {
                return try await show(
                    pipeline, filling,
                    problem: Problem(.unprocessableContent, "Some parameters cannot be taken; nothing was started."), request,
                    context)
            }
            let record = try await control(context).trigger(pipeline.definition, run)
            if form["unpause"] != nil { try await control(context).setPaused(false, of: pipeline.definition.id) }
            return .seeOther(Paths.run(record.id))
        } catch let error as any UserFacingError {
            return try await show(pipeline, filling, problem: Problem(error), request, context)
        }
    }

    /// What a form asks for.
    private func runRequest(
        _ form: FormFields, of definition: PipelineDefinition, problems: inout [String: String]
    ) throws -> RunRequest {
        var run = RunRequest(kind: .manual)
        if definition.parameters.isEmpty {
            let text = form["parameters"] ?? ""
            if !text.allSatisfy(\.isWhitespace) {
                run.parameters = try JSON(parsing: text, file: "parameters")
                guard run.parameters.object != nil else {
                    throw OrchestrateError(
                        .badParameters, "the parameters are no JSON object", hint: "write them as {\"name\": value}")
                }
            }
        } else {
            let read = SchemaForm(definition.parameterSchema, prefix: "p").read(form)
            run.parameters = read.value
            problems = read.problems
        }
        if let note = form["note"], !note.isEmpty { run.note = String(note.prefix(500)) }
        if let name = form["name"]?.trimmingSpaces, !name.isEmpty { run.name = String(name) }
        if let date = form["date"]?.trimmingSpaces, !date.isEmpty {
            run.logicalDate = try Timestamp(parsing: String(date))
        }
        return run
    }
}

extension PipelineDefinition {
    /// The parameters as the schema of one object.
    var parameterSchema: JSON {
        let properties = parameters.map { parameter -> (String, JSON) in
            var members = parameter.schema.json.object ?? JSON.Members()
            if let value = parameter.defaultValue { members["default"] = value }
            return (parameter.name, .object(members))
        }
        return [
            "type": "object", "properties": .object(JSON.Members(properties)),
            "required": .array(parameters.filter { $0.defaultValue == nil }.map { .string($0.name) }),
        ]
    }
}

extension Problem {
    /// For templates.
    var value: Value {
        Value(["message": .string(message), "details": Value(details), "hint": Value(hint)])
    }
}
