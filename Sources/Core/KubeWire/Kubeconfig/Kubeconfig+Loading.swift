import Text
import Yams

extension Kubeconfig {
    /// Reads and merges files in the order of `KUBECONFIG`: the first file that defines a name wins, whole.
    ///
    /// - Shape: any bytes at all give a value; what is wrong is in `problems`, and in the contexts it spoils.
    /// - Source: client-go's loading rules, except that one bad entry does not take the whole file down.
    package init(files: [KubeconfigFile]) {
        var loader = KubeconfigLoader()
        for file in files {
            loader.add(file)
        }
        self = loader.finish()
    }
}

/// Collects the entries of all files, then joins contexts with what they name.
private struct KubeconfigLoader {
    private typealias Entry<Value> = Result<Value, KubeconfigProblem>

    private struct ContextEntry {
        let name: String
        let field: ConfigField
        let problem: KubeconfigProblem?
    }

    private var clusters: [String: Entry<ClusterEntry>] = [:]
    private var users: [String: Entry<UserEntry>] = [:]
    private var contexts: [ContextEntry] = []
    private var current: ConfigField?
    private var problems: [KubeconfigProblem] = []

    mutating func add(_ file: KubeconfigFile) {
        do throws(KubeconfigProblem) {
            guard let root = try Self.parse(file) else {
                return
            }
            try root.checkMapping()
            let kind = root.child("kind")
            let name = try kind.text()
            guard name.isEmpty || name == "Config" else {
                throw kind.problem("is \"\(name)\": expected Config")
            }
            addEntries(of: root, in: file.path.folder)
        } catch {
            problems.append(error)
        }
    }

