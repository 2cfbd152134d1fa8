/// The variables of one running function: a template's top level, a block, a macro, a call block, a recursive loop.
final class Frame {
    let parent: Frame?
    /// Kept alive by ``ownedContext`` of this frame or of a parent.
    let contextReference: Unmanaged<Context>
    private let sourceReference: Unmanaged<TemplateSource>
    private let ownedContext: Context?
    private let ownedSource: TemplateSource?
    private let slots: UnsafeMutablePointer<Value?>
    private let count: Int
    /// Whether output keeps its type instead of becoming text.
    let isNative: Bool

    /// Makes the frame of something that sees no variables of an outer frame.
    init(_ function: FunctionScope, context: Context, source: TemplateSource) {
        parent = nil
        ownedContext = context
        ownedSource = source
        contextReference = .passUnretained(context)
        sourceReference = .passUnretained(source)
        isNative = context.isNative
        count = function.slotCount
        slots = Frame.makeSlots(count)
    }

    /// Makes the frame of a function inside of another: calls of macros are many, so it costs as little as it can.
    init(_ function: FunctionScope, parent: Frame) {
        self.parent = parent
        ownedContext = nil
        ownedSource = nil
        contextReference = parent.contextReference
        sourceReference = parent.sourceReference
        isNative = parent.isNative
        count = function.slotCount
        slots = Frame.makeSlots(count)
    }

    deinit {
        for slot in 0..<count { (slots + slot).deinitialize(count: 1) }
        slots.deallocate()
    }

    @inline(__always) private static func makeSlots(_ count: Int) -> UnsafeMutablePointer<Value?> {
        let slots = UnsafeMutablePointer<Value?>.allocate(capacity: count)
        for slot in 0..<count { (slots + slot).initialize(to: nil) }
        return slots
    }

    /// What the code sees besides its variables.
    var context: Context { contextReference.takeUnretainedValue() }

    /// The source of the code.
    var source: TemplateSource { sourceReference.takeUnretainedValue() }

    /// The value in one of the frame's own slots.
    subscript(slot: Int32) -> Value? {
        @inline(__always) get { slot >= 0 && slot < count ? slots[Int(slot)] : nil }
        @inline(__always) set { if slot >= 0 && slot < count { slots[Int(slot)] = newValue } }
    }

    /// Whether a slot holds no value.
    @inline(__always) func isEmpty(_ slot: Int32) -> Bool {
        guard slot >= 0 && slot < count else { return true }
        if case nil = slots[Int(slot)] { return true }
        return false
    }

    /// The value of a variable, nil when its slot is empty.
    @inline(__always) func load(_ variable: Variable) -> Value? {
        variable.hops == 0 ? self[variable.slot] : outer(variable.hops)[variable.slot]
    }

    /// Sets a variable.
    @inline(__always) func store(_ value: Value?, _ variable: Variable) {
        if variable.hops == 0 { self[variable.slot] = value } else { outer(variable.hops)[variable.slot] = value }
    }

    @inline(never) private func outer(_ hops: Int32) -> Frame {
        var frame = self
        for _ in 0..<hops {
            guard let parent = frame.parent else { break }
            frame = parent
        }
        return frame
    }

    /// The value of a variable whose slot is empty: from the context, which is then remembered, else undefined.
    func resolve(_ variable: Variable, _ name: String, _ runtime: Runtime) throws -> Value {
        if variable.isGlobal, let value = try context.lookup(name, runtime) {
            store(value, variable)
            return value
        }
        return runtime.undefined(.name(name))
    }

    /// Gives an error the place of a byte offset in this frame's source, unless it has a place.
    func locate(_ error: any Error, at offset: Int) -> any Error {
        if let error = error as? TemplateError { return source.located(error, at: offset) }
        if error is MacroReturn { return error }
        var wrapped = TemplateError(.host, (error as? any CustomStringConvertible)?.description ?? "\(error)", underlying: error)
        if case .some(let hosted as any TemplateErrorConvertible) = Optional(error) { wrapped.message = hosted.templateMessage }
        return source.located(wrapped, at: offset)
    }

    /// Prepares the slots of a scope inside of this frame.
    @inline(__always) func enter(_ scope: ScopeLayout, _ runtime: Runtime) throws {
        scope.cleared.forEach { self[$0] = nil }
        if scope.aliases.isEmpty { return }
        for alias in scope.aliases {
            self[alias.slot] =
                try load(alias.source)
                ?? (alias.source.isGlobal ? context.lookup(alias.name, runtime) : nil)
        }
    }

    /// Empties the slots of a scope.
    @inline(__always) func leave(_ scope: ScopeLayout) {
        scope.owned.forEach { self[$0] = nil }
    }

    /// The values of the given variables that are set.
    func visibleValues(_ variables: [ScopeLayout.Alias]) -> [String: Value] {
        var values: [String: Value] = [:]
        for variable in variables { if let value = load(variable.source) { values[variable.name] = value } }
        return values
    }
}
