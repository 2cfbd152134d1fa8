import Documents

/// What the container of a task is made of. Everything in it is rendered.
package struct ContainerSettings: Sendable {
    /// When the image is asked of its registry.
    package enum Pull: String, Sendable, CaseIterable {
        case always, missing, never
    }

    package var image: String
    /// The program and its arguments; empty leaves that to the image.
    package var command: [String]
    /// nil leaves it to the image.
    package var entrypoint: [String]?
    package var environment: [String: String]
    /// `HOST:CONTAINER[:ro]`, with absolute paths or names of volumes.
    package var volumes: [String]
    /// `none`, `host`, `bridge`, or the name of a network; nil leaves it to the engine.
    package var network: String?
    package var directory: String?
    package var user: String?
    /// How many processors it may use; parts of one too.
    package var cpus: Double?
    /// In bytes.
    package var memory: Int?
    package var pull: Pull
    /// How long it has to end by itself when it is stopped, in seconds.
    package var graceSeconds: Int
    /// Exit codes that mean "nothing to do".
    package var skipCodes: [Int]
    /// Soft and hard limits, by the names that the engine knows them by: `nofile`, `nproc`.
    package var ulimits: [String: Int]

    package init(
        image: String, command: [String] = [], entrypoint: [String]? = nil, environment: [String: String] = [:],
        volumes: [String] = [], network: String? = nil, directory: String? = nil, user: String? = nil, cpus: Double? = nil,
        memory: Int? = nil, pull: Pull = .missing, graceSeconds: Int = 10, skipCodes: [Int] = [], ulimits: [String: Int] = [:]
    ) {
        self.image = image
        self.command = command
        self.entrypoint = entrypoint
        self.environment = environment
        self.volumes = volumes
        self.network = network
        self.directory = directory
        self.user = user
        self.cpus = cpus
        self.memory = memory
        self.pull = pull
        self.graceSeconds = graceSeconds
        self.skipCodes = skipCodes
        self.ulimits = ulimits
    }

    /// What the engine is told, with the labels by which the container is found again.
    func document(labels: [String: String]) -> JSON {
        func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        var host = JSON.Members()
        if !volumes.isEmpty { host.append("Binds", strings(volumes)) }
        if let network { host.append("NetworkMode", .string(network)) }
        if let cpus { host.append("NanoCpus", .int(Int(cpus * 1e9))) }
        if let memory {
            host.append("Memory", .int(memory))
            // No more than that on disk either: a task that swaps is slower than one that fails.
            host.append("MemorySwap", .int(memory))
        }
        if !ulimits.isEmpty {
            host.append(
                "Ulimits",
                .array(
                    ulimits.sorted { $0.key < $1.key }.map {
                        ["Name": .string($0.key), "Soft": .int($0.value), "Hard": .int($0.value)]
                    }))
        }
        var members = JSON.Members([
            ("Image", .string(image)),
            ("Env", strings(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })),
            ("Labels", .object(JSON.Members(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))),
            ("HostConfig", .object(host)),
        ])
        if !command.isEmpty { members.append("Cmd", strings(command)) }
        if let entrypoint { members.append("Entrypoint", strings(entrypoint)) }
        if let directory { members.append("WorkingDir", .string(directory)) }
        if let user { members.append("User", .string(user)) }
        return .object(members)
    }
}
