import Diagnostics
import Documents
import Jinja

/// Takes an entry of `data_tests:` apart: which test, with which arguments, under which configuration and name.
struct GenericTestBuilder {
    /// What is tested; the tests of one share it.
    indirect enum Target {
        case node(NodePatch, version: String?)
        case source(SourceDefinition)

        var name: String {
            switch self {
            case .node(let patch, _): patch.name
            case .source(let source): source.sourceName + "_" + source.name
            }
        }

        /// For people.
        var resource: String {
            switch self {
            case .node(let patch, _): patch.name
            case .source(let source): source.sourceName + "." + source.name
            }
        }
    }

    let name: String
    let namespace: String?
    let arguments: JSON.Members
    let config: JSON.Members
    let description: String
    /// For the id and the fully qualified name.
    let fullName: String
    /// For the file and the alias.
    let shortName: String
    let location: SourceLocation
    /// What a later dbt will no longer accept.
    let warnings: [Manifest.Warning]

    private static let configKeys = [
        "severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc", "store_failures",
        "store_failures_as", "sql_header", "meta", "database", "schema", "alias",
    ]

    /// What is no argument of the test's macro.
    private static let ownKeys = Set(configKeys + ["config", "column_name", "description", "name", "arguments"])

    /// - Parameter mergesArguments: whether arguments may stand under `arguments:`.
    init(_ test: PatchTest, target: Target, renderer: YAMLRenderer, mergesArguments: Bool) throws {
        location = test.node.location
        var (testName, arguments) = try Self.split(test.node)
        if let column = test.columnName { arguments["column_name"] = .string(column) }
        warnings = Self.deprecations(testName, arguments, target: target, mergesArguments: mergesArguments, at: location)
        if mergesArguments, let nested = arguments["arguments"] {
            arguments["arguments"] = nil
            for entry in nested.object?.entries ?? [] { arguments[entry.key] = entry.value }
        }
        if arguments["model"] != nil {
            throw TransformError(
                .schema, "a test has no argument 'model': it is the node that the test belongs to", location: location)
        }
        arguments["model"] = .string(Self.modelExpression(target))
        let parts = testName.split(separator: ".", maxSplits: 1).map(String.init)
        namespace = parts.count == 2 ? parts[0] : nil
        name = parts.last ?? testName
        testName = name
        var config = try Self.takeConfig(from: &arguments, renderer: renderer, at: location)
        description = arguments["description"]?.string ?? ""
        arguments["description"] = nil
        if let given = arguments["name"]?.string {
            fullName = given
            shortName = given
            arguments["name"] = nil
        } else {
            var type = if case .source = target { "source_" + testName } else { testName }
            if let namespace { type = namespace + "_" + type }
            var targetName = target.name
            if case .node(_, let version?) = target { targetName += "_v\(version)" }
            let names = GenericTestName.synthesize(type: type, target: targetName, arguments: arguments)
            fullName = names.full
            shortName = names.short
            if names.short != names.full, config["alias"] == nil { config["alias"] = .string(names.short) }
        }
        self.arguments = arguments
        self.config = config
    }

    private static func deprecations(
        _ test: String, _ arguments: JSON.Members, target: Target, mergesArguments: Bool, at location: SourceLocation
    ) -> [Manifest.Warning] {
        let nested = arguments["arguments"]
        guard mergesArguments else {
            return nested == nil
                ? []
                : [
                    .init(
                        event: .argumentsProperty,
                        message: "Found the `arguments` property of the test `\(test)`, which the flag "
                            + "require_generic_test_arguments_property does not allow yet.", location: location)
                ]
        }
        var found: [Manifest.Warning] = arguments.keys.filter(configKeys.contains).map { key in
            .init(
                event: .propertyMovedToConfig,
                message: "Found `\(key)` as a top-level property of the test `\(test)`. It should be moved into its `config`.",
                location: location)
        }
        if nested?.object?.isEmpty ?? true, arguments.keys.contains(where: { !ownKeys.contains($0) }) {
            found.append(
                .init(
                    event: .missingArguments,
                    message: "Found top-level arguments to test `\(test)` defined on '\(target.resource)'. "
                        + "Arguments to generic tests should be nested under the `arguments` property.", location: location))
        }
        return found
    }

    /// `not_null`, `{values_in_set: {...}}` or `{name: ..., test_name: values_in_set, ...}`.
    private static func split(_ node: YAMLNode) throws -> (String, JSON.Members) {
        if let name = node.string { return (name, JSON.Members()) }
        guard let members = node.members else {
            throw TransformError(.schema, "a test is a name or a mapping, but this is \(node.typeName)", location: node.location)
        }
        if let name = node["test_name"]?.string {
            var arguments = node.json.object ?? JSON.Members()
            arguments["test_name"] = nil
            return (name, arguments)
        }
        guard members.count == 1, let member = members.first else {
            throw TransformError(
                .schema,
                "a test has one name, but this mapping has \(members.count) keys: \(members.map(\.key).joined(separator: ", "))",
                location: node.location, hint: "indent the test's arguments below its name")
        }
        if member.value.isNull { return (member.key, JSON.Members()) }
        guard let arguments = member.value.json.object else {
            throw TransformError(
                .schema, "the arguments of '\(member.key)' must be a mapping, but this is \(member.value.typeName)",
                location: member.value.location)
        }
        return (member.key, arguments)
    }

    private static func modelExpression(_ target: Target) -> String {
        let call =
            switch target {
            case .node(let patch, let version?): "ref('\(patch.name)', version='\(version)')"
            case .node(let patch, nil): "ref('\(patch.name)')"
            case .source(let source): "source('\(source.sourceName)', '\(source.name)')"
            }
        return "{{ get_where_subquery(\(call)) }}"
    }

    private static func takeConfig(
        from arguments: inout JSON.Members, renderer: YAMLRenderer, at location: SourceLocation
    ) throws -> JSON.Members {
        var nested = arguments["config"]?.object ?? JSON.Members()
        if let given = arguments["config"], given.object == nil, !given.isNull {
            throw TransformError(.schema, "the 'config' of a test must be a mapping", location: location)
        }
        arguments["config"] = nil
        var config = JSON.Members()
        func add(_ key: String, _ value: JSON) throws {
            let rendered = if let text = value.string { try renderer.render(text, at: location) } else { value }
            if !rendered.isNull { config[key] = rendered }
        }
        for key in configKeys {
            if let value = arguments[key] {
                arguments[key] = nil
                if nested[key] != nil {
                    throw TransformError(
                        .schema, "'\(key)' stands in the test's 'config' and beside it", location: location,
                        hint: "keep the one in 'config'")
                }
                try add(key, value)
            } else if let value = nested[key] {
                nested[key] = nil
                try add(key, value)
            }
        }
        for entry in nested.entries { try add(entry.key, entry.value) }
        return config
    }

    /// The template that runs the test.
    var rawCode: String {
        let macro = (namespace.map { $0 + "." } ?? "") + "test_" + name
        var code = "{{ \(macro)(**_dbt_generic_test_kwargs) }}"
        guard !config.isEmpty else { return code }
        let settings = config.entries.map { entry in
            let value =
                entry.value.string.map { "\"" + $0.replacing("\"", with: "\\\"") + "\"" } ?? Value(entry.value).pythonString
            return "\(entry.key)=\(value)"
        }
        code += "{{ config(\(settings.joined(separator: ","))) }}"
        return code
    }
}
