import Diagnostics
import Documents
import Foundation
import Postgres
import Testing

@testable import Transform

@Suite("Bad input") struct BadInputTests {
    private func error(of files: [String: String]) async throws -> (any UserFacingError)? {
        let project = try TestProject(files)
        do {
            _ = try await project.load().plan(.build)
            return nil
        } catch let error as any UserFacingError {
            return error
        }
    }

    @Test("refs in a circle are an error that names the circle")
    func circle() async throws {
        let error = try await error(of: ["models/a.sql": "{{ ref('b') }}", "models/b.sql": "{{ ref('a') }}"])
        #expect(error?.code == "transform.cycle")
        #expect(error?.message.contains("model.shop.a -> model.shop.b") ?? false)
    }

    @Test("two models of one name name both files")
    func duplicates() async throws {
        let error = try await error(of: ["models/x/a.sql": "select 1", "models/y/a.sql": "select 1"])
        #expect(error?.code == "transform.duplicate")
        #expect(error?.location?.file == "models/y/a.sql")
        #expect(error?.hint?.contains("models/x/a.sql") ?? false)
    }

    @Test("two entries for one model name both places")
    func patches() async throws {
        let error = try await error(of: [
            "models/a.sql": "select 1", "models/one.yml": "models:\n- name: a", "models/two.yml": "models:\n\n- name: a",
        ])
        #expect(error?.code == "transform.duplicate")
        #expect(error?.location?.line == 3 && error?.location?.file == "models/two.yml")
        #expect(error?.hint?.contains("models/one.yml:2") ?? false)
    }

    @Test("links that lead back to where they stand end nowhere", .timeLimit(.minutes(5)))
    func links() async throws {
        let project = try TestProject(["models/a.sql": "select 1 as x"])
        for (name, target) in [("here", "."), ("up", ".."), ("again", ".")] {
            try FileManager.default.createSymbolicLink(
                atPath: project.folder + "/models/" + name, withDestinationPath: target)
        }
        let names = try await project.load().manifest.nodes.values.map(\.name)
        #expect(names == ["a"])
    }

    @Test("a file that is no UTF-8 is named, with the line", arguments: ["models/a.sql", "models/a.yml", "macros/a.sql"])
    func encoding(_ path: String) async throws {
        let project = try TestProject(["models/b.sql": "select 1", path: ""])
        try Data([0x61, 0x0A, 0x62, 0xFF, 0xFE]).write(to: URL(filePath: project.folder + "/" + path))
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.location == SourceLocation(file: path, line: 2))
    }

    @Test("aliases that multiply are refused before they fill the memory")
    func bomb() async throws {
        let lines = (1..<12).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
        let text = "a0: &a0 [x, x]\n" + lines.joined(separator: "\n")
        let error = try await error(of: ["models/bomb.yml": text])
        #expect(error?.location?.file == "models/bomb.yml")
    }

    @Test("a missing profile, target or profiles.yml says where it looked")
    func profiles() async throws {
        let unknown = try await error(of: ["dbt_project.yml": "name: shop\nprofile: shopp\n"])
        #expect(unknown?.code == "transform.profile" && unknown?.hint == "did you mean 'shop'?")
        let project = try TestProject([:])
        try FileManager.default.removeItem(atPath: project.folder + "/profiles.yml")
        let missing = await #expect(throws: TransformError.self) {
            _ = try await project.load { $0.profilesDirectory = project.folder }
        }
        #expect(missing?.hint?.contains(project.folder) ?? false)
        let target = await #expect(throws: TransformError.self) { _ = try await TestProject([:]).load { $0.target = "pro" } }
        #expect(target?.code == "transform.profile")
    }

    @Test("a server that nobody answers at is an error, not a wait")
    func server() async throws {
        let project = try TestProject(["models/a.sql": "select 1"])
        await #expect(throws: (any Error).self) { _ = try await project.run(.run) }
    }

    @Test("a version that is listed twice, or a latest one that is none of them, has its place")
    func versions() async throws {
        let twice = try await error(of: ["models/a.yml": "models:\n- name: a\n  versions:\n  - v: 1\n  - v: 1"])
        #expect(twice?.location?.line == 5)
        let none = try await error(of: ["models/a.yml": "models:\n- name: a\n  latest_version: 3\n  versions: [{v: 1}]"])
        #expect(none?.location?.line == 3 && none?.hint == "they are: 1")
    }
}
