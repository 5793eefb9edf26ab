import Kube
import Text

/// The build of a path where no kustomize is at hand: manifests as they stand, and nothing that needs more.
package struct PlainBuild {
    private let reader: TreeReader
    private let limit = 5_000

    package init(_ reader: TreeReader) {
        self.reader = reader
    }

    /// The manifests and directories that Flux lists in the kustomization file that it makes for a directory without.
    ///
    /// - Shape: relative to the directory, by name; directories with a kustomization of their own are one entry.
    package func resources(below directory: String) -> [String] {
        var found: [String] = []
        var waiting = [""]
        while let next = waiting.popLast(), found.count < limit {
            let place = PlainBuild.joined(directory, next)
            for (name, entry) in reader.children(place) where !name.hasPrefix(".") {
                let path = PlainBuild.joined(next, name)
                switch entry {
                case .directory:
                    if kustomization(in: PlainBuild.joined(directory, path)) != nil {
                        found.append("./\(path)")
                    } else {
                        waiting.append(path)
                    }
                case .file where name.hasSuffix(".yaml") || name.hasSuffix(".yml"): found.append("./\(path)")
                case .file, .link, .submodule: break
                }
            }
        }
        return found.sorted()
    }

    /// The path of the kustomization file of a directory; nil where it has none.
    package func kustomization(in directory: String) -> String? {
        KustomizationFile.names.map { PlainBuild.joined(directory, $0) }.first { reader.entry($0) == .file }
    }

    /// The manifests that `path` builds.
    ///
    /// - Errors: a sentence where more than listing resources is asked for, which takes kustomize.
    package func build(_ path: String) -> Result<RenderedManifests, GitFailure> {
        var texts: [String] = []
        if let failure = collect(path, &texts, depth: 0) {
            return .failure(failure)
        }
        return .success(
            RenderedManifests(text: texts.joined(separator: "\n---\n"), renderer: "plain manifests")
        )
    }

    /// Files of one build; directories may name each other more than once.
    private static let textLimit = 10_000

    private func collect(_ directory: String, _ texts: inout [String], depth: Int) -> GitFailure? {
        guard depth < 32, texts.count < PlainBuild.textLimit else {
            return GitFailure(.invalid, "\(Sanitiser.line(directory)) builds too much to be compared.")
        }
        guard reader.entry(directory) == .directory else {
            return GitFailure(.notFound, "\(Sanitiser.line(directory)) is no directory at that commit.")
        }
        var names = resources(below: directory)
        if let file = kustomization(in: directory) {
            guard
                let root = ObjectValue.documents(
                    String(decoding: reader.bytes(file) ?? [], as: UTF8.self)
                )?.first
            else {
                return GitFailure(.invalid, "\(Sanitiser.line(file)) cannot be read.")
            }
            let more = (root.members ?? [:]).filter { !$1.isEmpty }.keys
                .filter { !["apiVersion", "kind", "metadata", "resources"].contains($0) }.sorted()
            guard more.isEmpty else {
                return GitFailure(
                    .invalid,
                    "\(Sanitiser.line(file)) uses \(Sanitiser.line(more.joined(separator: ", "))): "
                        + "install kustomize, kubectl or flux to compare what it builds."
                )
            }
            names = (root["resources"]?.elements ?? []).compactMap(\.text)
        }
        for name in names {
            guard let place = TreePath.joined(directory, name), !KustomizeSurvey.isRemote(name) else {
                return GitFailure(
                    .invalid,
                    "\(Sanitiser.line(directory)) refers to \(Sanitiser.line(name)), outside the repository: "
                        + "install kustomize, kubectl or flux to compare what it builds."
                )
            }
            if reader.entry(place) == .directory {
                if let failure = collect(place, &texts, depth: depth + 1) {
                    return failure
                }
            } else if let bytes = reader.bytes(place) {
                texts.append(String(decoding: bytes, as: UTF8.self))
            } else {
                return GitFailure(.notFound, "\(Sanitiser.line(place)) does not exist at that commit.")
            }
        }
        return nil
    }

    private static func joined(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : name.isEmpty ? directory : "\(directory)/\(name)"
    }
}
