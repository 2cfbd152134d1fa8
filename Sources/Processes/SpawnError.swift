/// Why a process could not be started; who wanted it says so in its own words.
package struct SpawnError: Error, Equatable {
    /// The number of the system's error.
    package let number: Int32
    /// The system's words for it.
    package let reason: String
    /// Whether it is the program that cannot be run, and not the system that has no room for it.
    package let isAboutProgram: Bool
}
