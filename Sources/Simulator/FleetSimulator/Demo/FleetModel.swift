/// The content of the repository `fleet` at one commit: changed by commits, rendered into files.
struct FleetModel: Sendable, Equatable {
    /// An application: a Deployment, a Service, a namespace and overlays.
    struct App: Sendable, Equatable {
        let name: String
        var tag: String
        var replicas: Int
        var memory = "128Mi"
        /// Whether a ConfigMap `flags` belongs to it.
        var hasFlags = false

        var image: String { "ghcr.io/acme/\(name)-api" }
    }

    var clusters: [DemoCluster]
    var shape: FleetShape
    var apps: [App] = []
    var nginx = "1.25.4"
    var scrapeInterval = "15s"
    var grafana = "11.1.0"
    var certManager = "v1.15.1"
    var storageSize = "20Gi"
    var cart = "6.0.2"
    var notes = ["The state of all clusters, as they should be."]
    /// Whether `web` has the component that traces requests.
    var usesTracing = false

    /// Every file by its path.
    func files() -> [String: String] {
        var files = ["README.md": "# fleet\n\n" + notes.joined(separator: "\n\n") + "\n"]
        for app in apps { add(app, to: &files) }
        addInfrastructure(to: &files)
        if !shape.services.isEmpty { addService(to: &files) }
        for cluster in clusters { add(cluster, to: &files) }
        return files
    }

    /// Changes an application that must exist.
    mutating func change(_ name: String, _ change: (inout App) -> Void) {
        guard let index = apps.firstIndex(where: { $0.name == name }) else { return }
        change(&apps[index])
    }

    private func add(_ app: App, to files: inout [String: String]) {
        let base = "apps/\(app.name)/base"
        files["\(base)/namespace.yaml"] = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: \(app.name)

            """
        files["\(base)/api.yaml"] = deployment(app)
        files["\(base)/service.yaml"] = """
            apiVersion: v1
            kind: Service
            metadata:
              name: api
            spec:
              selector:
                app.kubernetes.io/name: \(app.name)
              ports:
                - name: http
                  port: 80
                  targetPort: http
                  protocol: TCP

            """
        if app.hasFlags {
            files["\(base)/flags.yaml"] = """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: flags
                data:
                  express-\(app.name): "off"

                """
        }
        files["\(base)/kustomization.yaml"] = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: \(app.name)
            resources:
              - namespace.yaml
              - api.yaml
              - service.yaml
            \(app.hasFlags ? "  - flags.yaml\n" : "")labels:
              - pairs:
                  app.kubernetes.io/name: \(app.name)
                  app.kubernetes.io/part-of: acme
                includeSelectors: false

            """
        for environment in ["production", "staging", "edge", "development"] {
            files["apps/\(app.name)/overlays/\(environment)/kustomization.yaml"] = overlay(app, environment)
        }
        if usesTracing {
            files["apps/components/tracing/kustomization.yaml"] = """
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                patches:
                  - target:
                      kind: Deployment
                    patch: |-
                      - op: add
                        path: /spec/template/metadata/annotations
                        value:
                          tracing.acme.example/enabled: "true"

                """
        }
    }

    private func deployment(_ app: App) -> String {
        let marker = app.name == "checkout" ? " # {\"$imagepolicy\": \"shop:checkout\"}" : ""
        // Long enough that a stuck rollout stays a timeout instead of a failed Deployment while the demo runs.
        let deadline = app.name == "checkout" ? "\n  progressDeadlineSeconds: 7200" : ""
        return """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: api
            spec:
              replicas: \(app.replicas)\(deadline)
              selector:
                matchLabels:
                  app.kubernetes.io/name: \(app.name)
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: \(app.name)
                spec:
                  containers:
                    - name: api
                      image: \(app.image):\(app.tag)\(marker)
                      ports:
                        - name: http
                          containerPort: 8080
                          protocol: TCP
                      envFrom:
                        - configMapRef:
                            name: settings
                      resources:
                        requests:
                          cpu: 50m
                          memory: \(app.memory)

            """
    }

    private func overlay(_ app: App, _ environment: String) -> String {
        var text = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: \(app.name)
            resources:
              - ../../base
            configMapGenerator:
              - name: settings
                literals:
                  - LOG_LEVEL=\(environment == "development" ? "debug" : "info")
                  - CLUSTER=${cluster_name}
                  - REGION=${region:=eu-central-1}

            """
        if usesTracing, environment != "development", app.name == "web" {
            text += "components:\n  - ../../../components/tracing\n"
        }
        switch environment {
        case "production":
            text += "replicas:\n  - name: api\n    count: \(app.replicas + 1)\n"
        case "development":
            // Development runs what its own pipeline built, whatever the base says.
            text +=
                "images:\n  - name: \(app.image)\n    newTag: main-\(ContentDigest.hex(app.name).prefix(7))\n"
        case "edge":
            text += """
                patches:
                  - target:
                      kind: Deployment
                      name: api
                    patch: |-
                      apiVersion: apps/v1
                      kind: Deployment
                      metadata:
                        name: api
                      spec:
                        template:
                          spec:
                            nodeSelector:
                              acme.example/edge: "true"

                """
        default:
            break
        }
        return text
    }

    private func addService(to files: inout [String: String]) {
        files["apps/service/kustomization.yaml"] = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: services
            resources:
              - service.yaml

            """
        files["apps/service/service.yaml"] = """
            apiVersion: v1
            kind: Service
            metadata:
              name: ${service}
            spec:
              selector:
                app.kubernetes.io/name: ${service}
              ports:
                - name: http
                  port: 80
                  protocol: TCP
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: ${service}
            data:
              cluster: ${cluster_name}

            """
    }
}
