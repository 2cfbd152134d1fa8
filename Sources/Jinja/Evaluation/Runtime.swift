/// One render: the environment, the host's globals, limits and counters. It belongs to one thread.
///
/// ```swift
/// let runtime = Runtime(environment: environment, globals: ["name": "world"])
/// let text = try runtime.render(try Template(source: "Hello {{ name }}!", environment: environment))
/// ```
public final class Runtime {
    /// The environment of the templates that are rendered.
    public let environment: Environment
    /// The host's variables.
    public let globals: (any Globals)?
    /// Anything the host wants to find again in its functions.
    public var userInfo: [String: Any] = [:]
    /// The macros that are running, innermost last.
    @exclusivity(unchecked) var macros: [MacroObject] = []

    /// Whether output is escaped for HTML now.
    @exclusivity(unchecked) var autoescapes: Bool
    /// How many loop passes and calls were made.
    @exclusivity(unchecked) var steps = 0
    /// How deep calls are nested.
    @exclusivity(unchecked) var depth = 0
    /// Whether it is noted where output comes from.
    @exclusivity(unchecked) var recordsOutput = false
    /// Where the text comes from that the last call of a macro gave.
    var lastMap: OutputMap?
    /// The value of a macro that is being ended by ``macroReturn(_:)``.
    @exclusivity(unchecked) var returned: Value?
    /// The context of the code that runs now, for host functions that look up names.
    var context: Context? {
        get { contextReference?.takeUnretainedValue() }
        set { contextReference = newValue.map { .passUnretained($0) } }
    }
    /// Whoever sets it keeps the context alive until it is set back.
    @exclusivity(unchecked) var contextReference: Unmanaged<Context>?
    @exclusivity(unchecked) private var spareBuffer = TextBuffer()
    let stack = StackGuard()
    let stepLimit: Int
    private let outputLimit: Int
    private var environmentGlobals: [String: Value] = [:]
    /// The exports of templates imported without context, by identity.
    var modules: [ObjectIdentifier: TemplateModule] = [:]
    /// The templates that were loaded by name.
    var loaded: [String: Template] = [:]
    /// Top levels of templates whose macros were bound, by identity.
    var boundFrames: [ObjectIdentifier: Frame] = [:]
    /// The frames that what is stored in them holds: top levels, and functions that define macros.
    @exclusivity(unchecked) private var ownedFrames: [Frame] = []

    /// Makes a runtime. Names that templates do not set are looked up in `globals`, then in the environment.
    public init(environment: Environment, globals: (any Globals)? = nil) {
        self.environment = environment
        self.globals = globals
        autoescapes = environment.autoescapes
        stepLimit = environment.limits.steps
        outputLimit = environment.limits.outputBytes
    }

    deinit { for frame in ownedFrames { frame.takeApart() } }

    /// Takes a frame apart when the runtime ends. Macros hold the frame that they are stored in, and a top level's
    /// context holds its frame: neither would ever be freed.
    func own(_ frame: Frame) { if ownedFrames.last !== frame { ownedFrames.append(frame) } }

    /// The value of a name from the host, then from the environment.
    func global(_ name: String) throws -> Value? {
        if let value = try globals?.value(named: name) { return value }
        if let value = environmentGlobals[name] { return value }
        guard let global = environment.globals[name] else { return nil }
        let value = global.make()
        environmentGlobals[name] = value
        return value
    }

    /// The value of a name as the code that runs now sees it, apart from its local variables.
    public func value(named name: String) throws -> Value? {
        if let context { return try context.lookup(name, self) }
        return try global(name)
    }

    /// An undefined value of the environment's kind.
    public func undefined(_ reason: UndefinedReason) -> Value { .undefined(environment.makeUndefined(reason)) }

    /// Ends the innermost running macro, whose call then gives `value` itself instead of text: `throw runtime.macroReturn(x)`.
    public func macroReturn(_ value: Value) -> any Error {
        returned = value
        return MacroReturn()
    }

    /// Counts one step.
    @inline(__always) func countStep() throws {
        steps &+= 1
        if steps > stepLimit { throw TemplateError.limit("the template took more than \(stepLimit) steps (limits.steps)") }
    }

    /// Fails when calls are nested too deeply for the limits or for the stack.
    func checkDepth() throws {
        if depth > environment.limits.depth {
            throw TemplateError.limit("the macro calls are nested too deeply: more than \(depth - 1) levels (limits.depth)")
        }
        if stack.isExhausted {
            throw TemplateError.limit("the macro calls are nested too deeply: after \(depth) levels the thread's stack ends")
        }
    }

    /// Fails when the output has become larger than the limit.
    @inline(__always) func checkOutput(_ count: Int) throws {
        if count > outputLimit {
            throw TemplateError.limit("the output is larger than \(outputLimit) bytes (limits.outputBytes)")
        }
    }

    /// The text that `body` writes.
    func text(_ body: (inout TextBuffer) throws -> Void) throws -> String {
        var bytes = takeBuffer()
        try body(&bytes)
        let text = bytes.string
        giveBack(&bytes)
        return text
    }

    /// An empty buffer, one that was used before if there is any.
    @inline(__always) func takeBuffer() -> TextBuffer {
        var buffer = TextBuffer()
        swap(&buffer, &spareBuffer)
        return buffer
    }

    /// Keeps the memory of a buffer for the next who needs one.
    @inline(__always) func giveBack(_ buffer: inout TextBuffer) {
        buffer.removeAll()
        swap(&buffer, &spareBuffer)
    }

    /// Appends the text of a value as `{{ value }}` does.
    func write(_ value: Value, into output: inout TextBuffer) throws {
        if autoescapes { try Escaping.write(value, into: &output) } else { try value.write(into: &output) }
    }
}
