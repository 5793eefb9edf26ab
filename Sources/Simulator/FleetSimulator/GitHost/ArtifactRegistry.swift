import Synchronization

/// What the simulated world outside the clusters publishes beside Git: image tags, charts and OCI artifacts.
///
/// - Thread: any thread may use it.
package final class ArtifactRegistry: Sendable {
    /// Where the content of an OCI artifact comes from: CI packs this folder of each new commit.
    package struct Origin: Sendable, Equatable {
        /// Name of the repository on the Git host.
        package let repository: String
        /// The branch that CI builds.
        package let branch: String
        /// The folder that becomes the artifact.
        package let folder: String

        package init(repository: String, branch: String, folder: String) {
            self.repository = repository
            self.branch = branch
            self.folder = folder
        }
    }

    private struct State {
        var images: [String: [String]] = [:]
        var charts: [String: [String]] = [:]
        var artifacts: [String: Origin] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds a tag to an image, such as `1.8.3` to `ghcr.io/acme/checkout`.
    package func publish(image: String, tag: String) {
        state.withLock { state in
            guard state.images[image]?.contains(tag) != true else { return }
            state.images[image, default: []].append(tag)
        }
    }

    /// Tags of an image in the order of their publication; empty for an unknown image.
    package func tags(ofImage image: String) -> [String] {
        state.withLock { $0.images[image] ?? [] }
    }

    /// Adds a version of a chart.
    package func publish(chart: String, version: String) {
        state.withLock { state in
            guard state.charts[chart]?.contains(version) != true else { return }
            state.charts[chart, default: []].append(version)
        }
    }

    /// Versions of a chart in the order of their publication; empty for an unknown chart.
    package func versions(ofChart chart: String) -> [String] {
        state.withLock { $0.charts[chart] ?? [] }
    }

    /// Makes an `oci://` address deliver the newest commit of a folder in Git.
    package func publish(artifact url: String, from origin: Origin) {
        state.withLock { $0.artifacts[url] = origin }
    }

    /// Where the content behind an `oci://` address comes from; nil for an unknown address.
    package func origin(ofArtifact url: String) -> Origin? {
        state.withLock { $0.artifacts[url] }
    }
}
