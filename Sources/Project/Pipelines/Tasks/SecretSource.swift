import Diagnostics
import Foundation
import Synchronization

/// Where `secret('NAME')` comes from, and what must not be seen in logs because of it.
final class SecretSource: Sendable {
    private let environment: [String: String]
    private let seen = Mutex<Set<String>>([])

    init(environment: [String: String]) { self.environment = environment }

    /// A secret by its name: the environment's `LEAT_SECRET_NAME`, or the content of the file that `LEAT_SECRET_NAME_FILE` names.
    /// - Throws: `ProjectError` where there is none.
    func value(of name: String) throws -> String {
        let key = "LEAT_SECRET_" + name.uppercased()
        if let value = environment[key] {
            hide(value)
            return value
        }
        if let path = environment[key + "_FILE"] {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw ProjectError(
                    .template, "the file '\(path)' of the secret '\(name)' cannot be read", hint: "\(key)_FILE names it")
            }
            let value = text.hasSuffix("\n") ? String(text.dropLast()) : text
            hide(value)
            return value
        }
        throw ProjectError(
            .template, "there is no secret '\(name)'",
            hint: "set \(key) in the environment, or \(key)_FILE to the file that holds it")
    }

    /// Hides the value of a variable of the environment whose name says that it is a secret.
    func noteEnvironment(_ name: String, _ value: String) {
        let words = Set(name.uppercased().split(separator: "_"))
        if !words.isDisjoint(with: ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "KEY", "CREDENTIALS", "PASSPHRASE"]) { hide(value) }
    }

    /// Hides a text from logs. What is very short would hide half of everything.
    func hide(_ value: String) {
        seen.withLock { seen in
            if value.utf8.count >= 4 { seen.insert(value) }
            // A secret of several lines shows up line by line.
            for line in value.split(separator: "\n") where line.utf8.count >= 8 { seen.insert(String(line)) }
        }
    }

    /// Whether there is nothing to hide.
    var isEmpty: Bool { seen.withLock { $0.isEmpty } }

    /// `text` with stars in the place of secrets.
    func masked(_ text: String) -> String {
        let secrets = seen.withLock { $0 }
        if secrets.isEmpty { return text }
        // The longest first, so that no part of one stays.
        return secrets.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) { $0.replacing($1, with: "***") }
    }
}
