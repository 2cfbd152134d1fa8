/// The variables of one running function: a template's top level, a block, a macro, a call block, a recursive loop.
///
/// The slots are stored behind the object, since calls of macros are many, and each allocation costs.
final class Frame: ManagedBuffer<Frame.Header, Value?> {
    /// What a frame holds besides its slots.
    struct Header {
        fileprivate(set) var parent: Frame?
        /// Kept alive by the owner of this frame or of a parent.
        fileprivate(set) var context: Unmanaged<Context>
        fileprivate(set) var code: Unmanaged<TemplateCode>
        fileprivate(set) var owner: (Context, TemplateCode)?
        fileprivate(set) var count: Int
        fileprivate(set) var isNative: Bool
    }

    /// Makes the frame of something that sees no variables of an outer frame.
    static func make(_ function: FunctionScope, context: Context, code: TemplateCode) -> Frame {
        let header = Header(
            parent: nil, context: .passUnretained(context), code: .passUnretained(code), owner: (context, code),
            count: function.slotCount, isNative: context.isNative)
        return make(header)
    }

    /// Makes the frame of a function inside of another.
    static func make(_ function: FunctionScope, parent: Frame) -> Frame {
        // Field by field: a copy of the whole header would count its references.
        let outer = parent.head
        return make(
            Header(
                parent: parent, context: outer.pointee.context, code: outer.pointee.code, owner: nil,
                count: function.slotCount, isNative: outer.pointee.isNative))
    }

    @inline(__always) private static func make(_ header: Header) -> Frame {
        let frame = unsafeDowncast(Frame.create(minimumCapacity: header.count) { _ in header }, to: Frame.self)
        let slots = frame.slots
        for slot in 0..<header.count { (slots + slot).initialize(to: nil) }
        return frame
    }

    deinit {
        let slots = slots
        for slot in 0..<count { (slots + slot).deinitialize(count: 1) }
    }

    /// Lets go of all that is stored in the frame, and of the frame in its context.
    func takeApart() {
        for slot in 0..<count { slots[slot] = nil }
        context.roots = []
    }

    /// The header without the check for exclusive access that a property of a class has.
    @inline(__always) private var head: UnsafeMutablePointer<Header> { withUnsafeMutablePointerToHeader { $0 } }
    @inline(__always) private var slots: UnsafeMutablePointer<Value?> { withUnsafeMutablePointerToElements { $0 } }
    @inline(__always) private var count: Int { head.pointee.count }

    /// Whether output keeps its type instead of becoming text.
    var isNative: Bool { head.pointee.isNative }

    /// The context, without counting a reference.
    var contextReference: Unmanaged<Context> { head.pointee.context }

    /// What the code sees besides its variables.
    var context: Context { head.pointee.context.takeUnretainedValue() }

    /// The source of the code.
    var source: TemplateSource { head.pointee.code.takeUnretainedValue().source }

    /// The value in one of the frame's own slots.
    subscript(slot: Int32) -> Value? {
        @inline(__always) get { slot >= 0 && slot < count ? slots[Int(slot)] : nil }
        @inline(__always) set { if slot >= 0 && slot < count { slots[Int(slot)] = newValue } }
    }

    /// Whether a slot holds the object.
    @inline(__always) func holds(_ object: Object, in slot: Int32) -> Bool {
        guard slot >= 0 && slot < count, case .object(let held)? = slots[Int(slot)] else { return false }
        return held === object
    }

    /// Whether a slot holds no value.
    @inline(__always) func isEmpty(_ slot: Int32) -> Bool {
        guard slot >= 0 && slot < count else { return true }
        if case nil = slots[Int(slot)] { return true }
        return false
    }

    /// The slot of a variable of this very frame.
    @inline(__always) private func place(_ variable: Variable) -> UnsafeMutablePointer<Value?>? {
        Int(variable.local) < count ? slots + Int(variable.local) : nil
    }

    /// Where the value of a variable is, nil when there is none; valid until something else is evaluated.
    @inline(__always) func peek(_ variable: Variable) -> UnsafePointer<Value>? {
        guard let slot = place(variable) else { return variable.hops > 0 ? peekOuter(variable) : nil }
        if case nil = slot.pointee { return nil }
        // An optional that is not nil has the layout of what it holds.
        return UnsafeRawPointer(slot).assumingMemoryBound(to: Value.self)
    }

