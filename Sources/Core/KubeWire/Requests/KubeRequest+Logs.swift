extension KubeRequest {
    /// The end of a container's log, and what is written to it from now on.
    ///
    /// - Source: the API's `pods/log`; plain text, one line of the log a line.
    package static func log(
        namespace: String,
        pod: String,
        container: String,
        tail: Int
    ) -> KubeRequest {
        KubeRequest(
            .get,
            ServedResource.pods.path(namespace: namespace, name: pod) + "/log",
            query: [
                QueryItem("container", container), QueryItem("follow", "true"),
                QueryItem("tailLines", String(tail)),
            ],
            accept: "*/*",
            isStream: true
        )
    }
}

extension ServedResource {
    /// core/v1 Pods, which every cluster serves.
    package static let pods = ServedResource(group: "", version: "v1", kind: "Pod", plural: "pods")
}
