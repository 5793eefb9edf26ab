/// The folder `infra`: what runs on every cluster beside the applications.
extension FleetModel {
    func addInfrastructure(to files: inout [String: String]) {
        addIngress(to: &files)
        addMonitoring(to: &files)
        if shape.parts.contains(.certificates) { addCertificates(to: &files) }
        if shape.parts.contains(.storage) { addStorage(to: &files) }
    }

    private func list(_ namespace: String, _ resources: String...) -> String {
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: \(namespace)\nresources:\n"
            + resources.map { "  - \($0)\n" }.joined()
    }

    private func namespace(_ name: String) -> String {
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \(name)\n"
    }

    private func workload(_ kind: String, _ name: String, _ image: String, replicas: Int? = nil) -> String {
        """
        apiVersion: apps/v1
        kind: \(kind)
        metadata:
          name: \(name)
        spec:
        \(replicas.map { "  replicas: \($0)\n" } ?? "")\(kind == "StatefulSet" ? "  serviceName: \(name)\n" : "")\
          selector:
            matchLabels:
              app.kubernetes.io/name: \(name)
          template:
            metadata:
              labels:
                app.kubernetes.io/name: \(name)
            spec:
              containers:
                - name: \(name)
                  image: \(image)

        """
    }

    private func addIngress(to files: inout [String: String]) {
        files["infra/ingress/kustomization.yaml"] =
            list("ingress", "namespace.yaml", "controller.yaml", "service.yaml", "config.yaml")
        files["infra/ingress/namespace.yaml"] = namespace("ingress")
        files["infra/ingress/controller.yaml"] =
            workload(
                "Deployment",
                "nginx",
                // An autoscaler counts these, so Git does not.
                "docker.io/library/nginx:\(nginx) # {\"$imagepolicy\": \"shop:nginx\"}"
            )
        files["infra/ingress/service.yaml"] = """
            apiVersion: v1
            kind: Service
            metadata:
              name: nginx
            spec:
              type: LoadBalancer
              selector:
                app.kubernetes.io/name: nginx
              ports:
                - name: https
                  port: 443
                  protocol: TCP

            """
        files["infra/ingress/config.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: nginx
            data:
              proxy-body-size: 8m
              use-forwarded-headers: "true"

            """
    }

    private func addMonitoring(to files: inout [String: String]) {
        files["infra/monitoring/kustomization.yaml"] =
            list("monitoring", "namespace.yaml", "grafana.yaml", "prometheus.yaml", "scrape.yaml")
        files["infra/monitoring/namespace.yaml"] = namespace("monitoring")
        files["infra/monitoring/grafana.yaml"] =
            workload("Deployment", "grafana", "docker.io/grafana/grafana:\(grafana)", replicas: 1)
        files["infra/monitoring/prometheus.yaml"] =
            workload("StatefulSet", "prometheus", "quay.io/prometheus/prometheus:v2.54.1", replicas: 2)
        files["infra/monitoring/scrape.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: scrape
            data:
              prometheus.yml: |
                global:
                  scrape_interval: \(scrapeInterval)

            """
    }

    private func addCertificates(to files: inout [String: String]) {
        files["infra/cert-manager/kustomization.yaml"] =
            list("cert-manager", "namespace.yaml", "controller.yaml", "rbac.yaml", "webhook.yaml")
        files["infra/cert-manager/namespace.yaml"] = namespace("cert-manager")
        files["infra/cert-manager/controller.yaml"] =
            workload(
                "Deployment",
                "cert-manager",
                "quay.io/jetstack/cert-manager-controller:\(certManager)",
                replicas: 1
            )
        // Its authority is not in Git: the injector writes it.
        files["infra/cert-manager/webhook.yaml"] = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: cert-manager-webhook
            webhooks:
              - name: webhook.cert-manager.io
                admissionReviewVersions: [v1]
                sideEffects: None
                clientConfig:
                  service:
                    name: cert-manager-webhook
                    namespace: cert-manager
                    path: /validate
                rules:
                  - apiGroups: [cert-manager.io]
                    apiVersions: ["*"]
                    operations: [CREATE, UPDATE]
                    resources: ["*/*"]

            """
        files["infra/cert-manager/rbac.yaml"] = """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: cert-manager
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: acme:cert-manager:issuers
            rules:
              - apiGroups: [""]
                resources: [secrets]
                verbs: [get, list, watch, create, update]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata:
              name: acme:cert-manager:issuers
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: acme:cert-manager:issuers
            subjects:
              - kind: ServiceAccount
                name: cert-manager

            """
    }

    private func addStorage(to files: inout [String: String]) {
        files["infra/storage/kustomization.yaml"] =
            list("storage", "namespace.yaml", "minio.yaml", "agent.yaml", "claim.yaml")
        files["infra/storage/namespace.yaml"] = namespace("storage")
        files["infra/storage/minio.yaml"] =
            workload("StatefulSet", "minio", "quay.io/minio/minio:RELEASE.2024-10-13T13-34-11Z", replicas: 1)
        files["infra/storage/agent.yaml"] = workload("DaemonSet", "agent", "ghcr.io/acme/storage-agent:0.7.2")
        files["infra/storage/claim.yaml"] = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: backups
            spec:
              accessModes: [ReadWriteOnce]
              resources:
                requests:
                  storage: \(storageSize)

            """
    }
}
