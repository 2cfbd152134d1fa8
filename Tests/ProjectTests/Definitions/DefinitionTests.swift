import Connectors
import Diagnostics
import Documents
import Foundation
import Orchestrate
import Testing

@testable import Project

/// What the tests define.
private enum Draft {
    static let text = """
        name: waterworks
        version: 1
        sources:
          old: {connector: postgres, config: {host: localhost, database: a, username: u}}
        destinations:
          warehouse: {connector: postgres, config: {host: localhost, database: b, username: u}}
        connections:
          First: {source: old, destination: warehouse, streams: [{name: pumps}]}
        """

    static let author = Author("anna")

    static func source(_ more: (String, JSON)...) -> JSON {
        var config = JSON.Members([
            ("host", "localhost"), ("port", 5444), ("database", "shop"), ("username", "shop"), ("password", "hush hush"),
        ])
        for (key, value) in more { config[key] = value }
        return ["connector": "postgres", "config": .object(config)]
    }

    static let connection: JSON = [
        "source": "shop", "destination": "warehouse", "streams": [["name": "orders", "sync_mode": "full_refresh_append"]],
    ]

    static func csv(_ url: String) -> JSON {
        ["connector": "file", "config": ["url": .string(url), "dataset_name": "x", "format": "csv"]]
    }
}

/// A project in a folder, and what defines things in it.
private struct Place {
    let scratch: ScratchProject
    let current: CurrentProject
    let definitions: ProjectDefinitions

    init(_ text: String = Draft.text) throws {
        scratch = try ScratchProject(text)
        let folder = scratch.directory.path
        current = try CurrentProject(try LeatProject.load(from: folder)) { try LeatProject.load(from: folder) }
        definitions = ProjectDefinitions(current)
    }

    var loaded: LeatProject { get throws { try LeatProject.load(from: scratch.directory.path) } }
    var database: URL { scratch.directory.appending(path: ".leat/definitions.db") }
}

@Suite("What is defined while Leat runs")
struct DefinitionTests {
    @Test("is part of the project at once, for commands and for a server that runs, and goes again")
    func life() async throws {
        let place = try Place()
        let shop = try await place.definitions.create(.source, name: "shop", content: Draft.source(), by: Draft.author)
        let orders = try await place.definitions.create(.connection, name: "Orders", content: Draft.connection, by: Draft.author)
        for project in [place.current.project, try place.loaded] {
            #expect(project.sources.map(\.name) == ["old", "shop"])
            #expect(project.sources[1].config["password"] == "hush hush")
            #expect(project.connections.map(\.name) == ["First", "Orders"])
            #expect(project.connections[1].id == orders.id)
            #expect(project.connections[1].streams.map(\.name) == ["orders"])
        }
        #expect(place.current.pipelines.map(\.definition.id.rawValue) == ["sync.First", "sync.Orders"])

        let moved = try await place.definitions.update(
            .source, shop.id, name: "store", content: Draft.source(("port", 5445)), revision: shop.revision, by: Draft.author)
        #expect(moved.revision > shop.revision)
        #expect(try place.loaded.connections[1].source == "store")
        #expect(place.current.project.sources[1].config["port"] == 5445)
        await #expect(throws: ProjectError.self) {
            try await place.definitions.update(
                .source, shop.id, content: Draft.source(), revision: shop.revision, by: Draft.author)
        }

