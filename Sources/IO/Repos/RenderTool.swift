import CPosix
import FoundationEssentials
import Git
import Glibc
import Kube

/// A program of the operator's that builds kustomizations.
enum RenderTool: CaseIterable {
    /// In the order in which they are tried: `flux build` alone reads whatever it is told to, wherever that lies.
    case kustomize, kubectl, flux

    /// How long a build may be silent before it is given up.
    static let patience = Duration.seconds(30)
    private static let outputLimit = 32 << 20

    /// Builds with the first program that is there and can.
    ///
    /// - Errors: what the first of them said, or of the next one where its own limits kept the first from reading.
    static func run(
        _ export: TreeExport,
        _ question: RenderQuestion,
        _ transfer: Transfer
    ) throws(MirrorTrouble) -> RenderedManifests {
        let settings = transfer.settings
        let tools = allCases.compactMap { tool in tool.program(settings).map { (tool, $0) } }
        guard !tools.isEmpty else {
            switch export.plain {
            case .success(let plain):
                return RenderedManifests(
                    text: plain.text,
                    renderer: plain.renderer,
                    remarks: export.remarks,
                    encrypted: export.encrypted
                )
            case .failure(let failure): throw .failure(failure)
            }
        }
        let place = try TemporaryTree(export, in: settings.cacheDirectory)
        defer { place.remove() }
        var trouble: MirrorTrouble?
        for (tool, program) in tools {
            guard tool.isLimited || export.isClosed else {
                let words =
                    "flux build reads any file that what it fetches names, so what needs remote bases or plugins is "
                    + "not built with it: install kustomize or kubectl."
                trouble = trouble ?? MirrorTrouble(.invalid, words)
                continue
            }
            do throws(MirrorTrouble) {
                return try tool.build(program, export, question, place, transfer)
            } catch {
                if trouble?.failure.message.contains(RenderTool.limitWord) ?? true {
                    trouble = error
                }
            }
            // The next program would be called off too.
            guard !transfer.isCancelled else {
                throw .cancelled
            }
        }
        throw trouble ?? MirrorTrouble(.other, "There is nothing to build with.")
    }

    /// Whether the program itself reads no files above the directory that it builds.
    private var isLimited: Bool { self != .flux }

    /// What kustomize begins a complaint with about a file above the directory.
    private static let limitWord = "security;"

    private var name: String {
        switch self {
        case .flux: "flux"
        case .kustomize: "kustomize"
        case .kubectl: "kubectl"
        }
    }

    private var words: String {
        switch self {
        case .flux: "flux build"
        case .kustomize: "kustomize build"
        case .kubectl: "kubectl kustomize"
        }
    }

    /// Where the program is; nil where `PATH` has none.
    private func program(_ settings: RepositorySettings) -> String? {
        let directories = settings.variable("PATH")?.split(separator: ":") ?? []
        return directories.map { "\($0)/\(name)" }.first { path in
            path.hasPrefix("/") && access(path, X_OK) == 0
        }
    }

    private func build(
        _ program: String,
        _ export: TreeExport,
        _ question: RenderQuestion,
        _ place: TemporaryTree,
        _ transfer: Transfer
    ) throws(MirrorTrouble) -> RenderedManifests {
        let directory = export.path.isEmpty ? place.files : "\(place.files)/\(export.path)"
        var arguments: [String]
        switch self {
        case .kustomize: arguments = [program, "build", directory]
        case .kubectl: arguments = [program, "kustomize", directory]
        case .flux:
            // What the Kustomization adds is in the tree already, and variables are replaced later, with all sources.
            let file = "\(place.root)/kustomization.json"
            try TemporaryTree.write(Array(RenderTool.kustomization(question).json.utf8), to: file)
            arguments = [
                program, "build", "kustomization", question.applier.name, "--namespace",
                question.applier.namespace, "--path", directory, "--kustomization-file", file, "--dry-run",
            ]
        }
        let answer = try ChildProcess.output(
            of: arguments,
            input: "",
            for: transfer,
            limit: RenderTool.outputLimit
        )
        guard answer.text.utf8.count < RenderTool.outputLimit else {
            throw MirrorTrouble(.invalid, "\(words) made more than can be compared.")
        }
        guard answer.code == 0 else {
            throw MirrorTrouble(.invalid, refusal(answer, place, export))
        }
        return RenderedManifests(
            text: answer.text,
            renderer: words,
            remarks: export.remarks,
            encrypted: export.encrypted
        )
    }

    private func refusal(
        _ answer: (code: Int32, text: String, complaint: String),
        _ place: TemporaryTree,
        _ export: TreeExport
    ) -> String {
        let path = export.path.isEmpty ? "." : Redaction.clean(export.path)
        guard answer.code < 128 else {
            return
                "\(words) said nothing for \(RenderTool.patience.components.seconds) s: try it on \(path) in a "
                + "clone; a remote base that does not answer holds it up."
        }
        let lines = answer.complaint.split(whereSeparator: \.isNewline)
        let said = lines.last { !$0.hasPrefix("#") }.map(String.init) ?? "exit code \(answer.code)"
        // The name of the copy is nobody's business.
        let clean = Redaction.clean(said.replacing(place.files + "/", with: ""), limit: 300)
        return "\(words) says: \(clean). Try it on \(path) in a clone, at the commit that is applied."
    }

    private static func kustomization(_ question: RenderQuestion) -> ObjectValue {
        .object([
            "apiVersion": .string("kustomize.toolkit.fluxcd.io/v1"),
            "kind": .string("Kustomization"),
            "metadata": .object([
                "name": .string(question.applier.name), "namespace": .string(question.applier.namespace),
            ]),
            "spec": .object([
                "interval": .string("10m"), "prune": .flag(true), "path": .string("./"),
                "sourceRef": .object(["kind": .string("GitRepository"), "name": .string("weir")]),
            ]),
        ])
    }
}

/// A copy of some files of a commit, in a directory that only the operator may enter.
struct TemporaryTree {
    let root: String
    var files: String { "\(root)/tree" }

    /// - Errors: a sentence where it cannot be written.
    init(_ export: TreeExport, in cacheDirectory: String) throws(MirrorTrouble) {
        // Programs give up on links in their root, and caches often lie behind one.
        let place = realpath(cacheDirectory, nil)
        defer { free(place) }
        let cache = place.map { String(cString: $0) } ?? cacheDirectory
        TemporaryTree.sweep(cache)
        var template = Array("\(cache)/render-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw MirrorTrouble(
                .other,
                "\(Redaction.clean(cache)) cannot be written to: \(String(cString: strerror(errno)))."
            )
        }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(MirrorTrouble) {
            for (path, bytes) in export.files {
                try TemporaryTree.write(bytes, to: "\(files)/\(path)")
            }
        } catch {
            remove()
            throw error
        }
    }

    /// Removes copies that a weir left which ended while it built.
    private static func sweep(_ cache: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
        for name in names where name.hasPrefix("render-") {
            var status = stat()
            if lstat("\(cache)/\(name)", &status) == 0, time(nil) - status.st_mtim.tv_sec > 3_600 {
                try? FileManager.default.removeItem(atPath: "\(cache)/\(name)")
            }
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: root)
    }

    static func write(_ bytes: [UInt8], to path: String) throws(MirrorTrouble) {
        do {
            let directory = TreePath.parent(of: path)
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw MirrorTrouble(.other, "\(Redaction.clean(path)) cannot be written.")
        }
    }
}
