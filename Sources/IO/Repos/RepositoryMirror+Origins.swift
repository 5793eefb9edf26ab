import Dispatch
package import Git
package import Kube

extension RepositoryMirror {
    /// Finds the files and lines that objects and their fields come from, in the mirror alone.
    ///
    /// - Errors: `.notFound` for a commit that the mirror has not.
    /// - Thread: `completion` runs on the desk.
    package func origins(
        of question: ManifestQuestion,
        completion: @escaping @Sendable (Result<[InventoryEntry: ManifestOrigins], GitFailure>) -> Void
    ) {
        desk.async {
            self.start(completion) { job in
                self.answer(job) { (repository) throws(MirrorTrouble) in
                    let name = try repository.resolve(abbreviation: question.commit)
                    let lookup = TreeLookup(try repository.tree(of: try repository.commit(name)))
                    let reader = lookup.reader
                    return question.targets.reduce(into: [:]) { found, target in
                        found[target.entry] = ManifestSearch.origins(
                            of: target,
                            path: question.path,
                            transforms: question.transforms,
                            in: reader
                        )
                    }
                }
            }
        }
    }
}