        try await place.definitions.remove(.source, shop.id)
        #expect(try place.loaded.sources.map(\.name) == ["old"])
        #expect(try place.loaded.connections.map(\.name) == ["First"])
        #expect(place.current.pipelines.map(\.definition.id.rawValue) == ["sync.First"])
    }

    @Test("never changes what stands in leat.yml, nor takes its names, nor away what it needs")
    func file() async throws {
        let place = try Place(
            Draft.text + """

                pipelines:
                  nightly: {tasks: {move: {sync: First}}}
                """)
        let old = try #require(place.current.project.sources.first)
        func code(_ body: () async throws -> Void) async -> String? {
            do { try await body() } catch { return (error as? any UserFacingError)?.code }
            return nil
        }
        #expect(await code { try await place.definitions.remove(.source, old.id(as: .source)) } == "project.read_only")
        #expect(
            await code {
                try await place.definitions.update(.source, old.id(as: .source), content: Draft.source(), by: Draft.author)
            }
                == "project.read_only")
        #expect(
            await code { try await place.definitions.create(.source, name: "old", content: Draft.source(), by: Draft.author) }
                == "project.conflict")
        #expect(await code { try await place.definitions.remove(.source, UUID()) } == "project.unknown_reference")

        let shop = try await place.definitions.create(.source, name: "shop", content: Draft.source(), by: Draft.author)
        let orders = try await place.definitions.create(.connection, name: "Orders", content: Draft.connection, by: Draft.author)
        try place.scratch.write(
            Draft.text + """

                pipelines:
                  nightly: {tasks: {move: {sync: Orders}}}
                """)
        #expect(await code { try await place.definitions.remove(.connection, orders.id) } == "project.read_only")
        #expect(await code { try await place.definitions.remove(.source, shop.id) } == "project.read_only")
        #expect(try await place.definitions.all().count == 2)
    }

    @Test("has ids that are always the same for what stands in leat.yml")
    func ids() throws {
        let project = try Place().current.project
        #expect(project.sources[0].id(as: .source).text == "d719b24a-ed6f-5674-9a58-e9254733fc6b")
        #expect(EntryID.of("source", "old") == project.sources[0].id(as: .source))
        #expect(EntryID.of("destination", "old") != EntryID.of("source", "old"))
    }

    @Test(
        "is checked as leat.yml is, and the error names the field",
        arguments: [
            (Draft.source(("port", 70_000)), "sources.shop.config.port"), (Draft.source(("prot", 1)), "sources.shop.config"),
            (["connector": "postgres", "config": ["port": 1]], "sources.shop"),
            (["connector": "postgers", "config": [:]], "sources.shop"), (["config": [:]], "sources.shop"),
            (["connector": "postgres", "config": [:], "colour": "red"], "sources.shop.colour"),
        ] as [(JSON, String)])
    func fields(content: JSON, place: String) async throws {
        let project = try Place()
        do {
            try await project.definitions.create(.source, name: "shop", content: content, by: Draft.author)
            Issue.record("it was taken")
        } catch let error as any UserFacingError {
            #expect(error.location?.file.hasPrefix(place) == true, "\(error)")
        }
        #expect(try await project.definitions.all().isEmpty)
    }

    @Test("keeps no secret in the clear, in a file that only its owner can read, and renders no text as a template")
    func secrets() async throws {
        let place = try Place()
        try await place.definitions.create(
            .source, name: "shop", content: Draft.source(("username", "{{ env_var('HOME') }}")), by: Draft.author)
        let bytes = try Data(contentsOf: place.database)
        #expect(bytes.firstRange(of: Data("hush hush".utf8)) == nil)
        #expect(bytes.firstRange(of: Data("shop".utf8)) != nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: place.database.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try place.loaded.sources[1].config["username"] == "{{ env_var('HOME') }}")
        #expect(try place.loaded.sources[1].maskedConfig(as: .source)["password"] == "**********")
        let restored = SecretMask.restored(
            ["password": "**********", "port": 1], from: try place.loaded.sources[1].config)
        #expect(restored == ["password": "hush hush", "port": 1])
    }

    @Test(
        "runs no programs and reaches neither the machine's files and sockets nor the addresses of clouds",
        arguments: [
            ["connector": ["exec": ["/bin/sh", "-c", "id"]], "config": [:]], ["connector": ["image": "a/b"], "config": [:]],
            Draft.source(("host", "/var/run/postgresql")), Draft.source(("host", "169.254.169.254")),
            Draft.source(("host", "0.0.0.0")),
            Draft.source(("host", "localhost,[fe80::1]")), Draft.source(("host", "2852039166")),
            Draft.source(("ssl_mode", ["mode": "verify-ca", "ca_certificate": "/etc/ssl/key.pem"])),
            Draft.csv("/etc/passwd"), Draft.csv("../secret.csv"), Draft.csv("file:///etc/passwd"), Draft.csv(".leat/leat.db"),
            Draft.csv("data/../../x.csv"), Draft.csv("link/passwd"), Draft.csv("http://169.254.169.254/latest/meta-data"),
            Draft.csv("http://[fd00:ec2::254]/x"),
        ] as [JSON])
    func limits(content: JSON) async throws {
        let place = try Place()
        try FileManager.default.createSymbolicLink(
            atPath: place.scratch.directory.appending(path: "link").path, withDestinationPath: "/etc")
        do {
            try await place.definitions.create(.source, name: "shop", content: content, by: Draft.author)
            Issue.record("it was taken: \(content.text())")
        } catch let error as ProjectError {
            #expect(error.kind == .forbidden, "\(error)")
        }
        #expect(try await place.definitions.all().isEmpty)
    }

    @Test("takes files of the project, and images from an admin")
    func allowed() async throws {
        let place = try Place()
        try await place.definitions.create(
            .source, name: "files", content: ["connector": "file", "config": ["url": "data/*.csv"]], by: Draft.author)
        try await place.definitions.create(
            .source, name: "image", content: ["connector": ["image": "a/b"], "config": [:]], by: Draft.author, limits: .admin)
        #expect(try place.loaded.sources.count == 3)
    }

    @Test("that does not fit any more is left out and told of, and the rest goes on")
    func leftOut() async throws {
        let place = try Place()
        try await place.definitions.create(
            .connection, name: "Second", content: ["source": "old", "destination": "warehouse", "streams": [["name": "x"]]],
            by: Draft.author)
        try place.scratch.write("name: waterworks\nversion: 1\ndestinations: {}\n")
        let project = try place.loaded
        #expect(project.connections.isEmpty)
        #expect(project.definitionProblems.map(\.name) == ["Second"])
        #expect(project.definitionProblems.first?.error.message.contains("'old'") == true)
    }

    @Test(
        "has no name that could lead to another folder or page",
        arguments: ["", "..", "a/b", "a\\b", ".x", " x", "x\n", String(repeating: "x", count: 101)])
    func names(name: String) async throws {
        let place = try Place()
        await #expect(throws: ProjectError.self) {
            try await place.definitions.create(.source, name: name, content: Draft.source(), by: Draft.author)
        }
    }

    @Test("is exported as leat.yml, whose reading gives the same again, without its secrets")
    func export() async throws {
        let place = try Place()
        try await place.definitions.create(
            .source, name: "the shop", content: Draft.source(("username", "{{ x }}"), ("schemas", ["a", "true"])),
            by: Draft.author)
        try await place.definitions.create(
            .connection, name: "Orders", content: ["source": "the shop", "destination": "warehouse", "streams": [["name": "o"]]],
            by: Draft.author)
        let before = try place.loaded
        let export = try DefinitionExport(before)
        #expect(!export.text.contains("hush"))
        #expect(export.variables.map(\.name) == ["THE_SHOP_PASSWORD"])
        let copy = try ScratchProject(
            "name: copy\nversion: 1\ndestinations: {warehouse: {connector: postgres, config: {}}}\n" + export.text)
        let again = try LeatProject.load(from: copy.directory.path, environment: ["THE_SHOP_PASSWORD": "hush hush"])
        #expect(again.sources[0].config == before.sources[1].config)
        #expect(again.connections[0].streams.map(\.name) == ["o"])
        #expect(again.connections[0].id == before.connections[1].id)
    }
}
