import Dashboard
import Git
import Kube

extension SampleFleet {
    /// What a cluster answers to dry runs of an applier's objects.
    func exact(_ question: ExactQuestion) -> ExactDrift {
        func entry(_ group: String, _ kind: String, _ name: String) -> InventoryEntry {
            InventoryEntry(
                namespace: taint("checkout"),
                name: taint(name),
                group: group,
                kind: kind,
                version: "v1"
            )
        }
        let basis: ExactDrift.Basis =
            if case .built(_, let commit, _) = question.wanted { .commit(commit) } else { .release("api.v3") }
        return ExactDrift(
            applier: question.applier,
            basis: basis,
            renderer: "kubectl kustomize",
            asked: SampleFleet.ago(4),
            findings: [
                ExactDrift.Finding(
                    entry: entry("apps", "Deployment", "api"),
                    outcome: .differs([
                        FieldDifference(
                            path: taint("spec.template.spec.containers[api].image"),
                            desired: taint("registry.example/checkout/api:1.9.0"),
                            live: taint("registry.example/checkout/api:1.9.1-debug")
                        ),
                        FieldDifference(
                            path: taint("metadata.labels.team"),
                            desired: nil,
                            live: taint("night")
                        ),
                    ])
                ),
                ExactDrift.Finding(
                    entry: entry("", "Secret", "token"),
                    outcome: .differs([
                        FieldDifference(path: taint("data.key"), desired: "", live: "", isHidden: true)
                    ])
                ),
                ExactDrift.Finding(entry: entry("", "ConfigMap", "flags"), outcome: .missing),
                ExactDrift.Finding(
                    entry: entry("", "ConfigMap", "region"),
                    outcome: .unknown(
                        taint("uses ${REGION}, which may come from Secret vars: weir reads no Secrets")
                    )
                ),
                ExactDrift.Finding(entry: entry("", "Service", "api"), outcome: .same),
                ExactDrift.Finding(
                    entry: entry("", "ConfigMap", "seed"),
                    outcome: .letAlone("ssa: IfNotPresent")
                ),
            ],
            remarks: [taint("CI packed it from this commit: what CI changed on the way is not known")]
        )
    }

    /// Where the manifests say otherwise.
    func origins(_ question: ManifestQuestion) -> [InventoryEntry: ManifestOrigins] {
        question.targets.reduce(into: [:]) { found, target in
            var origins = ManifestOrigins(
                object: ManifestPlace(file: taint("apps/checkout/api.yaml"), line: 1, text: ""),
                doubts: target.entry.kind == "Deployment"
                    ? [taint("spec.patches of the Kustomization itself applies last, and may set it")] : []
            )
            for (index, field) in target.fields.enumerated() {
                let place = ManifestPlace(
                    file: taint(manifests),
                    line: 14 + index,
                    text: taint("image: registry.example/checkout/api:1.9.0")
                )
                if index == 0 {
                    origins.fields[field] = place
                } else {
                    origins.parents[field] = ManifestPlace(
                        file: place.file,
                        line: 5,
                        text: taint("metadata:")
                    )
                }
            }
            found[target.entry] = origins
        }
    }
}
