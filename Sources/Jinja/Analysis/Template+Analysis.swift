extension Template {
    /// The calls in the template, macros included.
    package var callSites: [CallSite] { CallCollector.collect(code.body) }

    /// The line and column of a byte offset.
    package func position(of offset: Int) -> (line: Int, column: Int) { code.source.position(of: offset) }

    /// The names that are read somewhere, whether they are set or not.
    package var namesUsed: Set<String> { NameCollector.collect(code.body) }
}

extension MacroDefinition {
    /// The calls in the macro's body and in the default values of its parameters.
    package var callSites: [CallSite] {
        var collector = CallCollector()
        code.visitChildren { collector.visit($0, false) }
        return collector.sites
    }

    /// The first names of all calls, such as `ref` and `adapter`.
    package var calledNames: Set<String> { Set(callSites.compactMap(\.path.first)) }
}
