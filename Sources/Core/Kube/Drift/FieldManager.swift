/// Who wrote fields of an object, as the API server names writers.
///
/// - Shape: name, operation and subresource together identify an owner: an Update under an applier's name is
///   another owner than its Apply.
package struct FieldManager: Hashable, Sendable {
    package let manager: String
    package let isApply: Bool
    /// `scale`; empty for the object itself.
    package let subresource: String

    package init(manager: String, isApply: Bool, subresource: String = "") {
        self.manager = manager
        self.isApply = isApply
        self.subresource = subresource
    }

    /// True for kubectl and what kustomize-controller treats like it: folded away at its next run.
    package var isOfKubectlFamily: Bool {
        manager.hasPrefix("kubectl") || manager == "before-first-apply"
            || (manager == "kustomize-controller" && !isApply)
    }

    /// True for programs that people edit with, and for other engines: what they own is always worth a look.
    package var isTool: Bool {
        isOfKubectlFamily || FieldManager.tools.contains { $0.pattern.matches(manager) }
    }

    /// True for tools that write on their own as well: metadata that they add is bookkeeping.
    package var isController: Bool {
        FieldManager.controllers.contains { $0.matches(manager) }
    }

    /// The manager in people's words, `kubectl edit`.
    package var name: String {
        switch (manager, subresource) {
        case ("kube-controller-manager", "scale"): return "HPA"
        case ("kubectl", "scale"): return "kubectl scale"
        case ("kubectl", _): return isApply ? "kubectl apply --server-side" : "kubectl"
        case ("kubectl-client-side-apply", _), ("kubectl-last-applied", _): return "kubectl apply"
        case ("before-first-apply", _): return "an edit before writers were recorded"
        case ("kustomize-controller", _) where !isApply: return "an update under Flux's name"
        case ("", _), ("unknown", _): return "a program without a name"
        default: break
        }
        if manager.hasPrefix("kubectl-") {
            return "kubectl \(manager.dropFirst(8))"
        }
        return FieldManager.tools.first { $0.pattern.matches(manager) }?.name ?? manager
    }

    private static let tools: [(pattern: NamePattern, name: String)] = [
        ("k9s", "k9s"), ("node-fetch", "Lens"), ("Lens*", "Lens"), ("OpenLens*", "OpenLens"),
        ("Mozilla", "a browser"), ("headlamp*", "Headlamp"), ("dashboard*", "Kubernetes Dashboard"),
        ("rancher*", "Rancher"), ("steve", "Rancher"), ("argocd*", "Argo CD"), ("helm", "Helm"),
        ("terraform-provider-*", "Terraform"), ("Terraform*", "Terraform"), ("HashiCorp*", "Terraform"),
        ("pulumi*", "Pulumi"),
        ("curl", "curl"), ("python*", "a Python script"), ("OpenAPI-Generator", "a script"),
        ("unknown", "a program without a name"),
    ].map { (NamePattern($0.0), $0.1) }

    /// - Source: Rancher notes the addresses of workloads in `field.cattle.io/publicEndpoints`, Argo CD whom it tracks.
    private static let controllers = ["rancher*", "argocd*"].map { NamePattern($0) }
}

/// A name, or the beginning of names where it ends in `*`.
package struct NamePattern: Hashable, Sendable {
    private let text: String
    private let isPrefix: Bool

    package init(_ pattern: String) {
        isPrefix = pattern.hasSuffix("*")
        text = isPrefix ? String(pattern.dropLast()) : pattern
    }

    package func matches(_ name: String) -> Bool {
        isPrefix ? name.hasPrefix(text) : name == text
    }
}
