extension ForStatement {
    /// Runs the body for each element where it does not mention `loop`: nothing but the target's slot changes.
    ///
    /// - Returns: Whether a pass was finished, in which case `else` is left out.
    func runPlain(
        over value: Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Bool {
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

    /// Runs the body for the numbers of a range, which are put straight into the slot of a variable.
    private func count(
        through range: RangeObject, _ variable: Variable, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Bool {
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
        return try body.execute(frame, runtime, &output)
    }

    @inline(__always) private func step(_ frame: Frame, _ runtime: Runtime) throws {
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
