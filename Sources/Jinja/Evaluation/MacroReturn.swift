/// Thrown to end a macro early; the value waits in the runtime, since values are not `Sendable`.
struct MacroReturn: Error {}
