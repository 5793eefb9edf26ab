import Dispatch
import FoundationEssentials
package import Git
import Kube

extension RepositoryMirror {
    /// Builds the manifests of a path with the operator's own flux, kustomize or kubectl, from the mirror alone.
    ///
    /// - Shape: where none of them is installed, manifests as they stand, if nothing more is asked for. A base that
    ///   lies elsewhere is the tool's to fetch.
    /// Builds run a few at a time; `cancelAll` and `stop` end them at once, with the programs that they started.
    /// - Errors: a sentence with what the last tool said; `.notFound` for a commit or path that is not there.
    /// - Thread: `completion` runs on the desk.
    package func render(
        _ question: RenderQuestion,
        completion: @escaping @Sendable (Result<RenderedManifests, GitFailure>) -> Void
    ) {
        desk.async {
            let reply: @Sendable (Result<TreeExport, GitFailure>) -> Void = { result in
                switch result {
                case .failure(let failure): completion(.failure(failure))
                case .success(let export): self.render(export, question, completion)
                }
            }
            self.start(reply) { job in
                self.answer(job) { (repository) throws(MirrorTrouble) in
                    let name = try repository.resolve(abbreviation: question.commit)
                    let tree = try repository.tree(of: try repository.commit(name))
                    return try TreeExport(question, in: TreeLookup(tree))
                }
            }
        }
    }

    /// Builds at the same time; each may take a processor for itself.
    private static let buildsAtOnce = max(2, min(8, ProcessInfo.processInfo.activeProcessorCount))

    private func render(
        _ export: TreeExport,
        _ question: RenderQuestion,
        _ completion: @escaping @Sendable (Result<RenderedManifests, GitFailure>) -> Void
    ) {
        state { $0.waitingBuilds.append(MirrorState.Build(export, question, completion)) }
        startBuilds()
    }

    private func startBuilds() {
        while let build = state({ $0.nextBuild(atOnce: Self.buildsAtOnce) }) {
            // What a kustomization refers to elsewhere is not worth the operator's password.
            var settings = settings
            settings.ask = nil
            let transfer = Transfer(settings, silence: RenderTool.patience)
            let number = state { $0.begin(transfer) }
            renderLane.async {
                let result: Result<RenderedManifests, GitFailure>
                do throws(MirrorTrouble) {
                    result = .success(try RenderTool.run(build.export, build.question, transfer))
                } catch {
                    result = .failure(error.failure)
                }
                self.desk.async {
                    self.state { $0.runningBuilds[number] = nil }
                    build.completion(result)
                    self.startBuilds()
                    self.finishStop()
                }
            }
        }
    }
}

extension MirrorState {
    /// A build that was asked for.
    struct Build: Sendable {
        let export: TreeExport
        let question: RenderQuestion
        let completion: @Sendable (Result<RenderedManifests, GitFailure>) -> Void

        init(
            _ export: TreeExport,
            _ question: RenderQuestion,
            _ completion: @escaping @Sendable (Result<RenderedManifests, GitFailure>) -> Void
        ) {
            self.export = export
            self.question = question
            self.completion = completion
        }
    }

    /// The build that has waited longest, where one more may run.
    fileprivate mutating func nextBuild(atOnce limit: Int) -> Build? {
        guard runningBuilds.count < limit, !waitingBuilds.isEmpty else {
            return nil
        }
        return waitingBuilds.removeFirst()
    }

    fileprivate mutating func begin(_ transfer: Transfer) -> Int {
        buildCount += 1
        runningBuilds[buildCount] = transfer
        return buildCount
    }
}
