/// A type as the source's own system names it, and how a value of it can reach another server of the same system.
package struct NativeType: Sendable, Hashable {
    /// Whether values stay what they are on the way.
    package enum Portability: Sendable, Hashable {
        /// Every server of the system has the type, under the name given: a domain travels as the type below it.
        case everywhere(as: String)
        /// As `everywhere`, once the source has cast the value to it: an array of a domain.
        case afterCast(to: String)
        /// Every server has the type, and where the setting has the same value it means the same: `money`.
        case withSetting(String, value: String, type: String)
        /// Servers that have this extension installed have the type, with these modifiers: `hstore`, `geometry(Point,4326)`.
        case withExtension(String, type: String, modifiers: String)
        /// Only this server has the type; values travel as text (or as arrays of text).
        case asText(as: String, reason: String)
    }

    /// As the source's catalog writes it: `numeric(12,2)`, `text[]`, `app.mood`.
    package var name: String
    package var portability: Portability

    package init(name: String, portability: Portability) {
        self.name = name
        self.portability = portability
    }
}
