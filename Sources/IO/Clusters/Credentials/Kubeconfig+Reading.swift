import FoundationEssentials
package import KubeWire
import Text

extension Kubeconfig {
    /// Reads the kubeconfig that kubectl would read.
    ///
    /// - Shape: `explicit` files stand in for `KUBECONFIG` and must exist; without both it is
    ///   `~/.kube/config`, and where nothing names a context, the cluster that weir runs in.
    package static func read(explicit: [String], environment: [String: String]) -> Kubeconfig {
        var problems: [KubeconfigProblem] = []
        var files: [KubeconfigFile] = []
        for path in paths(explicit: explicit, environment: environment) {
            do {
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
                files.append(KubeconfigFile(path: path, bytes: bytes))
            } catch {
                let isMissing = [.fileReadNoSuchFile, .fileNoSuchFile].contains((error as? CocoaError)?.code)
                // Files that only the environment names may be absent, as with kubectl.
                if !isMissing || !explicit.isEmpty {
                    problems.append(
                        KubeconfigProblem(
                            file: Sanitiser.line(path),
                            key: "",
                            message: "cannot be read: \(PEMFile.reason(error))"
                        )
                    )
                }
            }
        }
        var config = Kubeconfig(files: files)
        config.problems = problems + config.problems
        if config.contexts.isEmpty, config.problems.isEmpty, let own = ownCluster(environment) {
            config.contexts = [own]
        }
        return config
    }

    private static func paths(explicit: [String], environment: [String: String]) -> [String] {
        guard explicit.isEmpty else {
            return explicit
        }
        guard let list = environment["KUBECONFIG"], !list.isEmpty else {
            return environment["HOME"].map { ["\($0)/.kube/config"] } ?? []
        }
        var seen: Set<String> = []
        return list.split(separator: ":").map { String($0) }.filter { seen.insert($0).inserted }
    }

    private static func ownCluster(_ environment: [String: String]) -> KubeContext? {
        let path = "\(ClusterAccess.serviceAccountFolder)/namespace"
        let namespace = (try? Data(contentsOf: URL(filePath: path))).map {
            String(decoding: $0, as: UTF8.self)
        }
        return ClusterAccess.inCluster(environment: environment, namespaceFile: namespace).map { access in
            KubeContext(name: "in-cluster", cluster: "in-cluster", user: "", access: .success(access))
        }
    }
}
