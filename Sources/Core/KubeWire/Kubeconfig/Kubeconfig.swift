/// What one or several kubeconfig files say: the usable contexts, and everything that is wrong with the rest.
///
/// - Shape: contexts in the order of the files, then of their entries; a broken entry takes no other down.
package struct Kubeconfig: Sendable, Hashable {
    package var contexts: [KubeContext]
    /// The first `current-context` that is not empty; it may name a context that does not exist.
    package var currentContext: String?
    /// Everything found wrong, also what concerns no context in use.
    package var problems: [KubeconfigProblem]

    package init(
        contexts: [KubeContext] = [],
        currentContext: String? = nil,
        problems: [KubeconfigProblem] = []
    ) {
        self.contexts = contexts
        self.currentContext = currentContext
        self.problems = problems
    }

    package func context(named name: String) -> KubeContext? {
        contexts.first { $0.name == name }
    }
}

/// One file of a kubeconfig as it was read.
package struct KubeconfigFile: Sendable, Hashable {
    /// As the user named it: it stands in messages, and relative paths start at its folder.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// One context: a name, and how to reach what it names or why that cannot be.
package struct KubeContext: Sendable, Hashable {
    package let name: String
    /// The name of the cluster entry; contexts of one cluster share it.
    package let cluster: String
    /// The name of the user entry; empty where there is none.
    package let user: String
    package let access: Result<ClusterAccess, KubeconfigProblem>

    package init(
        name: String,
        cluster: String,
        user: String,
        access: Result<ClusterAccess, KubeconfigProblem>
    ) {
        self.name = name
        self.cluster = cluster
        self.user = user
        self.access = access
    }
}

/// What is wrong with an entry of a kubeconfig.
package struct KubeconfigProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let file: String
    /// The line of the file, from 1; nil where no single line is to blame.
    package let line: Int?
    /// The context that cannot be used because of it; nil where it is the whole file or an unused entry.
    package var context: String?
    /// Where in the file, `clusters[prod].certificate-authority-data`; empty where it is the whole file.
    package let key: String
    /// What is wrong and what was expected, one harmless line without credentials.
    package let message: String

    package init(file: String, line: Int? = nil, context: String? = nil, key: String, message: String) {
        self.file = file
        self.line = line
        self.context = context
        self.key = key
        self.message = message
    }

    /// One sentence that names file, line, context and key.
    package var description: String {
        var place = line.map { "\(file):\($0)" } ?? file
        if let context {
            place += ": context \"\(context)\""
        }
        if !key.isEmpty {
            place += ": \(key)"
        }
        return "\(place): \(message)"
    }
}
