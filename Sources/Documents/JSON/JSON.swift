/// A JSON value that keeps the order of its keys and is cheap to hand between threads.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(Members)

    /// The members of an object, in the order in which they were written or added.
    package struct Members: Sendable, Hashable {
        package private(set) var entries: [Entry] = []

        package struct Entry: Sendable, Hashable {
            package var key: String
            package var value: JSON
        }

        package init() {}

        /// Later values of a repeated key win, at the place of the first.
        package init(_ pairs: some Sequence<(String, JSON)>) {
            for (key, value) in pairs { self[key] = value }
        }

        package var keys: [String] { entries.map(\.key) }
        package var count: Int { entries.count }
        package var isEmpty: Bool { entries.isEmpty }

        /// Where the members lie: members that are copies of each other lie at the same place. Valid while one of them is.
        package var storage: UnsafeRawPointer? { entries.withUnsafeBytes { $0.baseAddress } }

        /// Whether both are certainly the same, told without looking at them.
        package func isSameStorage(as other: Members) -> Bool { count == other.count && storage == other.storage }

        /// The value under `key`; setting nil removes it. Linear in the number of members.
        package subscript(key: String) -> JSON? {
            get { entries.first { $0.key == key }?.value }
            set {
                let index = entries.firstIndex { $0.key == key }
                switch (index, newValue) {
                case (let index?, let value?): entries[index].value = value
                case (let index?, nil): entries.remove(at: index)
                case (nil, let value?): entries.append(Entry(key: key, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Adds a member that is known to be new, without looking for an old one.
        package mutating func append(_ key: String, _ value: JSON) {
            entries.append(Entry(key: key, value: value))
        }
    }
}

extension JSON {
    /// The member of an object; nil where this is none or has no such member.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    package subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// Whole numbers, also those written as `20.0`.
    package var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    package var array: [JSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    package var object: Members? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    package var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral,
    ExpressibleByStringInterpolation
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Members(elements)) }
    package init(nilLiteral: ()) { self = .null }
}
