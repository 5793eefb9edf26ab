import FoundationEssentials
import Git
import Glibc

/// What weir was about to push, on disk before the server hears of it, so that a weir that was killed can say later
/// what became of it.
///
/// Each push has one file beside the mirror, locked for as long as its weir lives: the kernel drops the lock with the
/// process, so a file that can be locked was left behind. It goes when the outcome is known.
struct PushJournal: Sendable {
    let directory: MirrorDirectory

    private var folder: String { "\(directory.path).pushes" }

    struct Record: Equatable, Sendable {
        let branch: String
        /// The commit at the branch before; empty for a branch that is made by the push.
        let before: String
        let commit: String
        let subject: String
    }

    /// One file, locked while this lives.
    final class Entry {
        let record: Record
        private let path: String
        private let descriptor: Int32

        fileprivate init(record: Record, path: String, descriptor: Int32) {
            self.record = record
            self.path = path
            self.descriptor = descriptor
        }

        /// The outcome is known and told.
        func close() {
            unlink(path)
        }

        deinit {
            _ = Glibc.close(descriptor)
        }
    }

    /// Writes down a push that is about to begin.
    ///
    /// - Errors: where it cannot be written nothing may be pushed, since nobody could tell later.
    func begin(_ record: Record) throws(MirrorTrouble) -> Entry {
        mkdir(folder, 0o700)
        let path = "\(folder)/\(record.commit)-\(getpid())"
        let draft = "\(path).draft"
        let descriptor = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw trouble(draft)
        }
        let text =
            [record.branch, record.before, record.commit, record.subject].joined(separator: "\n") + "\n"
        let isWritten = text.withCString { write(descriptor, $0, strlen($0)) == strlen($0) }
        guard isWritten, flock(descriptor, LOCK_EX | LOCK_NB) == 0, fsync(descriptor) == 0,
            rename(draft, path) == 0
        else {
            let trouble = trouble(draft)
            unlink(draft)
            close(descriptor)
            throw trouble
        }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
        return Entry(record: record, path: path, descriptor: descriptor)
    }

    /// What weirs left that no longer run, locked so that only one of several weirs asks for each.
    func abandoned() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            let path = "\(folder)/\(name)"
            guard !name.hasSuffix(".draft") else {
                removeDraft(path)
                return nil
            }
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else {
                return nil
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                return nil
            }
            guard let record = PushJournal.record(at: path) else {
                unlink(path)
                close(descriptor)
                return nil
            }
            return Entry(record: record, path: path, descriptor: descriptor)
        }
    }

    /// A draft was never followed by a push; but its weir may be about to.
    private func removeDraft(_ path: String) {
        let process = path.dropLast(".draft".count).split(separator: "-").last.flatMap { pid_t($0) }
        if let process, kill(process, 0) != 0, errno == ESRCH {
            unlink(path)
        }
    }

    private static func record(at path: String) -> Record? {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4, ObjectName(hex: lines[2]) != nil else {
            return nil
        }
        return Record(branch: lines[0], before: lines[1], commit: lines[2], subject: lines[3])
    }

    private func trouble(_ path: String) -> MirrorTrouble {
        MirrorTrouble(
            .other,
            "\(path) cannot be written, nothing was pushed: \(String(cString: strerror(errno)))."
        )
    }
}
