/// The methods of Python's built-in types that templates can call.
enum Method: UInt8, CaseIterable, Sendable {
    // Text
    case capitalize, casefold, center, count, encode, endswith, expandtabs, find, format, formatMap, index
    case isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable, isspace, istitle, isupper
    case join, ljust, lower, lstrip, partition, removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit
    case rstrip, split, splitlines, startswith, strip, swapcase, title, upper, zfill
    case striptags, unescape
    // Lists
    case append, clear, copy, extend, insert, pop, remove, reverse, sort
    // Dicts
    case fromkeys, get, items, keys, popitem, setdefault, update, values
    // Sets
    case add, difference, discard, intersection, isdisjoint, issubset, issuperset, union
    case symmetricDifference, differenceUpdate
    case intersectionUpdate
    // Numbers
    case bitLength, isInteger, bitCount, conjugate

    /// The methods by name.
    static let named: [String: Method] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// The name in Python.
    var name: String { Method.names[Int(rawValue)] }

    /// The names of the cases with underscores.
    private static let names: [String] = allCases.map { method in
        "\(method)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
