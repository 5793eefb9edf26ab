import CGit2
import Dispatch
package import Git

extension RepositoryMirror {
    /// Asks the remote whether it would take a push: knocks at the door for pushing, and sends nothing.
    ///
    /// - Shape: nil where it opens. Rules that a server applies to single branches are known only when pushing.
    /// - Thread: `completion` runs on the desk, as with every other question.
    package func askForPush(completion: @escaping @Sendable (GitFailure?) -> Void) {
        desk.async {
            self.open()
            let transfer = Transfer(self.settings)
            let directory = self.directory
            self.pushLane.async {
                var failure: GitFailure?
                do throws(MirrorTrouble) {
                    try transfer.run { () throws(MirrorTrouble) in
                        let repository = try directory.openOrCreate()
                        let session = try RemoteSession.open(
                            GIT_DIRECTION_PUSH,
                            of: repository,
                            for: transfer
                        )
                        _ = try session.heads()
                    }
                } catch {
                    failure = error.failure
                }
                let answer = failure
                self.desk.async { completion(answer) }
            }
        }
    }
}
