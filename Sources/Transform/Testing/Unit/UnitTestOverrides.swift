import Documents
import Jinja

/// What has another value within a unit test.
enum UnitTestOverrides {
    /// The world with other variables, of the project and of the environment.
    static func world(_ world: RenderWorld, _ overrides: JSON.Members) -> RenderWorld {
        var scope = world.scope
        for entry in overrides["vars"]?.object?.entries ?? [] { scope.variables.commandLine[entry.key] = entry.value }
        for entry in overrides["env_vars"]?.object?.entries ?? [] {
            scope.environment[entry.key] = entry.value.string ?? entry.value.text()
        }
        return world.with(scope)
    }

    /// Puts values in the place of macros: calling them gives the value.
    static func apply(_ overrides: JSON.Members, to context: NodeContext) {
        for entry in overrides["macros"]?.object?.entries ?? [] {
            let value = Value(entry.value)
            let function = Value.function(entry.key) { _, _ in value }
            let parts = entry.key.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                context.macroOverrides[entry.key] = function
                if parts[0] == "dbt" || parts[0] == context.world.root.name { context.set(parts[1], function) }
            } else {
                context.set(entry.key, function)
            }
        }
    }
}
