import Diagnostics
import Documents
package import Orchestrate

extension TaskEntry {
    /// A program in a container of this machine's engine.
    package struct ContainerTask: Sendable {
        package let image: TaskText
        /// A program and its arguments, or one text for the shell of the image.
        package let command: [TaskText]
        package let isShell: Bool
        package let entrypoint: [TaskText]?
        package let environment: [(name: String, value: TaskText)]
        package let volumes: [TaskText]
        package let network: TaskText?
        package let directory: TaskText?
        package let user: TaskText?
        package let cpus: Double?
        /// In bytes.
        package let memory: Int?
        package let pull: ContainerSettings.Pull
        /// How long it has to end by itself when it is stopped.
        package let gracePeriod: Duration
        package let skipCodes: [Int]
        package let ulimits: [String: Int]

        var graceSeconds: Int { Int(gracePeriod.components.seconds) }

        /// All that is rendered when the task runs.
        var templates: [TaskText] {
            [image] + command + (entrypoint ?? []) + environment.map { $0.value } + volumes
                + [network, directory, user].compactMap { $0 }
        }
    }

    static func containerTask(_ node: YAMLNode, of subject: String) throws -> ContainerTask {
        guard node.members != nil else {
            return ContainerTask(
                image: TaskText(node), command: [], isShell: false, entrypoint: nil, environment: [], volumes: [], network: nil,
                directory: nil, user: nil, cpus: nil, memory: nil, pull: .missing, gracePeriod: .seconds(10), skipCodes: [],
                ulimits: [:])
        }
        func texts(_ node: YAMLNode?) -> [TaskText]? { node.map { ($0.items ?? [$0]).map { TaskText($0) } } }
        var keys = try YAMLMapping(node, of: subject)
        let image = TaskText(try keys.required("image"))
        let command = keys.optional("command")
        let entrypoint = texts(keys.optional("entrypoint"))
        let environment = try keys.members("env").map { (name: $0.key, value: TaskText($0.value)) }
        let volumes = texts(keys.optional("volumes")) ?? []
        let network = keys.optional("network").map { TaskText($0) }
        let directory = keys.optional("directory").map { TaskText($0) }
        let user = keys.optional("user").map { TaskText($0) }
        let limits = try ResourceLimits(&keys)
        let pull = try keys.optional("pull").map { node in
            guard let pull = ContainerSettings.Pull(rawValue: node.scalarText) else {
                let names = ContainerSettings.Pull.allCases.map(\.rawValue)
                throw DocumentError(
                    .badValue, "'pull' cannot be '\(node.scalarText)'", location: node.location,
                    hint: Suggestion.hint(for: node.scalarText, in: names) ?? "it is one of: \(names.joined(separator: ", "))")
            }
            return pull
        }
        let grace = try keys.optional("grace_period").map { node in
            try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
        }
        let codes = try exitCodes(keys.optional("skip_on_exit_code"))
        var ulimits: [String: Int] = [:]
        for member in try keys.members("ulimits") {
            guard let value = member.value.int, value > 0 else {
                throw DocumentError(.wrongType, "the limit '\(member.key)' must be a number", location: member.value.location)
            }
            ulimits[member.key] = value
        }
        try keys.finish()
        return ContainerTask(
            image: image, command: texts(command) ?? [], isShell: command != nil && command?.items == nil, entrypoint: entrypoint,
            environment: environment, volumes: volumes, network: network, directory: directory, user: user, cpus: limits.cpus,
            memory: limits.memory, pull: pull ?? .missing, gracePeriod: grace ?? .seconds(10), skipCodes: codes, ulimits: ulimits)
    }

    /// Exit codes that mean "nothing to do".
    static func exitCodes(_ node: YAMLNode?) throws -> [Int] {
        try (node.map { $0.items ?? [$0] } ?? []).map { code in
            guard let value = code.int else {
                throw DocumentError(.wrongType, "an exit code is a number, not '\(code.scalarText)'", location: code.location)
            }
            return value
        }
    }

    /// `cpus` and `memory` of a container.
    private struct ResourceLimits {
        var cpus: Double?
        var memory: Int?

        init(_ keys: inout YAMLMapping) throws {
            cpus = try keys.optional("cpus").map { node in
                guard let value = Double(node.scalarText), value > 0 else {
                    throw DocumentError(
                        .wrongType, "'cpus' must be a number of processors, not '\(node.scalarText)'", location: node.location,
                        hint: "such as 0.5 or 2")
                }
                return value
            }
            memory = try keys.optional("memory").map { try TaskEntry.memory($0) }
        }
    }

    /// An amount of memory: `512m`, `2g`, `256Mi`, or a number of bytes. As Docker has it, `m` is 1024 times 1024.
    static func memory(_ node: YAMLNode) throws -> Int {
        let text = node.scalarText.lowercased()
        let digits = text.prefix { $0.isNumber || $0 == "." }
        var unit = text.dropFirst(digits.count)
        for end in ["ib", "b", "i"] where unit.hasSuffix(end) && unit.count > end.count || unit == "b" {
            unit = unit.dropLast(min(end.count, unit.count))
            break
        }
        let factors: [Substring: Double] = ["": 1, "k": 1024, "m": 1_048_576, "g": 1_073_741_824, "t": 1_099_511_627_776]
        guard let factor = factors[unit], let number = Double(digits), number * factor >= 1_048_576 else {
            throw DocumentError(
                .badValue, "'memory' cannot be '\(node.scalarText)'", location: node.location,
                hint: "write 512m, 2g or a number of bytes; at least 1m")
        }
        return Int(number * factor)
    }
}
