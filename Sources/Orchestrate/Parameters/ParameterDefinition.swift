package import Diagnostics
package import Documents

/// A parameter that the runs of a pipeline have.
package struct ParameterDefinition: Sendable, Hashable {
    package var name: String
    package var schema: ValueSchema
    /// What it is where nobody says; nil where somebody has to.
    package var defaultValue: JSON?
    package var location: SourceLocation?

    package init(name: String, schema: ValueSchema, defaultValue: JSON? = nil, location: SourceLocation? = nil) {
        self.name = name
        self.schema = schema
        self.defaultValue = defaultValue
        self.location = location
    }

    /// For people.
    package var description: String? { schema.json["description"]?.string ?? schema.json["title"]?.string }
}

extension PipelineDefinition {
    /// The parameters of a run: what was given, with defaults for the rest.
    ///
    /// A pipeline that defines none takes whatever it is given.
    /// - Throws: `OrchestrateError` with code `run.bad_parameters`, which names each field that is wrong.
    package func parameters(from given: JSON) throws(OrchestrateError) -> JSON {
        guard !parameters.isEmpty else { return given }
        let members = given.object ?? JSON.Members()
        var problems: [String] = []
        var result = JSON.Members()
        for parameter in parameters {
            guard let value = members[parameter.name] ?? parameter.defaultValue else {
                problems.append("\(parameter.name) is missing\(parameter.description.map { ": \($0)" } ?? "")")
                continue
            }
            result.append(parameter.name, value)
            problems += parameter.schema.problems(of: value, named: parameter.name)
        }
        let names = parameters.map(\.name)
        for name in members.keys where !names.contains(name) {
            let meant = Suggestion.hint(for: name, in: names) ?? "it has: \(names.joined(separator: ", "))"
            problems.append("there is no parameter '\(name)'; \(meant)")
        }
        guard let first = problems.first else { return .object(result) }
        throw OrchestrateError(
            .badParameters, "the parameters do not fit pipeline '\(id)': \(first)",
            hint: "`leat pipeline show \(id)` lists them", details: Array(problems.dropFirst()))
    }
}
