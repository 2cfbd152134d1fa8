import Diagnostics
import Documents
import Orchestrate

extension ParameterDefinition {
    /// Reads one of a pipeline's `params:`: a value that is the default, and whose type others must have, or a JSON Schema such as
    /// `{type: integer, minimum: 1, default: 3, description: How many days}`.
    /// - Throws: `DocumentError` or `OrchestrateError` at the key that is wrong.
    init(_ member: YAMLNode.Member, of subject: String) throws {
        let node = member.value
        let schema: ValueSchema
        var fallback: JSON?
        if let words = node.members {
            for word in words {
                // By itself, so that what is wrong has its own place.
                _ = try located(at: word.keyLocation) { () throws(OrchestrateError) in
                    try ValueSchema(.object(JSON.Members([(word.key, word.value.json)])))
                }
            }
            schema = try ValueSchema(node.json)
            fallback = node.json["default"]
        } else {
            fallback = node.json
            schema = try ValueSchema(Self.type(of: node.json).map { .object(JSON.Members([("type", .string($0))])) } ?? true)
        }
        if let fallback, let problem = schema.problems(of: fallback, named: "the default").first {
            throw DocumentError(
                .badValue, "the parameter '\(member.key)' of \(subject): \(problem)",
                location: node.members?.first { $0.key == "default" }?.value.location ?? node.location)
        }
        self.init(name: member.key, schema: schema, defaultValue: fallback, location: member.keyLocation)
    }

    private static func type(of value: JSON) -> String? {
        switch value {
        case .null: nil
        case .bool: "boolean"
        case .int: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension PipelineEntry {
    /// The parameters of a run that a task asks for.
    /// - Throws: `OrchestrateError` with code `run.bad_parameters` at the task.
    func parameters(from given: JSON, at location: SourceLocation) throws(OrchestrateError) -> JSON {
        try located(at: location) { () throws(OrchestrateError) in
            try PipelineDefinition(id: PipelineID(name), tasks: [], parameters: parameters).parameters(from: given)
        }
    }
}
