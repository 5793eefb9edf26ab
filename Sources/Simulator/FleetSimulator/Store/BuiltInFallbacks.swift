import Foundation

/// What the server fills into built-in objects where the schema's plain fallbacks do not suffice.
enum BuiltInFallbacks {
    /// The object with the values that must stand before the plain fallbacks.
    static func filledIn(_ object: JSON, type: ResourceType) -> JSON {
        var object = object
        switch type.kind {
        case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job":
            fillStrategy(&object)
            fillPod(&object, at: ["spec", "template", "spec"])
            fillTemplateLabels(&object, type: type)
        case "CronJob":
            fillPod(&object, at: ["spec", "jobTemplate", "spec", "template", "spec"])
        case "Pod":
            fillPod(&object, at: ["spec"])
        case "Secret":
            fillSecret(&object)
        case "RoleBinding", "ClusterRoleBinding":
            fillBinding(&object)
        case "Service":
            fillService(&object)
        default:
            break
        }
        return object
    }

    /// The object with what depends on its other fields.
    static func finished(_ object: JSON, type: ResourceType, live: JSON?) -> JSON {
        var object = object
        switch type.kind {
        case "Namespace":
            if let name = object["metadata"]?["name"] {
                object.set(name, at: ["metadata", "labels", "kubernetes.io/metadata.name"])
            }
            if live == nil {
                object.set(["kubernetes"], at: ["spec", "finalizers"])
                object.set("Active", at: ["status", "phase"])
            }
        case "PersistentVolumeClaim", "Pod":
            if live == nil, object["status"]?["phase"] == nil {
                object.set("Pending", at: ["status", "phase"])
            }
        case "Service":
            if object["spec"]?["clusterIP"] == nil, let kept = live?["spec"]?["clusterIP"] {
                object.set(kept, at: ["spec", "clusterIP"])
                object.set(live?["spec"]?["clusterIPs"], at: ["spec", "clusterIPs"])
            }
        default:
            break
        }
        return object
    }

    /// The rolling update of a strategy that has another type is no default.
    private static func fillStrategy(_ object: inout JSON) {
        for name in ["strategy", "updateStrategy"] {
            guard let strategy = object["spec"]?[name], strategy["rollingUpdate"] == nil else { continue }
            if (strategy["type"]?.string ?? "RollingUpdate") == "RollingUpdate" {
                object.set(.object([:]), at: ["spec", name, "rollingUpdate"])
            }
        }
    }

    private static func fillPod(_ object: inout JSON, at path: [String]) {
        for list in ["containers", "initContainers"] {
            guard let containers = object.value(at: path + [list])?.array else { continue }
            let filled = containers.map { container in
                guard container["imagePullPolicy"] == nil, let image = container["image"]?.string else {
                    return container
                }
                let name = image.split(separator: "/").last ?? ""
                let always = name.hasSuffix(":latest") || !(name.contains(":") || name.contains("@"))
                var container = container
                container["imagePullPolicy"] = always ? "Always" : "IfNotPresent"
                return container
            }
            object.set(.array(filled), at: path + [list])
        }
        let account =
            object.value(at: path + ["serviceAccountName"]) ?? object.value(at: path + ["serviceAccount"])
        if let account {
            object.set(account, at: path + ["serviceAccountName"])
            object.set(account, at: path + ["serviceAccount"])
        }
    }

    /// A workload without labels of its own takes those of its pods.
    private static func fillTemplateLabels(_ object: inout JSON, type: ResourceType) {
        guard type.kind == "Job", object["metadata"]?["labels"] == nil,
            let labels = object.value(at: ["spec", "template", "metadata", "labels"])
        else { return }
        object.set(labels, at: ["metadata", "labels"])
    }

    private static func fillSecret(_ object: inout JSON) {
        guard let plain = object["stringData"]?.object else { return }
        var data = object["data"]?.object ?? [:]
        for (key, value) in plain {
            data[key] = .string(Data((value.string ?? "").utf8).base64EncodedString())
        }
        object["data"] = .object(data)
        object["stringData"] = nil
    }

    private static func fillBinding(_ object: inout JSON) {
        let group: JSON = "rbac.authorization.k8s.io"
        if object["roleRef"]?["apiGroup"] == nil, object["roleRef"]?["kind"] != nil {
            object.set(group, at: ["roleRef", "apiGroup"])
        }
        guard let subjects = object["subjects"]?.array else { return }
        let filled = subjects.map { subject in
            guard subject["apiGroup"] == nil, subject["kind"]?.string != "ServiceAccount" else {
                return subject
            }
            var subject = subject
            subject["apiGroup"] = group
            return subject
        }
        object["subjects"] = .array(filled)
    }

    private static func fillService(_ object: inout JSON) {
        guard let ports = object["spec"]?["ports"]?.array else { return }
        let filled = ports.map { port in
            guard port["targetPort"] == nil else { return port }
            var port = port
            port["targetPort"] = port["port"]
            return port
        }
        object.set(.array(filled), at: ["spec", "ports"])
        let isExternal = object["spec"]?["type"]?.string == "ExternalName"
        if !isExternal, object["spec"]?["internalTrafficPolicy"] == nil {
            object.set("Cluster", at: ["spec", "internalTrafficPolicy"])
        }
    }
}
