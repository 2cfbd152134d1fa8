import Foundation

/// An address that a name leads to.
struct HostAddress: Sendable, Hashable, CustomStringConvertible {
    /// 16 bytes; those of IPv4 are mapped (`::ffff:1.2.3.4`).
    private let bytes: [UInt8]

    /// Where `host` leads to at the moment; empty where it leads nowhere. It may ask a name server, and blocks for it.
    static func all(of host: String) -> [HostAddress] {
        var hints = addrinfo()
        #if canImport(Darwin)
            hints.ai_socktype = SOCK_STREAM
        #else
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [HostAddress] = []
        var next = list
        while let entry = next {
            if let address = HostAddress(entry.pointee) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private init?(_ entry: addrinfo) {
        guard let pointer = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            let address = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr }
            bytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] + withUnsafeBytes(of: address) { Array($0) }
        case AF_INET6:
            let address = pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr }
            bytes = withUnsafeBytes(of: address) { Array($0) }
        default: return nil
        }
    }

    private var v4: ArraySlice<UInt8>? {
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        return isMapped ? bytes[12...] : nil
    }

    /// Link-local (where clouds answer with credentials), unspecified and multicast addresses; also Amazon's and Alibaba's
    /// addresses for that purpose outside of these. Loopback and private ones are where databases are.
    var isReserved: Bool {
        if let v4 = v4.map(Array.init) {
            return v4[0] == 0 || (v4[0] == 169 && v4[1] == 254) || v4[0] >= 224 || v4 == [100, 100, 100, 200]
        }
        return bytes.allSatisfy { $0 == 0 } || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80) || bytes[0] == 0xff
            || bytes.prefix(6) == [0xfd, 0x00, 0x0e, 0xc2, 0, 0]
    }

    var description: String {
        if let v4 { return v4.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}