    /// The integer in a variable of this very frame, nil when it is another's or holds something else.
    @inline(__always) func localInteger(_ variable: Variable) -> Int? {
        guard Int(variable.local) < count, case .int(let number)? = slots[Int(variable.local)] else { return nil }
        return number
    }

    @inline(never) private func peekOuter(_ variable: Variable) -> UnsafePointer<Value>? {
        withOuter(variable.hops) { $0.peek(Variable(hops: 0, slot: variable.slot, isGlobal: variable.isGlobal)) }
    }

    /// The value of a variable, nil when its slot is empty.
    @inline(__always) func load(_ variable: Variable) -> Value? {
        variable.hops == 0 ? self[variable.slot] : loadOuter(variable)
    }

    /// Sets a variable.
    @inline(__always) func store(_ value: consuming Value?, _ variable: Variable) {
        if let slot = place(variable) { slot.pointee = value } else { storeOuter(value, variable) }
    }

    /// Sets a variable to an integer. Where there was one before, or nothing, there is nothing to release.
    @inline(__always) func store(integer value: Int, _ variable: Variable) {
        guard let slot = place(variable) else { return storeOuter(.int(value), variable) }
        switch slot.pointee {
        case nil, .int: slot.initialize(to: .int(value))
        default: slot.pointee = .int(value)
        }
    }

    @inline(never) private func loadOuter(_ variable: Variable) -> Value? {
        withOuter(variable.hops) { $0[variable.slot] }
    }

    @inline(never) private func storeOuter(_ value: Value?, _ variable: Variable) {
        withOuter(variable.hops) { $0[variable.slot] = value }
    }

    /// Goes outwards without counting references: each frame keeps the one around it alive.
    @inline(__always) private func withOuter<R>(_ hops: Int32, _ body: (Frame) -> R) -> R {
        var frame = Unmanaged.passUnretained(self)
        for _ in 0..<hops {
            guard let parent = frame._withUnsafeGuaranteedRef({ $0.head.pointee.parent.map { Unmanaged.passUnretained($0) } })
            else {
                break
            }
            frame = parent
        }
        return frame._withUnsafeGuaranteedRef(body)
    }

    /// The value of a variable whose slot is empty: from the context, else undefined. Either is remembered.
    func resolve(_ variable: Variable, _ name: String, _ runtime: Runtime) throws -> Value {
        if variable.isGlobal, let found = try lookup(variable, name, runtime) { return found }
        return runtime.undefined(.name(name))
    }

    /// The value of a variable from the context. That there is none is remembered too.
    func lookup(_ variable: Variable, _ name: String, _ runtime: Runtime) throws -> Value? {
        let found = try context.lookup(name, runtime)
        store(found ?? .undefined(Missing.shared), variable)
        return found
    }

    /// The value that code outside of the frame's own sees in a slot.
    func visible(_ slot: Int32) -> Value? {
        guard let value = self[slot], !value.isMissing else { return nil }
        return value
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
        guard let scope = scope.storage, !scope.pointee.isTrivial else { return }
        for slot in scope.pointee.cleared { self[slot] = nil }
        if !scope.pointee.aliases.isEmpty { try enterAliases(scope.pointee.aliases, runtime) }
    }

    /// Fetches the values that a scope begins with from around it.
    @inline(__always) func adopt(_ scope: ScopeLayout, _ runtime: Runtime) throws {
        guard let scope = scope.storage, !scope.pointee.aliases.isEmpty else { return }
        try enterAliases(scope.pointee.aliases, runtime)
    }

    private func enterAliases(_ aliases: NodeList<ScopeLayout.Alias>, _ runtime: Runtime) throws {
        for alias in aliases {
            self[alias.slot] =
                try load(alias.source)
                ?? (alias.source.isGlobal ? context.lookup(alias.name.text, runtime) : nil)
        }
    }

    /// Empties the slots of a scope.
    @inline(__always) func leave(_ scope: ScopeLayout) {
        guard let scope = scope.storage else { return }
        for slot in scope.pointee.owned { self[slot] = nil }
    }

    /// The values of the given variables that are set.
    func visibleValues(_ variables: NodeList<ScopeLayout.Alias>) -> [String: Value] {
        var values: [String: Value] = [:]
        for variable in variables {
            if let value = load(variable.source), !value.isMissing { values[variable.name.text] = value }
        }
        return values
    }
}
