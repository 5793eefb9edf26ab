/// The folder `clusters`: the Flux objects of each cluster, applied by its root Kustomization.
extension FleetModel {
    func add(_ cluster: DemoCluster, to files: inout [String: String]) {
        let folder = "clusters/\(cluster.name)"
        var parts = [
            "flux-system/gotk-sync.yaml", "namespaces.yaml", "infra.yaml", "apps.yaml", "releases.yaml",
        ]
        files["\(folder)/flux-system/gotk-sync.yaml"] = sync(cluster)
        files["\(folder)/namespaces.yaml"] = namespaces()
        files["\(folder)/infra.yaml"] = infrastructure(cluster)
        files["\(folder)/apps.yaml"] = applications(cluster)
        files["\(folder)/releases.yaml"] = releases(cluster)
        if shape.parts.contains(.notifications) {
            files["\(folder)/notifications.yaml"] = notifications(cluster)
            parts.append("notifications.yaml")
        }
        if shape.parts.contains(.generated) || shape.parts.contains(.artifacts) || cluster.role == .staging {
            files["\(folder)/sources.yaml"] = sources(cluster)
            parts.append("sources.yaml")
        }
        if cluster == clusters.first, shape.parts.contains(.artifacts) {
            files["\(folder)/images.yaml"] = images()
            parts.append("images.yaml")
        }
        files["\(folder)/kustomization.yaml"] =
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
            + parts.map { "  - \($0)\n" }.joined()
    }

    private func sync(_ cluster: DemoCluster) -> String {
        let key = cluster.role == .pinned ? "tag" : "branch"
        return """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata:
              name: fleet
              namespace: flux-system
            spec:
              interval: \(cluster.fetchInterval)
              timeout: 60s
              ref:
                \(key): \(cluster.pointer)
              url: ${git_host}/fleet.git
            ---
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata:
              name: flux-system
              namespace: flux-system
            spec:
              interval: 10m0s
              retryInterval: 1m0s
              path: ./clusters/\(cluster.name)
              prune: true
              force: false
              sourceRef:
                kind: GitRepository
                name: fleet
              postBuild:
                substituteFrom:
                  - kind: ConfigMap
                    name: cluster-vars

            """
    }

    private func namespaces() -> String {
        let names = ["apps", "infra", "shop"] + (shape.services.isEmpty ? [] : ["services"])
        return names.map { "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \($0)\n" }.joined(
            separator: "---\n"
        )
    }

    /// A Kustomization on the main source.
    private func kustomization(
        _ name: String,
        namespace: String,
        path: String,
        cluster: DemoCluster,
        interval: String,
        timeout: String = "1m0s",
        dependsOn: String? = nil,
        wait: Bool = true,
        variables: [String: String] = [:],
        source: String = "kind: GitRepository\n    name: fleet\n    namespace: flux-system"
    ) -> String {
        let variables = ["cluster_name": cluster.name, "region": cluster.region].merging(variables) { $1 }
        return """
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata:
              name: \(name)
              namespace: \(namespace)
            spec:
            \(dependsOn.map { "  dependsOn:\n    - name: \($0)\n" } ?? "")  interval: \(interval)
              retryInterval: 1m0s
              timeout: \(timeout)
              path: \(path)
              prune: true
              wait: \(wait)
              sourceRef:
                \(source)
              postBuild:
                substitute:
            \(variables.sorted { $0.key < $1.key }.map { "      \($0.key): \($0.value)\n" }.joined())
            """
    }

    private func infrastructure(_ cluster: DemoCluster) -> String {
        var parts = [("ingress", "30m0s"), ("monitoring", "10m0s")]
        if shape.parts.contains(.certificates) { parts.append(("cert-manager", "10m0s")) }
        if shape.parts.contains(.storage) { parts.append(("storage", "1h0m0s")) }
        return parts.map { name, interval in
            kustomization(
                name,
                namespace: "infra",
                path: "./infra/\(name)",
                cluster: cluster,
                interval: interval
            )
        }
        .joined(separator: "---\n")
    }

    private func applications(_ cluster: DemoCluster) -> String {
        let intervals = ["5m0s", "10m0s", "2m0s", "10m0s", "15m0s"]
        var parts = apps.enumerated().map { index, app in
            kustomization(
                app.name,
                namespace: "apps",
                path: "./apps/\(app.name)/overlays/\(cluster.environment)",
                cluster: cluster,
                interval: app.name == "catalog" ? "1h0m0s" : intervals[index % intervals.count],
                timeout: app.name == "checkout" ? "20s" : "1m0s",
                dependsOn: app.name == "web" ? "checkout" : nil
            )
        }
        parts += shape.services.map { service in
            kustomization(
                service,
                namespace: "services",
                path: "./apps/service",
                cluster: cluster,
                interval: "30m0s",
                wait: false,
                variables: ["service": service]
            )
        }
        return parts.joined(separator: "---\n")
    }

