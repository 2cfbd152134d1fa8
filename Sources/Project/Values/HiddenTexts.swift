package import Documents
import Orchestrate
import Synchronization

/// Texts that must not be seen: in logs, errors, outputs, records and pages, stars stand in their place.
///
/// Texts are added when somebody uses them, for instance a secret when a template asks for it.
package final class HiddenTexts: Sendable {
    /// The longest first, so that no part of one stays.
    private let texts = Mutex<[String]>([])

    init() {}

    /// Shorter ones would hide half of everything.
    static let minimumLength = 4

    /// Hides a text, also as it stands in JSON and in URLs.
    func hide(_ value: String) {
        var variants = [value]
        let quoted = JSON.string(value).text()
        variants += [String(quoted.dropFirst().dropLast()), PercentEncoding.encoded(value)]
        // A secret of several lines shows up line by line.
        variants += value.split(separator: "\n").filter { $0.utf8.count >= 8 }.map(String.init)
        texts.withLock { texts in
            let new = Set(variants).filter { $0.utf8.count >= Self.minimumLength && !texts.contains($0) }
            guard !new.isEmpty else { return }
            texts = (texts + new).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
        }
    }

    /// Hides what texts are in a value.
    func hide(_ value: JSON) {
        switch value {
        case .string(let text): hide(text)
        case .array(let items): for item in items { hide(item) }
        case .object(let members): for entry in members.entries { hide(entry.value) }
        case .int, .double: hide(value.text())
        case .null, .bool: break
        }
    }

    /// Hides the value of a variable of the environment whose name says that it is a secret.
    func noteEnvironment(_ name: String, _ value: String, minimumLength: Int = HiddenTexts.minimumLength) {
        if value.utf8.count >= minimumLength, Self.isSecretName(name) { hide(value) }
    }

    /// Hides what commands and dbt may print of the environment, whether a template has asked for it or not. Words of a few letters,
    /// which would hide half of everything, stay.
    func note(environment: [String: String]) {
        for (name, value) in environment { noteEnvironment(name, value, minimumLength: 8) }
    }

    /// Hides what stands under names that say so, at any depth.
    func hideSecretMembers(of value: JSON) {
        switch value {
        case .object(let members):
            for entry in members.entries {
                if Self.isSecretName(entry.key) { hide(entry.value) } else { hideSecretMembers(of: entry.value) }
            }
        case .array(let items): for item in items { hideSecretMembers(of: item) }
        case .string, .int, .double, .null, .bool: break
        }
    }

    private static let secretWords: Set<String> = [
        "PASSWORD", "PASSWD", "SECRET", "SECRETS", "TOKEN", "KEY", "APIKEY", "CREDENTIALS", "PASSPHRASE", "AUTHORIZATION",
        "KEYFILE",
    ]

    /// Whether a name says that what stands under it is a secret: one of its words is `password`, `token`, `key` or the like.
    static func isSecretName(_ name: String) -> Bool {
        !secretWords.isDisjoint(with: name.uppercased().split { $0 == "_" || $0 == "-" || $0 == "." }.map(String.init))
    }

    /// `text` with stars in the place of what is hidden.
    package func masked(_ text: String) -> String {
        texts.withLock { $0 }.reduce(text) { $0.contains($1) ? $0.replacing($1, with: "***") : $0 }
    }

    /// The same for all texts of a value, and for its numbers.
    package func masked(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(masked(text))
        case .array(let items): .array(items.map { masked($0) })
        case .object(let members): .object(JSON.Members(members.entries.map { (masked($0.key), masked($0.value)) }))
        case .int, .double: masked(value.text()) == value.text() ? value : "***"
        case .null, .bool: value
        }
    }

    /// Keeps what is hidden out of a command's arguments, which stand in the list of processes, where others can see them: a script
    /// goes into the environment instead, where they cannot.
    /// - Returns: false where a program has such an argument all the same.
    func keepOut(of words: inout [String], isShell: Bool, _ environment: inout [String: String]) -> Bool {
        guard words.contains(where: { masked($0) != $0 }) else { return true }
        guard isShell, let script = words.first else { return false }
        environment["LEAT_SCRIPT"] = script
        words = [#"s=$LEAT_SCRIPT; unset LEAT_SCRIPT; eval "$s""#]
        return true
    }

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { texts.withLock { $0.isEmpty } }
}
