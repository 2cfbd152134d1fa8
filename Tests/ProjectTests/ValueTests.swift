import Documents
import Foundation
import Testing

@Suite("Variables, connections and secrets in templates")
struct ValueTests {
    private func run(
        _ project: ScratchProject, _ arguments: String..., environment: [String: String] = [:], input: String? = nil
    ) async throws -> LeatProcess.Ended {
        try await LeatProcess.run(
            arguments, in: project.directory, environment: environment.merging(["NO_COLOR": "1"]) { $1 }, input: input)
    }

    @Test("the environment counts before the store, the store before files, files before defaults; types hold")
    func order() async throws {
        let project = try ScratchProject(
            """
            name: demo
            version: 1
            variables:
              batch_size: {type: int, default: 1, description: rows}
              region: eu
              limits: {type: json, default: {rows: [1, 2]}}
            pipelines:
              p:
                tasks:
                  a:
                    command: >-
                      echo {{ var.value.batch_size + 1 }} {{ var.value.region }} {{ var.json.limits.rows[1] }}
                      {{ conn.db.host }}:{{ conn.db.port }} {{ conn.files.extra_dejson.path }} {{ var.value.get('nope', 'x') }}
                      {{ macros.datetime(2026, 1, 2).strftime('%d') }} {{ task.task_id }} {{ dag.dag_id }} {{ ti.try_number }}
                      {{ prev_data_interval_start_success or 'none' }} {{ secret('token') | length }}
            """)
        let folder = project.directory.appending(path: "secrets")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in ["LEAT_VAR_REGION": "from-file\n", "token": "12345678", "LEAT_VAR_BATCH_SIZE": "9"] {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        #expect(try await run(project, "variables", "set", "batch_size", "41", "--type", "int").status == 0)
        #expect(try await run(project, "conn", "set", "files", "--extra", input: #"{"path": "/data"}"#).status == 0)
        let ended = try await run(
            project, "run", "p",
            environment: [
                "LEAT_SECRETS_DIR": folder.path, "AIRFLOW_VAR_LIMITS": #"{"rows": [7, 8]}"#,
                "AIRFLOW_CONN_DB": "postgres://me:very-secret@warehouse:5433/x",
            ])
        #expect(ended.status == 0, "\(ended.output) \(ended.errors)")
        let log = try await run(project, "logs", "p", "a").output
        #expect(log.contains("42 *** 8 warehouse:5433 /data x 02 a p 1 none 8"), "\(log)")

        // What is not of its type says where it is from.
        let wrong = try await run(project, "run", "p", environment: ["LEAT_VAR_BATCH_SIZE": "many", "LEAT_SECRET_TOKEN": "x"])
        #expect(wrong.status == 1 && wrong.output.contains("'batch_size' is of the type int"), "\(wrong.output)")
    }

    @Test("a secret that a run prints stands in no file and no answer, whichever way it came")
    func masking() async throws {
        let project = try ScratchProject(
            #"""
            name: demo
            version: 1
            variables: {pin: {type: int, secret: true, default: 13577531}}
            sources: {s: {connector: file, config: {url: "{{ secret('in_file') }}.csv", format: csv}}}
            pipelines:
              p:
                tasks:
                  out: {command: "echo {{ secret('token') }} {{ var.value.api }} $X; echo '{\"n\": \"{{ conn.db.password }}\"}'"}
                  err: {command: "echo '{{ secret('token') }}' >&2; echo $MY_API_TOKEN; echo {{ var.value.pin }}; exit 3", after: out}
                  args: {command: "tr '\\0' ' ' < /proc/$$/cmdline; : {{ secret('token') }}"}
                  uri: {http: "http://127.0.0.1:9/{{ conn.db.password | urlencode }}"}
                  word: {command: [echo, "{{ secret('token') }}"]}
                  sub: {pipeline: {name: q, params: {t: "{{ secret('token') }}"}, wait: false}}
                  bad: {sql: "select {{ secret('token') }} {{ nothing }}"}
                  pick: {branch: "{{ secret('token') }}"}
              q: {tasks: {a: {empty: true}}}
            """#)
        #expect(try await run(project, "secrets", "set", "token", input: "s3cret-one/two").status == 0)
        #expect(try await run(project, "secrets", "set", "in_file", input: "s3cret-file").status == 0)
        #expect(try await run(project, "variables", "set", "api", "--encrypted", input: "s3cret-two").status == 0)
        #expect(try await run(project, "conn", "set", "db", "--uri", input: "http://u:s3cret%2Fthree@h").status == 0)
        let ended = try await run(project, "run", "p", environment: ["MY_API_TOKEN": "s3cret-four", "LEAT_SECRETS_DIR": "/none"])
        #expect(ended.status == 1)
        let log = try await run(project, "logs", "p", "args").output
        let seen = log.split(separator: "\n").filter { $0.contains("eval") }
        #expect(seen.count == 1 && !seen.contains { $0.contains("***") }, "the list of processes does not have it: \(log)")
        #expect(try await run(project, "logs", "p", "word").output.contains("is an argument of the program"))
        let shown = try await project.json("run", "show", "p")
        let messages = (shown["tasks"]?.array ?? []).map {
            "\($0["task"]?.string ?? ""): \($0["error"]?["message"]?.string ?? "")"
        }
        #expect(messages.contains("sub: a secret cannot be a parameter of a run, which is recorded"), "\(messages)")
        var texts = [ended.output, ended.errors, shown.text(), try await run(project, "logs", "p", "out").output]
        let files = FileManager.default.enumerator(at: project.directory, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            if let data = try? Data(contentsOf: file) { texts.append(String(decoding: data, as: UTF8.self)) }
        }
        #expect(texts.contains { $0.contains("***") })
        for secret in ["s3cret", "13577531"] {
            let found = texts.filter { $0.contains(secret) && !$0.contains("name: demo") }
            #expect(found.isEmpty, "\(found.map { String($0.prefix(300)) })")
        }
    }

    @Test(
        "mistakes in declarations have their place",
        arguments: [
            ("variables: {a: {type: integer}}", "leat.yml:3:23", "it is one of: string, int"),
            ("variables: {a: {type: int, default: x}}", "leat.yml:3:", "of the type int"),
            ("variables: {a: {defalt: 1}}", "leat.yml:3:", "did you mean 'default'?"),
            ("variables: [a]", "leat.yml:3:", "must be a mapping"),
            ("vars: {a: \"{{ secret('key') }}\"}", "leat.yml:3:", "'secret' is undefined"),
        ])
    func mistakes(text: String, place: String, words: String) async throws {
        let project = try ScratchProject("name: demo\nversion: 1\n\(text)\n")
        let ended = try await run(project, "validate")
        #expect(ended.status == 2 && ended.errors.contains(place) && ended.errors.contains(words), "\(ended.errors)")
    }
}
