/// What a HelmChart finds in its repository.
struct ChartPull {
    /// A chart that was found.
    struct Chart: Equatable {
        let name: String
        let version: String
        /// The revision of the source it came from.
        let sourceRevision: String?
        let reason: String

        var message: String {
            let verb = reason == "ChartPackageSucceeded" ? "packaged" : "pulled"
            return "\(verb) '\(name)' chart with version '\(version)'"
        }
    }

    let store: ObjectStore
    let gitHost: GitHost

    func chart(for object: JSON) throws(RunFailure) -> Chart {
        let kind = object.text("spec", "sourceRef", "kind") ?? ""
        let sourceName = object.text("spec", "sourceRef", "name") ?? ""
        guard
            let type = FluxKinds.source(named: kind),
            let source = try? store.get(ObjectKey(type, namespace: object.namespace, name: sourceName))
        else {
            throw RunFailure(
                reason: "SourceUnavailable",
                message: "failed to get source: \(kind) '\(object.namespace ?? "")/\(sourceName)' not found"
            )
        }
        let isAddress = source.text("spec", "type") == "oci"
        guard isAddress || source.artifactRevision != nil else {
            throw RunFailure(
                reason: "NoSourceArtifact",
                message: "no artifact available for \(kind) source '\(sourceName)'"
            )
        }
        return kind == "HelmRepository" ? try remote(object, source) : try packaged(object, source)
    }

    /// Writes the chart into the status of its HelmChart.
    static func store(_ chart: Chart, on object: inout JSON) {
        object[path: "status", "observedChartName"] = .string(chart.name)
        object[path: "status", "observedSourceArtifactRevision"] = chart.sourceRevision.map { .string($0) }
        let folder = "\(object.namespace ?? "")/\(object.name)"
        object[path: "status", "url"] =
            .string(
                "http://source-controller.flux-system.svc.cluster.local./helmchart/\(folder)/latest.tar.gz"
            )
        guard chart.version != object.artifactRevision || object.condition("Ready") == nil else {
            SourceStatus.unchanged(&object, reason: chart.reason)
            return
        }
        let artifact = Artifact.describe(
            object,
            revision: chart.version,
            file: "\(chart.name)-\(chart.version).tgz",
            content: "chart \(chart.name) \(chart.version)"
        )
        SourceStatus.stored(&object, artifact: artifact, reason: chart.reason, message: chart.message)
    }

    private func remote(_ object: JSON, _ source: JSON) throws(RunFailure) -> Chart {
        let name = object.text("spec", "chart") ?? ""
        let wanted = object.text("spec", "version") ?? "*"
        let known = gitHost.registry.versions(ofChart: name)
        guard let range = VersionRange(wanted) else {
            throw invalid("improper constraint: \(wanted)")
        }
        let fitting = known.compactMap { text in SemanticVersion(text).map { (text, $0) } }
            .filter { range.contains($0.1) }
        guard let best = fitting.max(by: { $0.1 < $1.1 }) else {
            throw invalid("no '\(name)' chart with version matching '\(wanted)' found")
        }
        return Chart(
            name: name,
            version: best.0,
            sourceRevision: source.artifactRevision,
            reason: "ChartPullSucceeded"
        )
    }

    /// A chart in a folder of a Git repository; with strategy Revision its version names the commit.
    private func packaged(_ object: JSON, _ source: JSON) throws(RunFailure) -> Chart {
        let folder = FilePath.normal(object.text("spec", "chart") ?? "") ?? ""
        guard
            let tree = ArtifactContent(store: store, gitHost: gitHost).tree(of: source),
            let text = tree.content(of: "\(folder)/Chart.yaml")?.text,
            let chart = (try? JSON.fromYAML(text))?.first,
            var version = chart["version"]?.string
        else {
            throw invalid("no chart found at '\(folder)'")
        }
        let commit = source.artifactRevision.flatMap(Artifact.commit)
        if object.text("spec", "reconcileStrategy") == "Revision", let commit {
            version += "+\(commit.prefix(12))"
        }
        return Chart(
            name: chart["name"]?.string ?? FilePath.name(folder),
            version: version,
            sourceRevision: source.artifactRevision,
            reason: "ChartPackageSucceeded"
        )
    }

    private func invalid(_ words: String) -> RunFailure {
        RunFailure(
            reason: "InvalidChartReference",
            message: "invalid chart reference: failed to get chart version for remote reference: \(words)"
        )
    }
}
