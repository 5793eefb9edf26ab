import Dispatch
package import Git
import Kube

extension RepositoryMirror {
    /// Builds the manifests of a path with the operator's own flux, kustomize or kubectl, from the mirror alone.
    ///
    /// - Shape: where none of them is installed, manifests as they stand, if nothing more is asked for. A base that
    ///   lies elsewhere is the tool's to fetch.
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

    private func render(
        _ export: TreeExport,
        _ question: RenderQuestion,
        _ completion: @escaping @Sendable (Result<RenderedManifests, GitFailure>) -> Void
    ) {
        let settings = settings
        renderLane.async {
            let result: Result<RenderedManifests, GitFailure>
            do throws(MirrorTrouble) {
                result = .success(try RenderTool.run(export, question, settings))
            } catch {
                result = .failure(error.failure)
            }
            self.desk.async { completion(result) }
        }
    }
}
