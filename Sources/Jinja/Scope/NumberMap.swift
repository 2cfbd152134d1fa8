/// A small map from numbers. Up to a few entries it searches them one by one, which is faster than hashing.
struct NumberMap<Value> {
    private(set) var keys: [Int32] = []
    private(set) var values: [Value] = []
    private var index: [Int32: Int]?

    init() {}

    /// How many entries there are.
    var count: Int { keys.count }

    /// The value of a key. Setting nil changes nothing.
    subscript(key: Int32) -> Value? {
        @inline(__always) get { position(key).map { values[$0] } }
        set {
            guard let newValue else { return }
            if let place = position(key) {
                values[place] = newValue
                return
            }
            if keys.isEmpty {
                keys.reserveCapacity(8)
                values.reserveCapacity(8)
            }
            keys.append(key)
            values.append(newValue)
            if index != nil { index?[key] = keys.count - 1 } else if keys.count > 32 { makeIndex() }
        }
    }

    /// Whether there is an entry.
    @inline(__always) func contains(_ key: Int32) -> Bool { position(key) != nil }

    /// Takes over the entries of another map.
    mutating func merge(_ other: NumberMap) { for place in other.keys.indices { self[other.keys[place]] = other.values[place] } }

    @inline(__always) private func position(_ key: Int32) -> Int? {
        if let index { return index[key] }
        for place in 0..<keys.count where keys[place] == key { return place }
        return nil
    }

    private mutating func makeIndex() {
        var map: [Int32: Int] = [:]
        for (place, key) in keys.enumerated() { map[key] = place }
        index = map
    }
}
