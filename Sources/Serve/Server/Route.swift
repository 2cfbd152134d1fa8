import HTTPTypes
import Hummingbird

/// One address of the server: who may ask for it, and what answers.
///
/// Every address is in one table, ``Site/routes``, and the table is the only way to the router, so that no address goes
/// without its permission.
struct Route: Sendable {
    typealias Handler = @Sendable (Request, RequestFrame) async throws -> Response

    let method: HTTPRequest.Method
    /// Parts that vary are named `:name`.
    let path: String
    /// What the caller must be allowed to do; nil for an address that is open to all.
    let permission: Permission?
    /// What the API's document says of it; nil for addresses that are not of Leat's own API.
    var operation: APIOperation?
    let handler: Handler

    static func get(_ path: String, _ permission: Permission?, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, permission: permission, handler: handler)
    }

    static func post(_ path: String, _ permission: Permission?, _ handler: @escaping Handler) -> Route {
        Route(method: .post, path: path, permission: permission, handler: handler)
    }

    static func put(_ path: String, _ permission: Permission?, _ handler: @escaping Handler) -> Route {
        Route(method: .put, path: path, permission: permission, handler: handler)
    }

    static func patch(_ path: String, _ permission: Permission?, _ handler: @escaping Handler) -> Route {
        Route(method: .patch, path: path, permission: permission, handler: handler)
    }

    static func delete(_ path: String, _ permission: Permission?, _ handler: @escaping Handler) -> Route {
        Route(method: .delete, path: path, permission: permission, handler: handler)
    }
}
