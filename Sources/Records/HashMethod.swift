/// A way to put a digest in a value's place.
package enum HashMethod: String, Sendable, Hashable, CaseIterable {
    case md5
    case sha224
    case sha256
    case sha384
    case sha512
}
