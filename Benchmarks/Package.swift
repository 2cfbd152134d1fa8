// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building Leat never builds its benchmarks.
let package = Package(
    name: "LeatBenchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "leat", path: ".."),
        .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
    ],
    targets: [
        .executableTarget(
            name: "JinjaBenchmark",
            dependencies: [
                .product(name: "Benchmark", package: "swift-benchmark"), .product(name: "Jinja", package: "leat"),
            ],
            path: "Jinja", exclude: ["templates", "compare.py", "models.py"],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