    private func release(
        _ name: String,
        namespace: String,
        chart: String,
        version: String,
        interval: String = "10m0s",
        extra: String = ""
    ) -> String {
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: \(name)
          namespace: \(namespace)
        spec:
          interval: \(interval)
          timeout: 1m0s
          targetNamespace: \(name)
          releaseName: \(name)
          chart:
            spec:
              chart: \(chart)
              version: "\(version)"
              interval: 5m0s
              sourceRef:
                kind: HelmRepository
                name: acme
                namespace: flux-system
          install:
            createNamespace: true
        \(extra)
        """
    }

    private func releases(_ cluster: DemoCluster) -> String {
        var parts = [
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata:
              name: acme
              namespace: flux-system
            spec:
              interval: 10m0s
              url: https://charts.acme.example

            """,
            release(
                "cart",
                namespace: "apps",
                chart: "cart",
                version: cart,
                extra: """
                      driftDetection:
                        mode: enabled
                      values:
                        replicaCount: \(cluster.role == .production ? 3 : 1)

                    """
            ),
        ]
        if shape.parts.contains(.releases) {
            parts.append(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: HelmRepository
                metadata:
                  name: acme-oci
                  namespace: flux-system
                spec:
                  interval: 10m0s
                  type: oci
                  url: oci://registry.acme.example/charts

                """
            )
            parts.append(
                release(
                    "redis",
                    namespace: "infra",
                    chart: "redis",
                    version: "20.x",
                    interval: "30m0s",
                    extra: """
                          driftDetection:
                            mode: warn
                          values:
                            replicaCount: 2

                        """
                )
            )
            parts.append(
                release(
                    "external-dns",
                    namespace: "infra",
                    chart: "external-dns",
                    version: "1.15.0",
                    interval: "1h0m0s"
                )
            )
            parts.append(
                release(
                    "recommender",
                    namespace: "apps",
                    chart: "recommender",
                    version: "2.1.0",
                    extra: """
                          upgrade:
                            remediation:
                              retries: 1
                          values:
                            image:
                              repository: ghcr.io/acme/recommender
                              tag: \(cluster.role == .staging ? DemoFleet.badRelease : "2.0.9")

                        """
                )
            )
        }
        return parts.joined(separator: "---\n")
    }

    private func notifications(_ cluster: DemoCluster) -> String {
        """
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Provider
        metadata:
          name: chat
          namespace: flux-system
        spec:
          type: slack
          channel: ops-\(cluster.environment)
          secretRef:
            name: chat-token
        ---
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Alert
        metadata:
          name: on-call
          namespace: flux-system
        spec:
          providerRef:
            name: chat
          eventSeverity: error
          eventSources:
            - kind: Kustomization
              name: "*"
              namespace: apps
            - kind: HelmRelease
              name: "*"
              namespace: apps
        ---
        apiVersion: notification.toolkit.fluxcd.io/v1
        kind: Receiver
        metadata:
          name: push
          namespace: flux-system
        spec:
          type: generic
          interval: 10m0s
          secretRef:
            name: webhook-token
          resources:
            - kind: GitRepository
              name: fleet

        """
    }

    private func sources(_ cluster: DemoCluster) -> String {
        var parts: [String] = []
        if shape.parts.contains(.generated) {
            parts.append(gitRepository("platform", url: "${git_host}/platform.git", interval: "5m0s"))
            parts.append(
                """
                apiVersion: source.extensions.fluxcd.io/v1beta1
                kind: ArtifactGenerator
                metadata:
                  name: platform
                  namespace: flux-system
                spec:
                  sources:
                    - alias: platform
                      kind: GitRepository
                      name: platform
                  artifacts:
                    - name: policies
                      originRevision: "@platform"
                      copy:
                        - from: "@platform/policies/**"
                          to: "@artifact/"

                """
            )
            parts.append(
                kustomization(
                    "policies",
                    namespace: "flux-system",
                    path: "./",
                    cluster: cluster,
                    interval: "15m0s",
                    wait: false,
                    source: "kind: ExternalArtifact\n    name: policies"
                )
            )
        }
        if shape.parts.contains(.artifacts) {
            parts.append(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: OCIRepository
                metadata:
                  name: storefront
                  namespace: shop
                spec:
                  interval: 5m0s
                  timeout: 60s
                  url: \(DemoFleet.storefrontArtifact)
                  ref:
                    tag: latest

                """
            )
            parts.append(
                kustomization(
                    "storefront",
                    namespace: "shop",
                    path: "./",
                    cluster: cluster,
                    interval: "10m0s",
                    source: "kind: OCIRepository\n    name: storefront"
                )
            )
        }
        if cluster.role == .staging {
            parts.append(
                gitRepository(
                    "legacy",
                    url: "https://git.acme.example/legacy/storefront.git",
                    interval: "2m0s"
                )
            )
        }
        return parts.joined(separator: "---\n")
    }

    private func gitRepository(_ name: String, url: String, interval: String) -> String {
        """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata:
          name: \(name)
          namespace: flux-system
        spec:
          interval: \(interval)
          timeout: 60s
          ref:
            branch: main
          url: \(url)

        """
    }

    private func images() -> String {
        let scanned = [
            ("checkout", "ghcr.io/acme/checkout-api", "1.x"), ("nginx", "docker.io/library/nginx", "1.27.x"),
        ]
        var parts = scanned.map { name, image, range in
            """
            apiVersion: image.toolkit.fluxcd.io/v1
            kind: ImageRepository
            metadata:
              name: \(name)
              namespace: shop
            spec:
              image: \(image)
              interval: 5m0s
            ---
            apiVersion: image.toolkit.fluxcd.io/v1
            kind: ImagePolicy
            metadata:
              name: \(name)
              namespace: shop
            spec:
              imageRepositoryRef:
                name: \(name)
              policy:
                semver:
                  range: \(range)

            """
        }
        parts.append(
            """
            apiVersion: image.toolkit.fluxcd.io/v1
            kind: ImageUpdateAutomation
            metadata:
              name: checkout
              namespace: shop
            spec:
              interval: 10m0s
              sourceRef:
                kind: GitRepository
                name: fleet
                namespace: flux-system
              git:
                checkout:
                  ref:
                    branch: main
                commit:
                  author:
                    name: image bot
                    email: image-bot@acme.example
                  messageTemplate: "chore: update images"
                push:
                  branch: main
              update:
                path: ./
                strategy: Setters

            """
        )
        return parts.joined(separator: "---\n")
    }
}
