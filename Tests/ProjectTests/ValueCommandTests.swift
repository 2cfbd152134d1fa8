import Documents
import Foundation
import Testing

@Suite("Variables, connections and secrets by command")
struct ValueCommandTests {
    private let project: ScratchProject

    init() throws { project = try ScratchProject("name: demo\nversion: 1\n") }

    private func run(_ arguments: String..., input: String? = nil) async throws -> LeatProcess.Ended {
        try await LeatProcess.run(arguments, in: project.directory, environment: ["NO_COLOR": "1"], input: input)
    }

    @Test("variables are set, listed, exported and imported, and encrypted ones are hidden")
    func variables() async throws {
        #expect(try await run("variables", "set", "batch_size", "100", "--type", "int").status == 0)
        #expect(try await run("variables", "set", "api_key", "--encrypted", input: "very-secret\n").status == 0)
        let refused = try await run("variables", "set", "api_key", "very-secret")
        #expect(refused.status == 2 && !refused.errors.contains("very-secret"))
        #expect(try await run("variables", "set", "batch_size", "many").errors.contains("is of the type int"))
        let list = try await project.json("variables", "list")
        #expect(list.array?.map { $0["value"] } == ["***", 100])
        #expect(try await run("variables", "get", "api_key").output == "very-secret\n")
        #expect(try await run("variables").output.contains("***"))
        let unknown = try await run("variables", "get", "batchsize")
        #expect(unknown.status == 1 && unknown.errors.contains("did you mean 'batch_size'?"))
        let exported = try await run("variables", "export", "--reveal")
        #expect(try await run("variables", "delete", "api_key").status == 0)
        #expect(try await run("variables", "import", "-", input: exported.output).status == 0)
        #expect(try await run("variables", "get", "api_key").output == "very-secret\n")
        #expect(!(try await run("variables", "export").output.contains("very-secret")))
        let audit = try await project.json("audit", "--action", "variable_set")
        #expect(audit.array?.count == 4 && audit[0]?["who"]?.string?.isEmpty == false)
    }

    @Test("what leat.yml declares of a variable holds for its value")
    func declared() async throws {
        try project.write("name: demo\nversion: 1\nvariables: {size: {type: int, default: 1}, token: {secret: true}}\n")
        let wrong = try await run("variables", "set", "size", "many")
        #expect(wrong.status == 1 && wrong.errors.contains("'size' is of the type int"), "\(wrong.errors)")
        #expect(try await run("variables", "set", "size", "many", "--type", "string").status == 1)
        #expect(try await run("variables", "set", "size", "7").status == 0)
        #expect(try await run("variables", "set", "token", "very-secret").status == 2)
        #expect(try await run("variables", "set", "token", input: "very-secret\n").status == 0)
        let list = try await project.json("variables", "list")
        #expect(list.array?.map { $0["value"] } == [7, "***"])
    }

    @Test("connections and secrets are read from standard input, shown without what is secret, and rotated")
    func connections() async throws {
        #expect(try await run("conn", "add", "warehouse", "--uri", input: "postgres://me:very-secret@db:5432/marts").status == 0)
        #expect(try await run("conn", "set", "warehouse", "--port", "5433").status == 0)
        let hidden = try await project.json("conn", "get", "warehouse")
        #expect(hidden["port"] == 5433 && hidden["password"] == "***" && hidden["host"] == "db")
        #expect(try await project.json("conn", "get", "warehouse", "--reveal")["password"] == "very-secret")
        #expect(try await run("secrets", "set", "token", input: "very-secret-too").status == 0)
        let rotated = try await project.json("secrets", "rotate")
        #expect(rotated["values"] == 2)
        #expect(try await project.json("secrets")[0]?["key"] == rotated["key"])
        #expect(try await run("secrets", "get", "token").output == "very-secret-too\n")
        let key = try await run("secrets", "key").output
        let wrong = try await LeatProcess.run(
            ["secrets", "get", "token"], in: project.directory, environment: ["LEAT_SECRET_KEY": key, "NO_COLOR": "1"])
        #expect(wrong.status == 1 && wrong.errors.contains("which is not there"))
        #expect(try await run("conn", "export").output.contains("very-secret") == false)
        #expect(try await run("conn", "delete", "warehouse").status == 0)
        #expect(try await project.json("conn").array?.isEmpty == true)
    }
}
