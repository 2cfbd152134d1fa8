// swift-tools-version: 6.2
import PackageDescription

/// Warnings fail the build in CI; while developing they only show.
let isCI = Context.environment["CI"] != nil

let swiftSettings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isCI ? [.treatAllWarnings(as: .error)] : [])

/// Nobody looks up anything in the shipped binary by name: without a table for that it is 6 MB smaller, and so is what each start of it
/// brings into memory.
let releaseLinking: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "--no-export-dynamic"], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
    name: "leat",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "leat", targets: ["leat"]),
        .library(name: "Jinja", targets: ["Jinja"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.30.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // Leaves: no knowledge of each other.
        .target(name: "Diagnostics", swiftSettings: swiftSettings),
        .target(
            name: "Documents",
            dependencies: ["Diagnostics", .product(name: "Yams", package: "Yams")],
            swiftSettings: swiftSettings),
        .target(
            name: "Jinja",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: swiftSettings),
        .systemLibrary(
            name: "Clibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(
            name: "Czlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // libcurl is loaded when it is first needed.
        .target(name: "Ccurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(name: "Processes", swiftSettings: swiftSettings),
        .target(name: "Postgres", dependencies: ["Clibpq", "Diagnostics"], swiftSettings: swiftSettings),
        .target(
            name: "Kubernetes",
            dependencies: [
                "Diagnostics", "Documents", "Processes", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings),
        .target(name: "Records", dependencies: ["Diagnostics", "Documents"], swiftSettings: swiftSettings),

        // Engines.
        .target(
            name: "Services",
            dependencies: [
                "Diagnostics", "Postgres", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Connectors",
            dependencies: [
                "Ccurl", "Czlib", "Diagnostics", "Documents", "Postgres", "Processes", "Records",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Ingest", dependencies: ["Connectors", "Diagnostics", "Documents", "Records"],
            swiftSettings: swiftSettings),
        .target(
            name: "Transform",
            dependencies: [
                "Diagnostics", "Documents", "Jinja", "Postgres", "Processes",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            exclude: ["Macros/SQL"],
            swiftSettings: swiftSettings,
            plugins: ["EmbedResources"]),
        .target(
            name: "Orchestrate",
            dependencies: [
                "Diagnostics", "Documents", "Kubernetes", "Processes", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings),

        // The whole.
        .target(
            name: "Project",
            dependencies: [
                "Connectors", "Diagnostics", "Documents", "Ingest", "Jinja", "Kubernetes", "Orchestrate", "Postgres", "Processes",
                "Records", "Services", "Transform",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Serve",
            dependencies: [
                "Connectors", "Diagnostics", "Documents", "Ingest", "Jinja", "Orchestrate", "Postgres", "Project", "Records",
                "Transform",
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Web"],
            swiftSettings: swiftSettings,
            plugins: ["EmbedResources"]),
        .executableTarget(
            name: "leat",
            dependencies: [
                "Connectors", "Diagnostics", "Documents", "Ingest", "Jinja", "Orchestrate", "Processes", "Project", "Records",
                "Serve",
                "Services", "Transform",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings, linkerSettings: releaseLinking),

        // Files that the binary needs are compiled into it.
        .executableTarget(name: "EmbedResourcesTool", swiftSettings: swiftSettings),
        .plugin(name: "EmbedResources", capability: .buildTool(), dependencies: ["EmbedResourcesTool"]),

        // Tests mirror the sources.
        .target(
            name: "TestSupport", dependencies: ["Postgres", "Processes", "Services"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        // An API server of Kubernetes with a kubelet that plays scripts, for tests and benchmarks.
        .target(
            name: "ClusterSupport",
            dependencies: [
                "Documents", "Kubernetes", "Processes", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/ClusterSupport", swiftSettings: swiftSettings),
        .testTarget(
            name: "KubernetesTests",
            dependencies: [
                "ClusterSupport", "Diagnostics", "Documents", "Kubernetes", "TestSupport",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swiftSettings),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Diagnostics", "Documents"], swiftSettings: swiftSettings),
        .testTarget(
            name: "JinjaTests", dependencies: ["Jinja", "Processes"],
            exclude: [
                "Corpus/cases", "Corpus/make_corpus.py", "Corpus/expressions.py", "Corpus/filters.py",
                "Corpus/signatures.py", "Corpus/statements.py", "Corpus/templates.py", "Fuzz/reference.py",
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes"], swiftSettings: swiftSettings),
        .testTarget(
            name: "PostgresTests", dependencies: ["Clibpq", "Diagnostics", "Postgres", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ServicesTests", dependencies: ["Diagnostics", "Postgres", "Services", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ConnectorsTests",
            dependencies: [
                "Connectors", "Diagnostics", "Documents", "Ingest", "Postgres", "Processes", "Records", "TestSupport",
            ],
            exclude: ["Protocol/Python"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "IngestTests",
            dependencies: ["Connectors", "Diagnostics", "Documents", "Ingest", "Postgres", "Records", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "TransformTests",
            dependencies: ["Diagnostics", "Documents", "Jinja", "Postgres", "TestSupport", "Transform"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "OrchestrateTests",
            dependencies: [
                "ClusterSupport", "Diagnostics", "Documents", "Kubernetes", "Orchestrate", "Processes",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ProjectTests",
            dependencies: [
                "ClusterSupport", "Connectors", "Diagnostics", "Documents", "Kubernetes", "Orchestrate", "Postgres", "Processes",
                "Project", "Services", "TestSupport",
            ],
            exclude: ["lineage.py"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ServeTests",
            dependencies: [
                "ClusterSupport", "Documents", "Orchestrate", "Postgres", "Processes", "Project", "Serve", "Services",
                "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            exclude: ["Clients/airbyte.py", "Clients/airflow_v1.py", "Clients/airflow_v2.py", "Clients/prometheus.py"],
            swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
