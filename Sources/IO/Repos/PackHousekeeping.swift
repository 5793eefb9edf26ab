import CGit2
import CPosix
import FoundationEssentials
import Git
import Glibc

/// Keeps a mirror that is fetched for weeks from filling with thousands of small packs.
///
/// Each fetch leaves a pack. Once there are many small ones, their objects are written into one, and they go; large
/// packs are left alone, so the work stays as small as what was fetched. Readers that still know a removed pack look
/// again and find the object in the new one.
///
/// - Thread: the fetch lane.
struct PackHousekeeping {
    let directory: MirrorDirectory
    /// This many small packs are tolerated.
    var patience = 40
    /// A pack below this many bytes is small.
    var smallBytes = 8 << 20

    private var packs: String { "\(directory.path)/objects/pack" }

    /// Joins the small packs where there are too many, and removes what broken transfers left.
    func run(in repository: borrowing Repository) throws(MirrorTrouble) {
        try directory.locked { () throws(MirrorTrouble) in
            removeLeftovers()
            let small = smallPacks()
            guard small.count > patience else {
                return
            }
            let joined = try join(small, in: repository)
            for name in small where name != joined {
                // The index first: without it nobody new looks for the pack.
                unlink("\(packs)/\(name).idx")
                unlink("\(packs)/\(name).pack")
            }
        }
    }

    /// Names without their ending.
    private func smallPacks() -> [String] {
        names().filter { $0.hasSuffix(".idx") }.map { String($0.dropLast(4)) }.filter { name in
            var status = stat()
            return stat("\(packs)/\(name).pack", &status) == 0 && status.st_size < smallBytes
                && access("\(packs)/\(name).keep", F_OK) != 0
        }
    }

    private func join(_ small: [String], in repository: borrowing Repository) throws(MirrorTrouble) -> String
    {
        try repository.with { (repository) throws(MirrorTrouble) in
            let builder = try OwnedHandle<PackBuilderKind>("Joining packs") {
                git_packbuilder_new($0, repository)
            }
            return try builder.with { (builder) throws(MirrorTrouble) in
                for name in small {
                    try insert("\(packs)/\(name).idx", into: builder)
                }
                try git("Joining packs") { git_packbuilder_write(builder, nil, 0, nil, nil) }
                return git_packbuilder_hash(builder).map { "pack-\(ObjectName($0.pointee).hex)" } ?? ""
            }
        }
    }

    private func insert(_ index: String, into builder: OpaquePointer) throws(MirrorTrouble) {
        let store = try OwnedHandle<ObjectStoreKind>("Reading a pack") { git_odb_new($0) }
        try store.with { (store) throws(MirrorTrouble) in
            var backend: UnsafeMutablePointer<git_odb_backend>?
            try git("Reading a pack") { git_odb_backend_one_pack(&backend, index) }
            try git("Reading a pack") { git_odb_add_backend(store, backend, 1) }
            // The payload is the builder, which outlives the call.
            try git("Reading a pack") {
                git_odb_foreach(
                    store,
                    { name, builder in git_packbuilder_insert(builder.map { OpaquePointer($0) }, name, nil) },
                    UnsafeMutableRawPointer(builder)
                )
            }
        }
    }

    /// Half-written packs of transfers that died; a living one is younger.
    private func removeLeftovers() {
        let yesterday = weir_wall_nanoseconds() / 1_000_000_000 - 86_400
        for name in names() where !name.hasPrefix("pack-") {
            let modified = weir_modified_seconds("\(packs)/\(name)")
            if modified >= 0, modified < yesterday {
                unlink("\(packs)/\(name)")
            }
        }
    }

    private func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []
    }
}
