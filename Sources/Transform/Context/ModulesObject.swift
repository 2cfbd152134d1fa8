import Jinja

/// `modules`: the parts of Python's library that templates may use.
enum Modules {
    static func make() -> Value {
        .dict(
            Dict(pairs: [
                ("datetime", datetime), ("re", .object(RegexModule())), ("pytz", pytz), ("itertools", itertools),
            ]))
    }

    private static var datetime: Value {
        [
            "datetime": .object(DateTimeClass(kind: .datetime)), "date": .object(DateTimeClass(kind: .date)),
            "timedelta": .function("timedelta") { arguments, _ in .object(TimeDeltaObject(arguments)) },
            "timezone": ["utc": zone("UTC")], "time": .none,
        ]
    }

    private static var pytz: Value {
        [
            "utc": zone("UTC"), "UTC": zone("UTC"),
            "timezone": .function("timezone") { arguments, _ in
                let name = try arguments.string(0, "zone", of: "timezone")
                guard let zone = TimeZoneObject(name) else {
                    throw TransformError(.compilation, "there is no time zone '\(name)'")
                }
                return .object(zone)
            },
        ]
    }

    private static func zone(_ name: String) -> Value { TimeZoneObject(name).map { .object($0) } ?? .none }

    private static var itertools: Value {
        [
            "chain": .function("chain") { arguments, _ in
                .list(List(arguments.positional.flatMap { $0.elements ?? [] }))
            },
            "product": .function("product") { arguments, _ in
                var rows: [[Value]] = [[]]
                for argument in arguments.positional {
                    rows = rows.flatMap { row in (argument.elements ?? []).map { row + [$0] } }
                }
                return .list(List(rows.map { .tuple(Tuple($0)) }))
            },
        ]
    }
}
