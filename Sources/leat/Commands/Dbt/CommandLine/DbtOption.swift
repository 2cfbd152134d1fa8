/// An option of dbt's command line.
struct DbtOption: Sendable {
    /// What follows the option's name.
    enum Kind: Sendable {
        /// Nothing: the name switches it on, and one of `off` switches it off.
        case flag
        case text
        case integer
        case choice([String])
        /// Every word up to the next option; may be given again.
        case words
        /// As `words`, each one of the list.
        case choices([String])
        /// A mapping in YAML or JSON.
        case mapping
        /// A folder that must exist.
        case folder
        /// A day or a moment.
        case moment
    }

    /// What the rest of the program calls it: `full_refresh`.
    let key: String
    /// `--full-refresh`, `-f`.
    let names: [String]
    /// `--no-defer`.
    var off: [String] = []
    let kind: Kind
    /// The variable that stands for it, as `DBT_X`; the newer spelling `DBT_ENGINE_X` goes before it.
    var environment: String?
    var help = ""

    /// The name that errors call it by.
    var displayName: String { "'\((names + off).joined(separator: "' / '"))'" }

    /// The variables that may hold it, the stronger one first.
    var environmentNames: [String] {
        guard let environment else { return [] }
        if environment.hasPrefix("DBT_ENGINE_") { return [environment] }
        return ["DBT_ENGINE_" + environment.dropFirst("DBT_".count), environment]
    }
}
