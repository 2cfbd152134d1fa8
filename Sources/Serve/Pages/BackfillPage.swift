import Diagnostics
import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Filling a span of time with runs: what would begin is shown first.
    var backfillRoutes: [Route] {
        [
            .get("/pipelines/:pipeline/backfill", .run) { request, context in try await backfillPage(request, context) },
            .post("/pipelines/:pipeline/backfill", .run) { request, context in
                let pipeline = try pipeline(context)
                let form = try await Doorman.form(request, context)
                guard let wanted = try backfill(form, of: pipeline.definition) else {
                    throw Problem(.unprocessableContent, "the backfill has no span of time", hint: "choose two days")
                }
                let control = control(context)
                try await control.start(try await control.plan(wanted, of: pipeline.definition))
                return .seeOther("\(Paths.pipeline(pipeline.definition.id))?view=runs")
            },
        ]
    }

    /// What the fields ask for; nil while no span is chosen.
    private func backfill(_ fields: FormFields, of definition: PipelineDefinition) throws -> BackfillRequest? {
        guard let from = fields["from"], let to = fields["to"], !from.isEmpty, !to.isEmpty else { return nil }
        var wanted = BackfillRequest(
            from: try Timestamp(parsing: from), to: try Timestamp(parsing: to) + .seconds(86_399))
        wanted.reprocess = BackfillRequest.Reprocess(rawValue: fields["reprocess"] ?? "") ?? .missing
        wanted.isBackward = fields["backward"] != nil
        if let text = fields["limit"]?.trimmingSpaces, !text.isEmpty {
            guard let limit = Int(text), (1...1000).contains(limit) else {
                throw Problem(.unprocessableContent, "'\(text)' is no number of runs from 1 to 1000")
            }
            wanted.maxActiveRuns = limit
        }
        if let note = fields["note"], !note.isEmpty { wanted.note = String(note.prefix(500)) }
        // The first look has no inputs yet: then defaults count.
        if fields.all.contains(where: { $0.name.hasPrefix("p.") }) {
            let form = SchemaForm(definition.parameterSchema, prefix: "p")
            let read = form.read(fields)
            guard read.problems.isEmpty else {
                let words = form.fields.compactMap { field in read.problems[field.name].map { "\(field.title) \($0)" } }
                throw Problem(.unprocessableContent, words.first ?? "a parameter cannot be taken")
            }
            wanted.parameters = read.value
        }
        return wanted
    }

    private func backfillPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try pipeline(context)
        let fields = request.fields
        var plan: BackfillPlan?
        var problem: Problem?
        do {
            plan = try await backfill(fields, of: pipeline.definition).asyncMap {
                try await control(context).plan($0, of: pipeline.definition)
            }
        } catch let error as any UserFacingError {
            problem = Problem(error)
        } catch let error as Problem {
            problem = error
        }
        let chosen = fields["reprocess"] ?? BackfillRequest.Reprocess.missing.rawValue
        let reprocess: [(BackfillRequest.Reprocess, String)] = [
            (.missing, "stay as they are"), (.failed, "run their failed tasks again"), (.all, "run again as a whole"),
        ]
        let sent = plan == nil ? [] : fields.all.filter { $0.name != "csrf" }
        let values: [String: Value] = [
            "pipeline": Value(facts(of: pipeline, try await store.pauses(), now: clock.now())),
            "from": .string(fields["from"] ?? ""), "to": .string(fields["to"] ?? ""), "limit": .string(fields["limit"] ?? ""),
            "note": .string(fields["note"] ?? ""), "backward": .bool(fields["backward"] != nil),
            "choices": Value(
                reprocess.map {
                    Value([
                        "value": .string($0.0.rawValue), "title": .string($0.1), "chosen": .bool($0.0.rawValue == chosen),
                    ])
                }),
            "fields": SchemaForm(pipeline.definition.parameterSchema, prefix: "p").value(
                SchemaField.Filling(typed: fields.all.contains { $0.name.hasPrefix("p.") } ? fields : nil)),
            "problem": problem.map(\.value) ?? .none, "asked": .bool(plan != nil), "count": .int(plan?.count ?? 0),
            "total": .int(plan?.runs.count ?? 0), "runs": Value((plan?.runs.prefix(40) ?? []).map(Self.value)),
            "chosen": Value(sent.map { Value(["name": .string($0.name), "value": .string($0.value)]) }),
        ]
        return try pages.page("backfill.html", values, for: request, context, section: "Pipelines")
    }

    private static func value(_ run: BackfillPlan.Run) -> Value {
        let action =
            switch run.action {
            case .create: "new run"
            case .repeatFailed: "failed tasks run again"
            case .repeatAll: "runs again"
            case .none: "stays as it is"
            }
        return Value([
            "interval": .string("\(run.interval.start) – \(run.interval.end)"), "action": .string(action),
            "state": Value(run.state?.rawValue),
        ])
    }
}
