import Diagnostics
import Documents
import Testing

@testable import Transform

@Suite("Warnings as errors") struct WarningPolicyTests {
    private static let all: JSON = ["error": "all"]

    @Test(
        "a name says more than Deprecations, and that more than all",
        arguments: [
            ([:], false, .warn, .warn), ([:], true, .error, .error), (all, false, .error, .error),
            (["error": ["NothingToDo"]], false, .error, .warn),
            (["error": "all", "warn": ["NothingToDo"]], false, .warn, .error),
            (["error": "all", "warn": ["Deprecations"]], false, .error, .warn),
            (["error": ["Deprecations"]], false, .warn, .error),
            (["error": ["Deprecations"], "silence": ["PropertyMovedToConfigDeprecation"]], false, .warn, .silence),
            (["silence": ["Deprecations"]], false, .warn, .silence), (["silence": ["NothingToDo"]], false, .silence, .warn),
            (["include": "all", "exclude": ["NothingToDo"]], false, .warn, .error),
        ] as [(JSON, Bool, WarningPolicy.Verdict, WarningPolicy.Verdict)])
    func verdicts(
        _ options: JSON, _ warnError: Bool, _ plain: WarningPolicy.Verdict, _ deprecation: WarningPolicy.Verdict
    ) throws {
        let policy = try WarningPolicy(warnError: warnError, options: options.object ?? JSON.Members())
        #expect(policy.verdict(on: .nothingToDo) == plain)
        #expect(policy.verdict(on: .propertyMovedToConfig) == deprecation)
    }

    @Test(
        "options that make no sense are errors",
        arguments: [
            (["error": "some"], "must be 'all', '*' or a list"), (["error": ["NothingToDoo"]], "is not a valid dbt error name"),
            (["warn": ["NothingToDo"]], "`warn` can only be specified"), (["eror": "all"], "has no key 'eror'"),
            (["error": "all", "include": "all"], "Only `include` or `error` can be specified"),
        ] as [(JSON, String)])
    func nonsense(_ options: JSON, _ text: String) {
        let error = #expect(throws: TransformError.self) {
            try WarningPolicy(warnError: false, options: options.object ?? JSON.Members())
        }
        #expect(error?.message.contains(text) ?? false)
    }

    @Test("old spellings of the options are a deprecation themselves")
    func oldKeys() throws {
        let policy = try WarningPolicy(warnError: false, options: JSON.Members(pairs: [("include", "all")]))
        #expect(policy.deprecation?.contains("Please use `error` instead of `include`.") ?? false)
    }

    private func events(of files: [String: String]) async throws -> [String] {
        try await TestProject(files).load().manifest.warnings.map(\.event.name)
    }

    @Test("a project's warnings have dbt's names")
    func names() async throws {
        let found = try await events(of: [
            "dbt_project.yml":
                "name: shop\nprofile: shop\nmodels: {shop: {nowhere: {+enabled: true}}, +tags: x}\nseeds: {+tags: y}\n",
            "models/a.sql": "select 1 as id", "models/b.sql": "select * from {{ ref('a') }}",
            "models/schema.yml": """
            models:
            - {name: a, deprecation_date: 2020-01-01, columns: [{name: id, tests: [{accepted_values: {values: [1]}}, {unique: {severity: warn}}]}]}
            - {name: ghost}
            - {name: phantom, tests: [unique: {column_name: id}]}
            macros: [{name: nothing}]
            """,
        ])
        #expect(
            Set(found) == [
                "MissingArgumentsPropertyInGenericTestDeprecation", "PropertyMovedToConfigDeprecation", "NoNodeForYamlKey",
                "NodeNotFoundOrDisabled", "UnusedResourceConfigPath", "DeprecatedModel", "DeprecatedReference",
                "MacroNotFoundForPatch",
            ])
        #expect(found.count { $0 == "NoNodeForYamlKey" } == 2)
    }

    @Test("settings without use are named by their paths")
    func unusedPaths() async throws {
        let warnings = try await TestProject([
            "dbt_project.yml":
                "name: shop\nprofile: shop\nmodels: {shop: {nowhere: {+enabled: true}}, +tags: x}\nseeds: {+tags: y}\n",
            "models/a.sql": "select 1",
        ]).load().manifest.warnings
        #expect(
            warnings.map(\.message).first?.hasSuffix("2 unused configuration paths:\n- models.shop.nowhere\n- seeds") ?? false)
    }

    @Test("a warning that is an error stops the invocation, and a silent one is not seen")
    func loading() async throws {
        let project = try TestProject(["models/a.sql": "select 1", "models/schema.yml": "models: [{name: ghost}]"])
        let error = await #expect(throws: TransformError.self) { _ = try await project.load { $0.warnError = true } }
        #expect(error?.kind == .warning && error?.location?.file == "models/schema.yml")
        #expect(error?.dbtTitle == "Compilation Error")
        let template = try TestProject(["models/a.sql": "{% do exceptions.warn('careful') %} select 1"])
        let failed = await #expect(throws: TransformError.self) {
            _ = try await template.load { $0.warnErrorOptions = JSON.Members(pairs: [("error", ["JinjaLogWarning"])]) }
        }
        #expect(failed?.message.contains("careful") ?? false)
    }

    @Test("keys that are nearly right are named, and fail nothing unless they are asked to")
    func misspeltKeys() async throws {
        let project = try TestProject([
            "dbt_project.yml": "name: shop\nprofile: shop\nmodels:\n  shop:\n    +materialised: table\n",
            "models/a.sql": "select 1",
            "models/schema.yml":
                "model: []\nmodels:\n- name: a\n  desciption: x\n  owner: me\n  config: {enabeld: true}\n  columns: [{name: id, data_test: [unique]}]",
        ])
        let warnings = try await project.load { $0.warnError = true }.manifest.warnings.filter(\.isOptional)
        #expect(
            Set(warnings.map(\.message)) == [
                "'models' has an unknown key 'materialised'", "an entry of 'models' has an unknown key 'desciption'",
                "'config' has an unknown key 'enabeld'", "a column has an unknown key 'data_test'",
                "a schema file has an unknown key 'model'",
            ])
        #expect(warnings.contains { $0.hint == "did you mean 'materialized'?" })
        let error = await #expect(throws: TransformError.self) {
            _ = try await project.load {
                $0.warnErrorOptions = JSON.Members(pairs: [("error", ["CustomKeyInObjectDeprecation"])])
            }
        }
        #expect(error?.hint == "did you mean 'description'?")
    }

    @Test("a project for another dbt is refused, unless nobody checks")
    func requiredVersion() async throws {
        let files = [
            "dbt_project.yml": "name: shop\nprofile: shop\nrequire-dbt-version: ['>=1.0.0', '<1.5.0']\n",
            "models/a.sql": "select 1",
        ]
        let project = try TestProject(files)
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.message.hasPrefix("This version of dbt is not supported with the 'shop' package.") ?? false)
        #expect(error?.message.contains("Required version of dbt for 'shop': ['>=1.0.0', '<1.5.0']") ?? false)
        _ = try await project.load { $0.checksVersion = false }
    }
}
