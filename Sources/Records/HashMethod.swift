/// A way to put a digest in a value's place.
package enum HashMethod: String, Sendable, Hashable, CaseIterable {
    case md5
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512

    /// Airbyte writes `SHA-256`.
    package init?(name: String) { self.init(rawValue: name.lowercased().filter { $0 != "-" }) }
}
