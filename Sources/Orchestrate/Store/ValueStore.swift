/// Keeps variables, connections and secrets, as a ``Vault`` hands them over. Each change leaves an entry in the audit log, which names
/// what was changed and never a value.
package protocol ValueStore: Sendable {
    func sealedValues() async throws -> SealedValues
    func set(_ variable: SealedValues.StoredVariable, by author: Author) async throws
    func set(_ connection: SealedValues.StoredConnection, by author: Author) async throws
    func set(_ secret: SealedValues.StoredSecret, by author: Author) async throws
    /// - Returns: whether there was one.
    func removeVariable(_ name: String, by author: Author) async throws -> Bool
    func removeConnection(_ id: String, by author: Author) async throws -> Bool
    func removeSecret(_ name: String, by author: Author) async throws -> Bool
    /// Changes what is sealed, all or nothing; nobody writes in between.
    func reseal(by author: Author, _ body: @escaping @Sendable (inout SealedValues) throws -> Int) async throws -> Int
}
