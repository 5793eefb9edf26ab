/// A program that may own fields of objects from Git without that being drift.
package struct OwnerRule: Hashable, Sendable {
    package let manager: NamePattern
    /// Kinds that it holds for; empty means all.
    package let kinds: [String]
    /// Paths that it holds for, with all below them, `spec.replicas`; empty means all.
    package let fields: [String]

    package init(manager: String, kinds: [String] = [], fields: [String] = []) {
        self.manager = NamePattern(manager)
        self.kinds = kinds
        self.fields = fields
    }

    package func covers(_ manager: FieldManager, kind: String, field: String) -> Bool {
        self.manager.matches(manager.manager)
            && (kinds.isEmpty || kinds.contains(kind))
            && (fields.isEmpty || fields.contains { OwnerRule.path($0, holds: field) })
    }

    private static func path(_ path: String, holds field: String) -> Bool {
        guard field.hasPrefix(path) else {
            return false
        }
        let rest = field.dropFirst(path.count)
        return rest.isEmpty || rest.hasPrefix(".") || rest.hasPrefix("[")
    }

    /// Controllers of Kubernetes, autoscalers, injectors and Flux itself.
    ///
    /// - Source: what they call themselves in managedFields, as far as their own sources and reports tell.
    package static let builtin: [OwnerRule] = [
        // Kubernetes: the autoscaler writes `scale` as kube-controller-manager.
        "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kube-apiserver",
        "cloud-controller-manager", "kube-addon-manager",
        "service-account-controller", "csi-*", "snapshot-controller", "endpointslice-*",
        "aws-*", "azure-*", "gke-*", "gce-*", "eks*", "aks*", "networking.gke.io*", "cilium*", "calico*",
        // Autoscalers and what rolls out.
        "vpa-*", "keda*", "karpenter*", "cluster-autoscaler", "goldilocks*", "flagger*",
        "rollouts-controller",
        // Injectors and issuers.
        "cert-manager*", "cainjector", "pilot-discovery", "istiod*", "istio-*", "linkerd*",
        "external-secrets*", "external-dns*", "sealed-secrets*", "vault-*", "kyverno*", "gatekeeper*",
        "reloader*", "Reloader*", "crossplane*", "prometheus-operator", "PrometheusOperator",
        // Flux: `flux-client-side-apply` is how its users say that a change is meant to stay.
        "flux-client-side-apply", "flux", "flux-operator", "gotk-*", "source-controller", "helm-controller",
        "notification-controller", "image-reflector-controller", "image-automation-controller",
        "source-watcher", "weir",
    ].map { OwnerRule(manager: $0) }
}
