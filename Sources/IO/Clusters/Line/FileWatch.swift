import CPosix
import Dispatch
import Glibc

/// Tells when one of a few files is written, replaced or removed, be it itself or where its links lead.
///
/// The folders are watched rather than the files: whoever renews a certificate puts a new file in the old one's
/// place, and a mounted secret changes by a link somewhere on the way.
/// - Thread: `changed` is called on the queue given to `init`; the watch ends when it is let go of.
final class FileWatch {
    private let source: any DispatchSourceRead

    /// Nil where there is nothing to watch or the system has no watch left.
    init?(_ paths: [String], queue: DispatchQueue, changed: @escaping () -> Void) {
        let folders = Set(paths.flatMap(FileWatch.folders))
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            return nil
        }
        let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE)
        let watched = folders.filter { inotify_add_watch(descriptor, $0, mask) >= 0 }
        guard !watched.isEmpty else {
            close(descriptor)
            return nil
        }
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            // What happened to which file does not matter: whoever is told reads them all.
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            changed()
        }
        source.setCancelHandler {
            close(descriptor)
        }
        source.activate()
    }

    deinit { source.cancel() }

    /// The folder of a file, and those of everything that it is a link to.
    private static func folders(_ path: String) -> [String] {
        var folders: [String] = []
        var place = path
        // Links that lead in a circle are no reason to go round for ever.
        for _ in 0..<8 {
            folders.append(folder(of: place))
            guard let next = link(place) else {
                break
            }
            place = next.hasPrefix("/") ? next : "\(folder(of: place))/\(next)"
        }
        if let whole = realpath(path, nil) {
            folders.append(folder(of: String(cString: whole)))
            free(whole)
        }
        return folders
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else {
            return "."
        }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0
            ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
