import Foundation

/// How a value is encrypted on its way, with the algorithms and parameters of Airbyte's mapper.
///
/// Never shows its key.
package struct Encryption: Sendable, Hashable, CustomStringConvertible {
    /// How blocks of AES hang together.
    package enum Mode: String, Sendable, Hashable, CaseIterable {
        case cbc = "CBC"
        case cfb = "CFB"
        case ofb = "OFB"
        case ctr = "CTR"
        case gcm = "GCM"
        case ecb = "ECB"

        /// Whether it takes texts of any length as they are.
        var isStream: Bool { self != .cbc && self != .ecb }
    }

    /// What fills the last block of AES.
    package enum Padding: String, Sendable, Hashable, CaseIterable {
        case none = "NoPadding"
        case pkcs5 = "PKCS5Padding"
    }

    package enum Algorithm: Sendable, Hashable {
        /// The key has 16, 24 or 32 bytes.
        case aes(key: [UInt8], Mode, Padding)
        /// The key as X.509 writes it, in DER; the padding is PKCS#1 1.5.
        case rsa(publicKey: [UInt8])
    }

    package let algorithm: Algorithm

    /// Whether equal values become equal texts.
    package var isRepeatable: Bool { if case .aes = algorithm { true } else { false } }

    package var description: String {
        switch algorithm {
        case .aes(_, let mode, let padding): "AES/\(mode.rawValue)/\(padding.rawValue)"
        case .rsa: "RSA"
        }
    }

    /// - Parameters:
    ///   - algorithm: `AES` or `RSA`.
    ///   - key: hexadecimal digits; for RSA also PEM.
    ///   - mode: for AES; `CBC` where nil.
    ///   - padding: for AES; what the mode needs where nil.
    /// - Throws: ``MappingError``, without the key.
    package init(
        algorithm name: String, key: String, mode modeName: String? = nil, padding paddingName: String? = nil
    ) throws(MappingError) {
        switch name.uppercased() {
        case "AES":
            guard let bytes = Self.bytes(ofHex: key), [16, 24, 32].contains(bytes.count) else {
                throw MappingError(
                    "the key of AES must have 32, 48 or 64 hexadecimal digits", hint: "openssl rand -hex 32 makes one")
            }
            let mode = try Self.choice(modeName, of: Mode.self, "mode") ?? .cbc
            let padding = try Self.choice(paddingName, of: Padding.self, "padding") ?? (mode.isStream ? .none : .pkcs5)
            if padding == .pkcs5, mode == .ctr || mode == .gcm {
                throw MappingError("the mode \(mode.rawValue) of AES has no padding", hint: "set padding: NoPadding")
            }
            algorithm = .aes(key: bytes, mode, padding)
        case "RSA":
            guard let bytes = Self.bytes(ofPEM: key) ?? Self.bytes(ofHex: key), !bytes.isEmpty else {
                throw MappingError(
                    "the public key of RSA must be hexadecimal digits of its DER form, or PEM",
                    hint: "openssl pkey -in private.pem -pubout makes the latter")
            }
            algorithm = .rsa(publicKey: bytes)
        default:
            throw MappingError("'\(name)' is not an algorithm of encryption", hint: "it is AES or RSA")
        }
    }

    private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String?, of type: Choice.Type, _ what: String
    ) throws(MappingError) -> Choice? {
        guard let name else { return nil }
        guard let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
            let names = Choice.allCases.map(\.rawValue)
            throw MappingError("'\(name)' is not a \(what) of AES", hint: "it is one of \(names.joined(separator: ", "))")
        }
        return choice
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static func bytes(ofPEM text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.contains(where: { $0.contains("-----BEGIN PUBLIC KEY") }) else { return nil }
        let body = lines.filter { !$0.contains("-----") }.joined().filter { !$0.isWhitespace }
        return Data(base64Encoded: body).map { Array($0) }
    }
}
