/// The methods of Python's built-in types that templates can call.
enum Method: String, CaseIterable, Sendable {
    // Text
    case capitalize, casefold, center, count, encode, endswith, expandtabs, find, format, formatMap = "format_map", index
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
    case symmetricDifference = "symmetric_difference", differenceUpdate = "difference_update"
    case intersectionUpdate = "intersection_update"
    // Numbers
    case bitLength = "bit_length", isInteger = "is_integer", bitCount = "bit_count", conjugate

    /// The methods by name.
    static let named: [String: Method] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
