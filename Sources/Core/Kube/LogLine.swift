package import Chrono

/// One line of a controller's log about one object.
package struct LogLine: Hashable, Sendable {
    package enum Level: String, Sendable {
        case debug, info, error
    }

    /// Nil where the line does not say.
    package let at: Timestamp?
    package let level: Level
    /// What happened, with its error, as one harmless line.
    package let message: String

    package init(at: Timestamp?, level: Level, message: String) {
        self.at = at
        self.level = level
        self.message = message
    }
}

/// What comes of following a log.
package enum LogNews: Hashable, Sendable {
    /// Further lines, oldest first.
    case lines([LogLine])
    /// Nothing more comes, for a reason in one sentence.
    case ended(String)
}

extension LogLine {
    /// Reads a line of a Flux controller's log; nil where it is about another object or about none.
    ///
    /// - Source: logr's JSON, with the fields that controller-runtime adds.
    package init?(_ root: JSONFields, about ref: ObjectRef) {
        let object = root[ref.kind]
        guard root.raw("controllerKind") == ref.kind,
            (object.raw("name") ?? root.raw("name")) == ref.name,
            (object.raw("namespace") ?? root.raw("namespace") ?? "") == ref.namespace
        else {
            return nil
        }
        at = root.time("ts")
        level = root.raw("level").flatMap(Level.init) ?? .info
        let words = [root.text("msg", limit: 1024), root.text("error", limit: 2048)]
        message = words.compactMap(\.self).joined(separator: ": ")
    }
}

extension FluxKind {
    /// Who reconciles objects of the kind, with the label by which its pods are found.
    package var controller: (name: String, selector: String)? {
        let name: String? =
            switch group {
            case FluxKind.sourceGroup: kind == "ExternalArtifact" ? "source-watcher" : "source-controller"
            case FluxKind.extensionsGroup: "source-watcher"
            case FluxKind.kustomizeGroup: "kustomize-controller"
            case FluxKind.helmGroup: "helm-controller"
            case FluxKind.notificationGroup: "notification-controller"
            case FluxKind.imageGroup:
                self == .imageUpdateAutomation ? "image-automation-controller" : "image-reflector-controller"
            case FluxKind.operatorGroup: "flux-operator"
            default: nil
            }
        let label = group == FluxKind.operatorGroup ? "app.kubernetes.io/name" : "app"
        return name.map { ($0, "\(label)=\($0)") }
    }
}
