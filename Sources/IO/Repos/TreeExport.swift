import Git
import Kube
import Text

/// The files of one commit that a build reads, with the kustomization file as Flux would have made it.
struct TreeExport: Sendable {
    /// By path in the repository.
    let files: [String: [UInt8]]
    /// The directory to build, as Git spells it.
    let path: String
    /// What may make the build differ from that of Flux, one sentence each.
    let remarks: [String]
    /// Those of the files that SOPS encrypted, by path.
    let encrypted: [String]
    /// True where all that the build reads lies among the files.
    let isClosed: Bool
    /// The manifests as they stand, for where there is no tool; a failure where they need one.
    let plain: Result<RenderedManifests, GitFailure>

    private static let fileLimit = 5_000
    private static let byteLimit = 64 << 20

    /// Collects what the build of a path reads.
    ///
    /// - Errors: `.notFound` for a path that is not there, `.invalid` for a build larger than any real one, and for one
    ///   that refers to anything outside the tree: that would be a file of this machine.
    init(_ question: RenderQuestion, in lookup: TreeLookup) throws(MirrorTrouble) {
        let reader = lookup.reader.artifact(question.exclusions)
        let path = TreePath.normalised(question.path)
        guard reader.entry(path) == .directory else {
            let shown = path.isEmpty ? "/" : Redaction.clean(path)
            throw MirrorTrouble(.notFound, "\(shown) is no directory at \(Revision.cut(question.commit)).")
        }
        var survey = KustomizeSurvey(reader)
        var places: Set<String> = []
        var remarks: [String] = []
        let overlay = FluxOverlay(question.spec) { component in
            TreePath.joined(path, component).flatMap(reader.entry) != nil
        }
        remarks += [overlay.remark].compactMap(\.self)
        for place in [path] + overlay.components.compactMap({ TreePath.joined(path, $0) }) {
            let reach = survey.reach(of: place)
            places.formUnion(reach.places)
            remarks += reach.remotes.sorted().map { "reads \($0), which is not in the mirror" }
        }
        var files: [String: [UInt8]] = [:]
        var bytes = 0
        for place in places {
            // A tree may be made to say anything: nothing is written outside its copy.
            for name in reader.files(below: place, limit: TreeExport.fileLimit)
            where !name.split(separator: "/").contains(where: { [".", "..", ".git"].contains($0) }) {
                guard let content = reader.bytes(name) else {
                    remarks.append("\(Redaction.clean(name)) is too large to be read")
                    continue
                }
                files[name] = content
                bytes += content.count
                guard files.count <= TreeExport.fileLimit, bytes <= TreeExport.byteLimit else {
                    throw MirrorTrouble(
                        .invalid,
                        "\(Redaction.clean(path)) builds from more than can be copied."
                    )
                }
            }
        }
        let build = PlainBuild(reader)
        let file = build.kustomization(in: path)
        if file == nil || !overlay.isEmpty {
            let made = overlay.file(
                from: file.flatMap { reader.bytes($0) },
                resources: build.resources(below: path)
            )
            guard let made else {
                throw MirrorTrouble(.invalid, "\(Redaction.clean(file ?? path)) cannot be read.")
            }
            files[file ?? (path.isEmpty ? "kustomization.yaml" : "\(path)/kustomization.yaml")] = made
        }
        let enclosure = BuildEnclosure(files)
        if let breach = enclosure.breach {
            throw MirrorTrouble(.invalid, breach)
        }
        isClosed = enclosure.isClosed
        encrypted = files.filter { RenderedManifests.isEncrypted($0.value) }.keys.sorted()
        self.path = path
        self.files = files
        self.remarks = remarks
        plain =
            overlay.isEmpty
            ? build.build(path)
            : .failure(
                GitFailure(
                    .invalid,
                    "The Kustomization patches what it builds: install kustomize, kubectl or flux to compare it."
                )
            )
    }
}
