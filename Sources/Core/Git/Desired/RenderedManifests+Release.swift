package import Kube
import Text

extension RenderedManifests {
    /// The objects that a deployed release is made of, with what Helm adds when it applies them.
    ///
    /// - Source: as helm-controller reads them when it looks for drift.
    /// - Errors: a sentence where the manifest is no YAML.
    package static func desired(by release: StoredRelease) -> Result<DesiredState, GitFailure> {
        var state = DesiredState(
            objects: [],
            riddles: [],
            renderer: "Helm's stored manifest",
            remarks: release.remarks,
            manner: .helm(namespace: Sanitiser.line(release.namespace, limit: 250))
        )
        for document in documents(release.manifest) {
            guard let values = ObjectValue.documents(document) else {
                let words = "The manifest that Helm stored is no YAML that weir can read."
                return .failure(GitFailure(.invalid, words))
            }
            values.forEach { take($0, release, &state) }
        }
        return .success(state)
    }

    private static func take(_ value: ObjectValue, _ release: StoredRelease, _ state: inout DesiredState) {
        if value["kind"]?.text?.hasSuffix("List") == true, let items = value["items"]?.elements {
            items.forEach { take($0, release, &state) }
            return
        }
        guard let entry = entry(value) else {
            return
        }
        var body = value
        add(["app.kubernetes.io/managed-by": .string("Helm")], to: "labels", of: &body)
        add(
            [
                "meta.helm.sh/release-name": .string(release.name),
                "meta.helm.sh/release-namespace": .string(release.namespace),
            ],
            to: "annotations",
            of: &body
        )
        body["status"] = nil
        state.objects.append(DesiredState.Object(entry: entry, body: body))
    }
}
