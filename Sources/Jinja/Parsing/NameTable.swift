/// Gives each name of a template a number, so that scopes compare numbers and equal names share their storage.
struct NameTable {
    /// Names with a meaning of their own, which always have the same numbers.
    enum Special {
        static let selfReference: Int32 = 0
        static let superReference: Int32 = 1
        static let caller: Int32 = 2
        static let kwargs: Int32 = 3
        static let varargs: Int32 = 4
        static let loop: Int32 = 5
    }

    /// The names by number.
    private(set) var names: [Name] = []
    /// Numbers plus one by hash, 0 where free.
    private var buckets: [Int32]
    private let arena: Arena

    /// A table with the special names.
    init(_ arena: Arena) {
        self.arena = arena
        buckets = [Int32](repeating: 0, count: 128)
        names.reserveCapacity(64)
        for name in ["self", "super", "caller", "kwargs", "varargs", "loop"] { _ = intern(name) }
    }

    /// The name with a text.
    mutating func intern(_ name: String) -> Name {
        var name = name
        return name.withUTF8 { intern($0) }
    }

    /// The name with a text in UTF-8.
    mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Name {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let mask = buckets.count - 1
        var bucket = Int(hash) & mask
        while buckets[bucket] != 0 {
            let name = names[Int(buckets[bucket] - 1)]
            if name.storage.pointee.hash == hash, Text.equal(name.text, bytes) { return name }
            bucket = (bucket + 1) & mask
        }
        let text = arena.keep(String(decoding: bytes, as: UTF8.self))
        let name = Name(storage: arena.make(Name.Storage(text: text, hash: hash, number: Int32(names.count))))
        names.append(name)
        buckets[bucket] = Int32(names.count)
        if names.count * 2 > buckets.count { grow() }
        return name
    }

    private mutating func grow() {
        buckets = [Int32](repeating: 0, count: buckets.count * 2)
        for (number, name) in names.enumerated() {
            var bucket = Int(name.storage.pointee.hash) & (buckets.count - 1)
            while buckets[bucket] != 0 { bucket = (bucket + 1) & (buckets.count - 1) }
            buckets[bucket] = Int32(number + 1)
        }
    }
}
