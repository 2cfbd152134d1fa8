extension Filters {
    /// Filters that apply other filters and tests to each element.
    static let selection: [String: FilterBox] = [
        "map": .init { value, arguments, runtime in try ElementFilter.apply(.map, value, arguments, runtime) },
        "select": .init { value, arguments, runtime in try ElementFilter.apply(.select, value, arguments, runtime) },
        "reject": .init { value, arguments, runtime in try ElementFilter.apply(.reject, value, arguments, runtime) },
        "selectattr": .init { value, arguments, runtime in try ElementFilter.apply(.selectattr, value, arguments, runtime) },
        "rejectattr": .init { value, arguments, runtime in try ElementFilter.apply(.rejectattr, value, arguments, runtime) },
    ]
}
