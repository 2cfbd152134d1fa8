import Diagnostics
import Documents
import Foundation
import Orchestrate

/// Finds variables, connections and secrets in the places where they may be kept.
///
/// The first that has it counts: the environment, the store, the folder `LEAT_SECRETS_DIR`, the default in leat.yml. What is secret
/// is hidden from then on.
struct ValueLookup: Sendable {
    let environment: [String: String]
    /// What leat.yml declares, by name.
    let declared: [String: VariableEntry]
    /// `vars:` of leat.yml.
    let vars: [String: JSON]
    let stored: @Sendable () throws -> StoredValues
    let hidden: HiddenTexts

    static let folderVariable = "LEAT_SECRETS_DIR"

    /// A variable's value, of the type that is declared for it.
    /// - Throws: an error that names it, where there is none or its value is not of the type.
    func variable(_ name: String) throws -> JSON {
        if let found = try find(name) { return found }
        let names = Set(declared.keys).union(vars.keys).union(try stored().sealed.variables.map(\.name))
        throw ProjectError(
            .template, "there is no variable '\(name)'",
            hint: Suggestion.hint(for: name, in: names.sorted())
                ?? "`leat variables set \(name)` makes it, or declare it under 'variables:'")
    }

    /// A variable's value; nil where there is none.
    func find(_ name: String) throws -> JSON? {
        let entry = declared[name]
        let isSecret = entry?.isSecret == true || HiddenTexts.isSecretName(name)
        func typed(_ text: String, _ place: String) throws -> JSON {
            do {
                return try (entry?.type ?? .string).value(from: .string(text), of: name, isSecret: entry?.isSecret == true)
            } catch {
                throw ProjectError(.template, error.message, hint: "it comes from \(place)")
            }
        }
        for prefix in ["LEAT_VAR_", "AIRFLOW_VAR_"] {
            let key = prefix + name.uppercased()
            guard let text = environment[key] else { continue }
            return noted(try typed(text, "the environment variable \(key)"), isSecret: isSecret)
        }
        if let variable = try stored().variable(name) {
            let value =
                variable.type == .string && entry != nil
                ? try typed(variable.value.string ?? "", "the store") : variable.value
            return noted(value, isSecret: variable.isEncrypted || isSecret)
        }
        if let (text, path) = try file(["LEAT_VAR_", "AIRFLOW_VAR_"], name) {
            return noted(try typed(text, path), isSecret: true)
        }
        if let value = entry?.defaultValue { return noted(value, isSecret: isSecret) }
        return vars[name]
    }

    private func noted(_ value: JSON, isSecret: Bool) -> JSON {
        if isSecret { hidden.hide(value) }
        return value
    }

    /// - Throws: an error that names it, where there is none.
    func connection(_ id: String) throws -> ExternalConnection {
        if let found = try findConnection(id) { return found }
        throw ProjectError(
            .template, "there is no connection '\(id)'",
            hint: Suggestion.hint(for: id, in: try stored().sealed.connections.map(\.id))
                ?? "`leat conn set \(id)` makes it, or set LEAT_CONN_\(id.uppercased()) to a URI")
    }

    func findConnection(_ id: String) throws -> ExternalConnection? {
        for prefix in ["LEAT_CONN_", "AIRFLOW_CONN_"] {
            guard let text = environment[prefix + id.uppercased()] else { continue }
            return noted(try ExternalConnection(id: id, parsing: text))
        }
        if let connection = try stored().connection(id) { return noted(connection) }
        if let (text, _) = try file(["LEAT_CONN_", "AIRFLOW_CONN_"], id) {
            return noted(try ExternalConnection(id: id, parsing: text))
        }
        return nil
    }

    private func noted(_ connection: ExternalConnection) -> ExternalConnection {
        if let password = connection.password { hidden.hide(password) }
        if let extra = connection.extra {
            // Not each of its words: most are no secrets.
            hidden.hide(extra.string ?? extra.text())
            hidden.hideSecretMembers(of: extra)
        }
        return connection
    }

    /// - Throws: `ProjectError` where there is none.
    func secret(_ name: String) throws -> String {
        let key = "LEAT_SECRET_" + name.uppercased()
        guard ![SecretKeySource.variable, SecretKeySource.fileVariable].contains(key) else {
            throw ProjectError(
                .template, "a secret cannot be called '\(name)'", hint: "\(key) is the key that secrets are encrypted with")
        }
        if let value = environment[key] { return noted(value) }
        if let path = environment[key + "_FILE"] {
            guard let text = Self.content(path) else {
                throw ProjectError(
                    .template, "the file '\(path)' of the secret '\(name)' cannot be read", hint: "\(key)_FILE names it")
            }
            return noted(text)
        }
        if let value = try stored().secret(name) { return noted(value) }
        if let (text, _) = try file(["LEAT_SECRET_", ""], name) { return noted(text) }
        throw ProjectError(
            .template, "there is no secret '\(name)'",
            hint: Suggestion.hint(for: name, in: try stored().sealed.secrets.map(\.name))
                ?? "`leat secrets set \(name)` makes it; or set \(key), or \(key)_FILE to the file that holds it")
    }

    private func noted(_ secret: String) -> String {
        hidden.hide(secret)
        return secret
    }

    /// A file of the folder of secrets: it has the name that the environment's variable would have, a secret also its own.
    /// - Throws: `ProjectError` where it is there and cannot be read.
    private func file(_ prefixes: [String], _ name: String) throws -> (text: String, path: String)? {
        guard let folder = environment[Self.folderVariable], !folder.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            return nil
        }
        for prefix in prefixes {
            let path = folder + "/" + prefix + (prefix.isEmpty ? name : name.uppercased())
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard let text = Self.content(path) else {
                throw ProjectError(
                    .template, "the file '\(path)' cannot be read", hint: "\(Self.folderVariable) names its folder")
            }
            return (text, path)
        }
        return nil
    }

    /// Without its last line end.
    private static func content(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8)).map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
    }
}

extension LeatProject {
    /// Variables, connections and secrets for templates: those of the store as they are now, where a template may ask for them.
    /// - Parameter texts: the templates; nil where they are not known before.
    func values(for texts: [String]?, _ store: any ProjectStoring) async throws -> ValueLookup {
        let words = ["var", "conn", "secret"]
        guard texts.map({ $0.contains { text in words.contains { text.contains($0) } } }) ?? true else { return values }
        let stored = try await ProjectVault.open(self, store: store, author: .scheduler).values()
        return ValueLookup(
            environment: values.environment, declared: values.declared, vars: values.vars, stored: { stored },
            hidden: values.hidden)
    }
}
