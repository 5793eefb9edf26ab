import Kube
import KubeWire

/// One Flux kind of one cluster: followed everywhere at once, or namespace by namespace.
final class KindFollowing {
    let resource: ServedResource
    private(set) var followers: [Follower<FluxResource>] = []
    private var states: [KindState] = []
    /// True once the cluster-wide list was refused and namespaces were taken instead.
    private(set) var isNarrowed = false
    /// Why the cluster-wide list was refused; shown where no namespace is left either.
    private var refusal = ""
    /// True while the namespaces are not known yet.
    private(set) var isSearching = false
    /// True while the server says that the kind does not exist.
    var isGone = false

    init(resource: ServedResource) {
        self.resource = resource
    }

    /// Puts a follower under the eye of the kind and gives the place for its state.
    func add(_ make: (_ place: Int) -> Follower<FluxResource>) {
        states.append(.listing)
        followers.append(make(states.count - 1))
    }

    /// The namespaces that are followed; empty where it is the whole cluster.
    var namespaces: [String] { followers.compactMap(\.scope.namespace) }

    /// Follows namespaces from now on; the followers so far are stopped.
    func narrow(refusal: String) {
        followers.forEach { $0.stop() }
        followers = []
        states = []
        isNarrowed = true
        isSearching = true
        self.refusal = refusal
    }

    /// The namespaces are known, and those that may be listed were added.
    func found() {
        isSearching = false
    }

    func set(_ state: KindState, at place: Int) {
        if states.indices.contains(place) {
            states[place] = state
        }
    }

    /// What holds for the kind as a whole: what is not done yet first, then what is not well.
    var state: KindState {
        guard !isSearching else {
            return .listing
        }
        guard !(isNarrowed && states.isEmpty) else {
            return .forbidden(refusal)
        }
        return whole
    }

    private var whole: KindState {
        states.first { $0 == .listing } ?? states.first(where: \.isStale)
            ?? states.first { state in
                if case .forbidden = state {
                    return true
                }
                return false
            } ?? .watching
    }

    func stop() {
        followers.forEach { $0.stop() }
    }
}
