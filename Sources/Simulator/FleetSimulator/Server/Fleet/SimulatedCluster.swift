import Foundation
import NIOCore

/// One cluster of the fleet: what it stores, who may come in, and the server in front of it.
struct SimulatedCluster: Sendable {
    /// The bearer tokens of the cluster's users, made anew at each start.
    struct Tokens: Sendable {
        let admin: String
        let viewer: String
        let tenant: String
        /// A user without any rights.
        let nobody: String

        fileprivate init(cluster: String) {
            func token(_ user: String) -> String {
                "sim.\(cluster).\(user).\(UUID().uuidString.lowercased())"
            }
            admin = token("admin")
            viewer = token("viewer")
            tenant = token("tenant")
            nobody = token("nobody")
        }
    }

    /// How a cluster is set up beyond its objects.
    struct Settings: Sendable {
        /// 0 lets the system choose.
        var port = 0
        var version = ServerVersion()
        /// Whether a request without credentials is served as `system:anonymous` rather than answered with 401.
        var allowsAnonymous = true
        /// The namespace that the tenant lives in.
        var tenantNamespace = "default"
        /// Whether the tenant may also patch the Flux objects there.
        var tenantsMayPatch = true

        init() {}
    }

    let name: String
    let store: ObjectStore
    let server: ClusterServer
    let authority: CertificateAuthority
    let tokens: Tokens
    /// The certificate by which the administrator can come in without a token.
    let adminKey: CertifiedKey
    let tenantNamespace: String

    /// Sets the cluster up around a store, which gets the definitions of its kinds.
    init(name: String, store: ObjectStore, settings: Settings, eventLoop: any EventLoop) throws {
        self.name = name
        self.store = store
        tenantNamespace = settings.tenantNamespace
        try KindDefinitions.install(in: store)
        authority = try CertificateAuthority(name: "\(name)-ca")
        adminKey = try authority.clientKey(user: "admin", groups: [UserIdentity.mastersGroup])
        tokens = Tokens(cluster: name)
        let users = [
            tokens.admin: UserIdentity(name: "admin", uid: "u-admin", groups: [UserIdentity.mastersGroup]),
            tokens.viewer: UserIdentity(name: "viewer", uid: "u-viewer", groups: [AccessPolicy.viewersGroup]),
            tokens.tenant: UserIdentity(name: "tenant", uid: "u-tenant", groups: [AccessPolicy.tenantsGroup]),
            tokens.nobody: UserIdentity(name: "nobody", uid: "u-nobody", groups: []),
        ]
        server = ClusterServer(
            api: ClusterAPI(
                store: store,
                authentication: Authentication(
                    authority: authority,
                    tokens: users,
                    allowsAnonymous: settings.allowsAnonymous
                ),
                policy: .fleet(
                    tenantNamespace: settings.tenantNamespace,
                    tenantsMayPatch: settings.tenantsMayPatch
                ),
                version: settings.version
            ),
            keys: ServerKeys(authority: authority),
            eventLoop: eventLoop,
            port: settings.port
        )
    }

    /// Where the server listens once it is started.
    var url: String { "https://127.0.0.1:\(server.port)" }

    /// Opens the port.
    func start() throws {
        try server.start()
    }

    /// Ends the watches in good order and closes the port; waits until both is done.
    func stop() {
        server.stop()
    }
}
