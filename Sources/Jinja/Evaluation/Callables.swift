/// A filter: gets the filtered value, the other arguments, and the runtime.
public typealias Filter = @Sendable (Value, Arguments, Runtime) throws -> Value

/// A test: gets the tested value, the other arguments, and the runtime.
public typealias Test = @Sendable (Value, Arguments, Runtime) throws -> Bool
