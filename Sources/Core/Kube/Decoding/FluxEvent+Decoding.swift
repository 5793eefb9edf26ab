import Chrono
import Text

/// A core/v1 Event as a list or watch gives it: about Flux, or about something else.
package struct DecodedEvent: Sendable, Hashable {
    package let resourceVersion: String
    package let uid: String
    /// Nil where it is about no object of Flux.
    package let event: FluxEvent?

    /// Reads an Event; nil where it has no metadata.
    package init?(_ root: JSONFields, in context: FluxDecoding) {
        let metadata = root["metadata"]
        guard metadata.isPresent else {
            return nil
        }
        resourceVersion = metadata.raw("resourceVersion") ?? ""
        uid = metadata.text("uid") ?? ""
        event = FluxEvent(root, metadata, uid: uid, cluster: context.cluster)
    }
}

extension FluxEvent {
    fileprivate init?(_ root: JSONFields, _ metadata: JSONFields, uid: String, cluster: ClusterID) {
        let involved = root["involvedObject"]
        let group = GroupVersion(involved.raw("apiVersion") ?? "").group
        guard let kind = FluxKind.of(group: group, kind: involved.raw("kind") ?? ""),
            let name = involved.text("name")
        else {
            return nil
        }
        let times = [
            root.time("lastTimestamp"), root["series"].time("lastObservedTime"), root.time("eventTime"),
            root.time("firstTimestamp"), metadata.time("creationTimestamp"),
        ]
        let annotations = metadata["annotations"]
        self.init(
            uid: uid,
            about: ObjectRef(
                cluster: cluster,
                group: kind.group,
                kind: kind.kind,
                namespace: involved.text("namespace") ?? "",
                name: name
            ),
            at: times.compactMap(\.self).first ?? Timestamp(seconds: 0),
            isWarning: root.raw("type") == "Warning",
            reason: root.text("reason", limit: 120) ?? "",
            message: root.text("message", limit: 1024) ?? "",
            count: root.integer("count").flatMap { Int(exactly: $0) } ?? 1,
            revision: annotations.revision("\(kind.group)/revision"),
            changes: ObjectChanges(kind.category == .applier ? root.raw("message") ?? "" : "")
        )
    }

    /// How long the reconciliation took that the event reports: `Reconciliation finished in 1.48s, …`.
    package var duration: Duration? {
        guard let found = message.firstRange(of: "finished in ") else {
            return nil
        }
        let word = message[found.upperBound...].prefix { $0 != "," && $0 != " " }
        return Duration(go: word)
    }
}
