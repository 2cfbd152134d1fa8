import Crypto
import Foundation

/// Encrypts small texts for keeping, with AES-GCM and a random nonce each.
///
/// A sealed text is `leat1:KEY:DATA`: the id of the key, and nonce, text and tag in base64. The name that a text is kept under is
/// authenticated with it, so that a sealed text cannot be put in another one's place.
package struct SecretBox: Sendable {
    private static let format = "leat1"

    /// The one that encrypts first.
    private let keys: [SecretKey]
    private let place: SecretKeySource.Place

    package init(_ keys: [SecretKey], from place: SecretKeySource.Place) {
        self.keys = keys
        self.place = place
    }

    /// The id of the key that encrypts.
    package var keyID: String? { keys.first?.id }

    /// - Parameter name: what it is kept as, such as `variable:region`.
    package func seal(_ text: String, as name: String) throws(OrchestrateError) -> String {
        guard let key = keys.first else { throw missing(nil, name) }
        do {
            let box = try AES.GCM.seal(Data(text.utf8), using: key.key, authenticating: Self.context(key.id, name))
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return "\(Self.format):\(key.id):\(combined.base64EncodedString())"
        } catch {
            throw OrchestrateError(.damaged, "the \(Self.words(name)) cannot be encrypted: \(error)")
        }
    }

    /// - Throws: `OrchestrateError` with code `secret.no_key` where its key is not there, `secret.damaged` where it was changed or is
    ///   not what was kept under the name.
    package func open(_ sealed: String, as name: String) throws(OrchestrateError) -> String {
        guard let id = Self.keyID(of: sealed), let data = Self.data(of: sealed) else {
            throw OrchestrateError(
                .damaged, "the \(Self.words(name)) is not as Leat has written it", hint: "set it anew")
        }
        guard let key = keys.first(where: { $0.id == id }) else { throw missing(id, name) }
        do {
            let box = try AES.GCM.SealedBox(combined: data)
            let plain = try AES.GCM.open(box, using: key.key, authenticating: Self.context(id, name))
            return String(decoding: plain, as: UTF8.self)
        } catch {
            throw OrchestrateError(
                .damaged, "the \(Self.words(name)) was changed outside of Leat, or is another one's", hint: "set it anew")
        }
    }

    /// The id of the key that a text was sealed with; nil where it is no sealed text.
    package static func keyID(of sealed: String) -> String? {
        let parts = sealed.split(separator: ":", maxSplits: 2)
        return parts.count == 3 && parts[0] == format ? String(parts[1]) : nil
    }

    private static func data(of sealed: String) -> Data? {
        sealed.split(separator: ":", maxSplits: 2).last.flatMap { Data(base64Encoded: String($0)) }
    }

    private static func context(_ key: String, _ name: String) -> Data { Data("\(format):\(key):\(name)".utf8) }

    /// `variable:region` for people.
    private static func words(_ name: String) -> String {
        let parts = name.split(separator: ":").map(String.init)
        guard parts.count > 1 else { return "value '\(name)'" }
        return parts.count > 2 ? "\(parts[2]) of the \(parts[0]) '\(parts[1])'" : "\(parts[0]) '\(parts[1])'"
    }

    private func missing(_ id: String?, _ name: String) -> OrchestrateError {
        let have = keys.isEmpty ? "there is no key in \(place)" : "\(place) has: \(keys.map(\.id).joined(separator: ", "))"
        return OrchestrateError(
            .noKey, "the \(Self.words(name)) was encrypted with the key \(id ?? "of another place"), which is not there",
            hint: "\(have). Bring that key back, beside a newer one after a comma, or set the value anew")
    }
}
