extension ClusterAccess {
    /// Where a pod finds its own API server's CA, token and namespace.
    package static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The cluster that weir itself runs in; nil where the environment is not that of a pod.
    ///
    /// - Shape: `namespaceFile` is the content of `namespace` in the service account's folder.
    package static func inCluster(
        environment: [String: String],
        namespaceFile: String?
    ) -> ClusterAccess? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"].flatMap({ Int($0) }),
            (1...65_535).contains(port)
        else {
            return nil
        }
        let written = namespaceFile?.split(whereSeparator: \.isWhitespace).first.map { String($0) }
        return ClusterAccess(
            server: ServerAddress(isSecure: true, host: host, port: port),
            authority: .file("\(serviceAccountFolder)/ca.crt"),
            credentials: Credentials(bearer: .file("\(serviceAccountFolder)/token", fallback: nil)),
            namespace: environment["POD_NAMESPACE"]?.nonEmpty ?? written
        )
    }
}