    private static func parse(_ file: KubeconfigFile) throws(KubeconfigProblem) -> ConfigField? {
        guard let text = file.text else {
            throw KubeconfigProblem(
                file: Sanitiser.line(file.path),
                key: "",
                message: "is not UTF-8 text"
            )
        }
        do {
            // The basic resolver leaves scalars as written: which are numbers is decided field by field.
            let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).nextRoot()
            return root.map { ConfigField(node: $0, key: "", file: file.path) }
        } catch {
            let (line, words) = YAMLFault.words(of: error)
            throw KubeconfigProblem(
                file: Sanitiser.line(file.path),
                line: line,
                key: "",
                message: "is not YAML: \(words)"
            )
        }
    }

    private mutating func addEntries(of root: ConfigField, in folder: String) {
        merge(root.child("clusters"), part: "cluster", into: \.clusters) {
            field,
            _ throws(KubeconfigProblem) in
            try ClusterEntry(field, in: folder)
        }
        merge(root.child("users"), part: "user", into: \.users) { field, name throws(KubeconfigProblem) in
            try UserEntry(field, named: name, in: folder)
        }
        for (name, field, problem) in named(root.child("contexts"), part: "context")
        where !contexts.contains(where: { $0.name == name }) {
            contexts.append(ContextEntry(name: name, field: field, problem: problem))
        }
        do throws(KubeconfigProblem) {
            let field = root.child("current-context")
            if current == nil, try !field.text().isEmpty {
                current = field
            }
        } catch {
            problems.append(error)
        }
    }

    private mutating func merge<Value>(
        _ list: ConfigField,
        part: String,
        into table: WritableKeyPath<KubeconfigLoader, [String: Entry<Value>]>,
        read: (ConfigField, String) throws(KubeconfigProblem) -> Value
    ) {
        for (name, field, problem) in named(list, part: part) where self[keyPath: table][name] == nil {
            if let problem {
                self[keyPath: table][name] = .failure(problem)
                continue
            }
            do throws(KubeconfigProblem) {
                self[keyPath: table][name] = .success(try read(field, name))
            } catch {
                self[keyPath: table][name] = .failure(error)
                problems.append(error)
            }
        }
    }

    /// The named entries of a list; a name that stands twice in one file cannot be used at all.
    private mutating func named(
        _ list: ConfigField,
        part: String
    ) -> [(String, ConfigField, KubeconfigProblem?)] {
        var entries: [(String, ConfigField, KubeconfigProblem?)] = []
        do throws(KubeconfigProblem) {
            for item in try list.list() {
                do throws(KubeconfigProblem) {
                    try item.checkMapping()
                    let nameField = item.child("name")
                    let name = Sanitiser.line(try nameField.text())
                    guard !name.isEmpty else {
                        throw nameField.problem("is missing: expected the name of the \(part)")
                    }
                    let key = "\(list.key)[\(name)]"
                    if let first = entries.firstIndex(where: { $0.0 == name }) {
                        let problem = item.renamed(key).problem(
                            "stands twice in this file: give each \(part) a name of its own"
                        )
                        if entries[first].2 == nil {
                            problems.append(problem)
                        }
                        entries[first].2 = problem
                        continue
                    }
                    entries.append((name, item.renamed(key).child(part), nil))
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        return entries
    }

    mutating func finish() -> Kubeconfig {
        var result: [KubeContext] = []
        for entry in contexts {
            var access: Result<ClusterAccess, KubeconfigProblem>
            let cluster = (try? entry.field.child("cluster").text()) ?? ""
            let user = (try? entry.field.child("user").text()) ?? ""
            do throws(KubeconfigProblem) {
                access = .success(try join(entry))
            } catch {
                var problem = error
                problem.context = entry.name
                problems.removeAll { $0 == error }
                problems.append(problem)
                access = .failure(problem)
            }
            result.append(
                KubeContext(
                    name: entry.name,
                    cluster: Sanitiser.line(cluster),
                    user: Sanitiser.line(user),
                    access: access
                )
            )
        }
        let name = current.flatMap { try? $0.text() }.map { Sanitiser.line($0) }
        if let current, let name, !result.contains(where: { $0.name == name }) {
            problems.append(current.problem("names the context \"\(name)\", which no file defines"))
        }
        return Kubeconfig(contexts: result, currentContext: name, problems: problems)
    }

    private func join(_ entry: ContextEntry) throws(KubeconfigProblem) -> ClusterAccess {
        if let problem = entry.problem {
            throw problem
        }
        try entry.field.checkMapping()
        let clusterField = entry.field.child("cluster")
        let cluster = try find(clusterField, in: clusters, part: "cluster").get()
        let userField = entry.field.child("user")
        var user: UserEntry?
        // Without TLS no credentials would be sent anyway, so `kubectl proxy` needs no user.
        if userField.isPresent || cluster.server.isSecure {
            user = try find(userField, in: users, part: "user").get()
        }
        var credentials = user?.credentials ?? Credentials()
        if let exec = credentials.exec, user?.tellsExecOfCluster == true {
            credentials.exec = exec.telling(of: cluster)
        }
        return ClusterAccess(
            server: cluster.server,
            authority: cluster.authority,
            skipsVerification: cluster.skipsVerification,
            tlsServerName: cluster.tlsServerName,
            proxyURL: cluster.proxyURL,
            disablesCompression: cluster.disablesCompression,
            credentials: credentials,
            impersonation: user?.impersonation ?? [],
            namespace: try entry.field.child("namespace").singleLine().nonEmpty
        )
    }

    private func find<Value>(
        _ field: ConfigField,
        in table: [String: Entry<Value>],
        part: String
    ) throws(KubeconfigProblem) -> Entry<Value> {
        let name = Sanitiser.line(try field.text())
        guard !name.isEmpty else {
            throw field.problem("is missing: expected the name of a \(part)")
        }
        guard let entry = table[name] else {
            throw field.problem("names the \(part) \"\(name)\", which no file defines")
        }
        return entry
    }
}

extension KubeconfigFile {
    /// The bytes as text; UTF-16 with its mark is what some editors on Windows write.
    fileprivate var text: String? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return String(validating: bytes.dropFirst(3), as: UTF8.self)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let isLittle = bytes[0] == 0xFF
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
                let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isLittle ? second << 8 | first : first << 8 | second
            }
            return String(validating: units, as: UTF16.self)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ExecSpec {
    fileprivate func telling(of cluster: ClusterEntry) -> ExecSpec {
        ExecSpec(
            apiVersion: apiVersion,
            command: command,
            arguments: arguments,
            environment: environment,
            interaction: interaction,
            installHint: installHint,
            cluster: ExecClusterInfo(
                server: cluster.server.description,
                tlsServerName: cluster.tlsServerName,
                skipsVerification: cluster.skipsVerification,
                authority: cluster.authority,
                proxyURL: cluster.proxyURL,
                disablesCompression: cluster.disablesCompression,
                config: cluster.execConfig
            )
        )
    }
}
