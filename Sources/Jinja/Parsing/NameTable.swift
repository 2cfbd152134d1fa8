/// Gives each name of a template a number, so that scopes compare numbers and equal names share their storage.
struct NameTable: Sendable {
    /// Names with a meaning of their own, which always have the same numbers.
    enum Special {
        static let selfReference: Int32 = 0
        static let superReference: Int32 = 1
        static let caller: Int32 = 2
        static let kwargs: Int32 = 3
        static let varargs: Int32 = 4
        static let loop: Int32 = 5
    }

    /// A table with the special names, which every template begins with.
    static let standard: NameTable = {
        var table = NameTable()
        for name in ["self", "super", "caller", "kwargs", "varargs", "loop"] { _ = table.intern(name) }
        return table
    }()

    /// The names by number.
    private(set) var names: [String] = []
    private var hashes: [UInt32] = []
    /// Numbers plus one by hash, 0 where free.
    private var buckets = [Int32](repeating: 0, count: 64)

    private init() {}

    /// The number of a name.
    mutating func intern(_ name: String) -> Int32 {
        var name = name
        return name.withUTF8 { intern($0) }
    }

    /// The number of a name in UTF-8.
    mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        var bucket = Int(hash) & (buckets.count - 1)
        while buckets[bucket] != 0 {
            let number = Int(buckets[bucket] - 1)
            if hashes[number] == hash, Text.equal(names[number], bytes) { return Int32(number) }
            bucket = (bucket + 1) & (buckets.count - 1)
        }
        names.append(String(decoding: bytes, as: UTF8.self))
        hashes.append(hash)
        buckets[bucket] = Int32(names.count)
        if names.count * 2 > buckets.count { grow() }
        return Int32(names.count - 1)
    }

    private mutating func grow() {
        buckets = [Int32](repeating: 0, count: buckets.count * 2)
        for (number, hash) in hashes.enumerated() {
            var bucket = Int(hash) & (buckets.count - 1)
            while buckets[bucket] != 0 { bucket = (bucket + 1) & (buckets.count - 1) }
            buckets[bucket] = Int32(number + 1)
        }
    }
}
