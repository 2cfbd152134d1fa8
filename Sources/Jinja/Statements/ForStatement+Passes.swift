extension ForStatement {
    /// Runs the body for each element where it does not mention `loop`: nothing but the target's slot changes.
    ///
    /// - Returns: Whether a pass was finished, in which case `else` is left out.
    func runPlain(
        over value: Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Bool {
        if let target = pairTarget, let pairs = pairs(of: value) {
            return try run(through: pairs, target, frame, runtime, &output)
        }
        var finishedPass = false
        switch value {
        case .list(let list):
            // The body may change the list that it goes through.
            var index = 0
            while index < list.items.count {
                if try pass(list.items[index], frame, runtime, &output, &finishedPass) { break }
                index += 1
            }
        case .tuple(let tuple):
            for item in tuple.items { if try pass(item, frame, runtime, &output, &finishedPass) { break } }
        case .object(let range as RangeObject):
            var number = range.start
            if condition == nil, let name = target.cast(NameExpression.self) {
                return try count(through: range, name.variable, frame, runtime, &output)
            }
            for _ in 0..<range.count {
                if try pass(.int(number), frame, runtime, &output, &finishedPass) { break }
                number &+= range.step
            }
        default:
            let items = try iterable.locating(frame) { try value.iterate() }
            for item in items { if try pass(item, frame, runtime, &output, &finishedPass) { break } }
        }
        return finishedPass
    }

    /// The variables of a target such as `key, value`.
    @inline(__always) var pairTarget: (first: Variable, second: Variable)? {
        guard target.kind == .sequence else { return nil }
        let items = target.view(SequenceExpression.self).items
        guard items.count == 2, items[0].kind == .name, items[1].kind == .name else { return nil }
        return (items[0].view(NameExpression.self).variable, items[1].view(NameExpression.self).variable)
    }

    /// The keys and values when a value is the items of a dict: a loop over them then makes no tuple of each pair.
    func pairs(of value: Value) -> DictView.Pairs? {
        guard case .object(let object) = value, type(of: object) == DictView.self else { return nil }
        return unsafeDowncast(object, to: DictView.self).pairs
    }

    @inline(never) private func run(
        through pairs: DictView.Pairs, _ target: (first: Variable, second: Variable), _ frame: Frame, _ runtime: Runtime,
        _ output: inout Output
    ) throws -> Bool {
        var finishedPass = false
        for index in pairs.keys.indices {
            try step(frame, runtime)
            frame.store(pairs.keys[index], target.first)
            frame.store(pairs.values[index], target.second)
            if let condition, try !condition.nearTest(frame, runtime) { continue }
            switch try runBody(frame, runtime, &output) {
            case .normal: finishedPass = true
            case .breakLoop: return finishedPass
            case .continueLoop: break
            }
        }
        return finishedPass
    }

    /// ``run(through:_:_:_:_:)`` with a `loop` variable that nobody asks for elements.
    @inline(never) func run(
        _ pairs: DictView.Pairs, _ target: (first: Variable, second: Variable), _ loop: LoopObject, in slot: Int32,
        _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Bool {
        var finishedPass = false
        for index in pairs.keys.indices {
            try step(frame, runtime)
            loop.skip()
            if !frame.holds(loop, in: slot) { frame[slot] = .object(loop) }
            frame.store(pairs.keys[index], target.first)
            frame.store(pairs.values[index], target.second)
            switch try runBody(frame, runtime, &output) {
            case .normal: finishedPass = true
            case .breakLoop: return finishedPass
            case .continueLoop: break
            }
        }
        return finishedPass
    }

    /// Runs the body for the numbers of a range, which are put straight into the slot of a variable.
    private func count(
        through range: RangeObject, _ variable: Variable, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Bool {
        if let program = body.program(runtime, output) {
            var count = LoopProgram.Count(
                loop: self, variable: variable, scope: layout.body, number: range.start, step: range.step, rest: range.count)
            // What the steps do not locate themselves is the output that has become too large.
            try locating(frame) { try program.run(&count, frame, runtime, &output) }
            return count.finishedPass
        }
        var finishedPass = false
        let (body, scope) = (body, layout.body)
        let isPlain = scope.isTrivial
        var number = range.start
        for _ in 0..<range.count {
            try step(frame, runtime)
            frame.store(integer: number, variable)
            number &+= range.step
            if !isPlain { try frame.enter(scope, runtime) }
            switch try body.execute(frame, runtime, &output) {
            case .normal: finishedPass = true
            case .breakLoop: return finishedPass
            case .continueLoop: break
            }
        }
        return finishedPass
    }

    /// One pass, unless the condition leaves it out. Returns whether the loop ends.
    @inline(__always) private func pass(
        _ element: consuming Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output, _ finished: inout Bool
    ) throws -> Bool {
        try step(frame, runtime)
        try assign(element, frame, runtime)
        if let condition, try !condition.nearTest(frame, runtime) { return false }
        switch try runBody(frame, runtime, &output) {
        case .normal: finished = true
        case .breakLoop: return true
        case .continueLoop: break
        }
        return false
    }

    /// Goes through the body with an element.
    @inline(__always) func pass(
        _ element: consuming Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Completion {
        try step(frame, runtime)
        try assign(element, frame, runtime)
        return try runBody(frame, runtime, &output)
    }

    @inline(__always) private func runBody(
        _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Completion {
        if !layout.body.isTrivial { try frame.enter(layout.body, runtime) }
        if let program = body.program(runtime, output) {
            return try locating(frame) { try program.run(frame, runtime, &output) }
        }
        return try body.execute(frame, runtime, &output)
    }

    @inline(__always) func step(_ frame: Frame, _ runtime: Runtime) throws {
        runtime.steps &+= 1
        if runtime.steps > runtime.stepLimit { try locating(frame) { try runtime.countStep() } }
    }

    @inline(__always) func assign(_ element: consuming Value, _ frame: Frame, _ runtime: Runtime) throws {
        if target.kind == .name {
            frame.store(element, target.view(NameExpression.self).variable)
        } else {
            try Assignment.assign(element, to: target, frame, runtime)
        }
    }
}
