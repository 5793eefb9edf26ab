import Dispatch
import FoundationEssentials
package import Git
import Kube

extension RepositoryMirror {
    /// Builds the manifests of a path with the operator's own kustomize, kubectl or flux, from the mirror alone.
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
            self.state { $0.builds.ask(question, completion) }
            self.startReading()
        }
    }

    /// Reads the files of as many questions as may be built at once.
    private func startReading() {
        while let (question, completion) = state({ $0.builds.nextQuestion(atOnce: Self.buildsAtOnce) }) {
            let reply: @Sendable (Result<TreeExport, GitFailure>) -> Void = { result in
                self.state { $0.builds.endReading() }
                switch result {
                case .failure(let failure): completion(.failure(failure))
                case .success(let export): self.render(export, question, completion)
                }
                self.desk.async { self.startReading() }
            }
            start(reply) { job in
                self.answer(job) { (repository) throws(MirrorTrouble) in
                    let name = try question.commit(in: repository)
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
        _ completion: @escaping BuildBook.Completion
    ) {
        if let known = state({ $0.builds.answer(export, question, completion) }) {
            completion(.success(known))
        }
        startBuilds()
    }

    private func startBuilds() {
        // What a kustomization refers to elsewhere is not worth the operator's password.
        var settings = settings
        settings.ask = nil
        // Nor are the repositories of this machine: git itself takes a path for an address.
        var environment = settings.environment ?? ProcessInfo.processInfo.environment
        environment["GIT_ALLOW_PROTOCOL"] = "https:http:ssh:git"
        settings.environment = environment
        while let (build, transfer) = state({ state in
            state.builds.next(atOnce: Self.buildsAtOnce) { Transfer(settings, silence: RenderTool.patience) }
        }) {
            renderLane.async {
                let result: Result<RenderedManifests, GitFailure>
                do throws(MirrorTrouble) {
                    result = .success(try RenderTool.run(build.export, build.question, transfer))
                } catch {
                    result = .failure(error.failure)
                }
                self.desk.async {
                    self.state { $0.builds.end(build, result) }.forEach { $0(result) }
                    self.startBuilds()
                    self.startReading()
                    self.finishStop()
                }
            }
        }
    }
}

extension RenderQuestion {
    /// - Errors: what to do about a commit that the mirror lacks: it was applied, so it was somewhere once.
    fileprivate func commit(in repository: borrowing Repository) throws(MirrorTrouble) -> ObjectName {
        do throws(MirrorTrouble) {
            return try repository.resolve(abbreviation: commit)
        } catch {
            guard case .notFound = error.failure.cause else {
                throw error
            }
            throw MirrorTrouble(
                .notFound,
                "\(commit.prefix(7)) is applied, and the mirror has no such commit: p fetches; where the branch was "
                    + "rewritten, W applies what it has now."
            )
        }
    }
}
