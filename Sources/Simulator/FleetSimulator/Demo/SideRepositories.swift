/// The repositories beside `fleet`: `platform` with policies, `shop` with what CI packs into an OCI artifact.
enum SideRepositories {
    private static let author = CommitAuthor(name: "Tomás Ibarra", email: "tomas@acme.example")

    /// Network policies in a folder without a kustomization file.
    static func writePlatform(to history: borrowing RepositoryHistory, now: Int64) throws {
        var head: String?
        let steps: [(days: Int64, message: String, name: String, port: Int)] = [
            (44, "policies: deny by default", "deny-all", 0),
            (30, "policies: let the ingress in", "allow-ingress", 8080),
            (12, "policies: let monitoring scrape", "allow-scrape", 9090),
            (2, "policies: scrape on the new port", "allow-scrape", 9102),
        ]
        for step in steps {
            let ingress =
                step.port == 0
                ? "[]" : "\n    - ports:\n        - port: \(step.port)\n          protocol: TCP"
            let text = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: \(step.name)
                  namespace: apps
                spec:
                  podSelector: {}
                  policyTypes: [Ingress]
                  ingress: \(ingress)

                """
            head = try history.commit(
                branch: "main",
                parents: [head].compactMap(\.self),
                author: author,
                seconds: now - step.days * 86_400,
                message: step.message + "\n",
                changes: ["policies/\(step.name).yaml": text]
            )
        }
    }

    /// The storefront, one folder of a repository that also has code.
    static func writeShop(to history: borrowing RepositoryHistory, now: Int64) throws {
        var head: String?
        let versions: [(hours: Int64, version: String)] = [
            (900, "2.0.0"), (610, "2.1.0"), (400, "2.1.1"), (160, "2.2.0"), (50, "2.2.1"), (5, "2.3.0"),
        ]
        for step in versions {
            var changes: [String: String?] = [
                "main.go": "package main\n\nconst version = \"\(step.version)\"\n",
                "deploy/storefront.yaml": storefront(step.version),
            ]
            if head == nil {
                changes["deploy/kustomization.yaml"] =
                    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - storefront.yaml\n"
            }
            head = try history.commit(
                branch: "main",
                parents: [head].compactMap(\.self),
                author: author,
                seconds: now - step.hours * 3600,
                message: "Release \(step.version)\n",
                changes: changes
            )
            try history.point("refs/tags/v\(step.version)", at: head ?? "")
        }
    }

    private static func storefront(_ version: String) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
          namespace: shop
        spec:
          replicas: 2
          selector:
            matchLabels:
              app.kubernetes.io/name: storefront
          template:
            metadata:
              labels:
                app.kubernetes.io/name: storefront
            spec:
              containers:
                - name: storefront
                  image: ghcr.io/acme/storefront:\(version)
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: storefront
          namespace: shop
        spec:
          selector:
            app.kubernetes.io/name: storefront
          ports:
            - name: http
              port: 80
              protocol: TCP

        """
    }
}
